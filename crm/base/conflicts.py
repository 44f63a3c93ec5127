"""Two people who change the same thing: the second one is told, and nothing is overwritten unseen.

A form carries a stamp: what the thing was when the form was opened. What it is when the form comes back is
compared with that.
"""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from django import forms
from django.core import signing
from django.db.models import Model
from django.forms.models import model_to_dict
from django.utils import formats
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _

M = TypeVar("M", bound=Model)
Picture = Mapping[str, str]
_SALT = "kwartet.conflicts"
_LONGEST_SHOWN = 300  # characters of a long text in the sentence that tells about it


class ChangedMeanwhile(Exception):
    """`diff` is {name: [as the form was opened, as it is now]}."""

    def __init__(self, diff: dict[str, list[str]]) -> None:
        super().__init__(", ".join(diff))
        self.diff = diff


def stamp_of(picture: Picture) -> str:
    """`picture` (name to value, in words) for a hidden field."""
    return signing.dumps(dict(picture), salt=_SALT, compress=True)


def check(stamp: str, now: Picture) -> None:
    """ChangedMeanwhile unless the thing is as it was. Who sends no stamp saw no form and is let through."""
    if not stamp:
        return
    try:
        then: dict[str, str] = signing.loads(stamp, salt=_SALT)
    except signing.BadSignature:
        return
    if diff := difference(then, now):
        raise ChangedMeanwhile(diff)


def difference(then: Picture, now: Picture) -> dict[str, list[str]]:
    """{name: [then, now]} of what differs, in the order of `then`."""
    return {name: [then[name], now[name]] for name in then if name in now and then[name] != now[name]}


def in_words(rows: Iterable[tuple[str, str, str]]) -> str:
    """What the second one reads; `rows` are (field, as the form was opened, as it is now), in words."""
    changes = "; ".join(f"{field}: “{_shown(old)}” → “{_shown(new)}”" for field, old, new in rows)
    return _(
        "Somebody changed this while you were typing. %(changes)s. "
        "What you typed is still here: save once more to put it in that place."
    ) % {"changes": changes}


def _shown(text: str) -> str:
    return Truncator(text).chars(_LONGEST_SHOWN)


def stamp_input(stamp: str) -> SafeString:
    return format_html('<input type="hidden" name="stamp" value="{}">', stamp)


class StampedForm(forms.ModelForm[M]):
    """A form of something that two people may have open; `stamp` is the one to go on with, if any."""

    def __init__(self, *args: Any, stamp: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Taken now: validation writes what was typed into the instance.
        self._now = self.picture() if self.instance.pk else {}
        self._stamp = stamp

    def picture(self) -> dict[str, str]:
        """What the form shows of the instance, in words."""
        names = [name for name in self._meta.fields or () if name in self.fields]
        return {name: self._word(name, model_to_dict(self.instance, [name])[name]) for name in names}

    def _word(self, name: str, value: Any) -> str:
        if isinstance(value, list):
            return ", ".join(sorted(map(str, value)))
        if self.instance._meta.get_field(name).is_relation:
            return str(getattr(self.instance, name) or "")
        choices = dict(getattr(self.fields[name], "choices", ()))
        return str(choices.get(value, "" if value is None else formats.localize(value)))

    @property
    def stamp_input(self) -> SafeString:
        """Hidden: the stamp that came along where the form is only shown once more, else that of now."""
        return stamp_input(self._stamp or stamp_of(self._now)) if self._now else SafeString()

    def clean(self) -> dict[str, Any]:
        try:
            check(self.data.get("stamp", ""), self._now)
        except ChangedMeanwhile as changed:
            rows = ((self.name_of(name), old, new) for name, (old, new) in changed.diff.items())
            self.add_error(None, in_words(rows))
        return super().clean() or self.cleaned_data

    def name_of(self, name: str) -> str:
        """How a person knows this part of the picture."""
        return str(self.fields[name].label or name)
