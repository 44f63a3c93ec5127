"""Saying what to change of many contacts at once."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.accounts.models import User
from crm.accounts.roles import may
from crm.base.fields import PickOneField
from crm.base.text import fold
from crm.directory.bulk.models import BulkAction
from crm.preferences.models import Purpose
from crm.themes.forms import TagsField
from crm.themes.models import Tag, Theme
from crm.themes.services import tags_called

Kind = BulkAction.Kind


class BulkForm(forms.Form):
    """One of the kinds, with the fields that it asks for; the others are ignored."""

    kind = forms.ChoiceField(label=gettext_lazy("What to do"), widget=forms.RadioSelect)
    tags = TagsField(label=gettext_lazy("Tag"), help_text=gettext_lazy("To add one, or take it away."))
    theme = PickOneField(
        label=gettext_lazy("Theme"),
        help_text=gettext_lazy("To add it, or take it away."),
        queryset=Theme.objects.all(),
        required=False,
    )
    purpose = forms.ChoiceField(
        label=gettext_lazy("Mail"), choices=[("", "–"), *Purpose.choices], required=False
    )
    allowed = forms.ChoiceField(
        label=gettext_lazy("May they be mailed for it?"),
        choices=[("yes", gettext_lazy("yes")), ("no", gettext_lazy("no"))],
        required=False,
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        help_text=gettext_lazy("When and how they said so; it stands in the ledger of each of them."),
        max_length=200,
        required=False,
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        permitted = may(user, "preferences.change")
        choices = [choice for choice in Kind.choices if permitted or choice[0] != Kind.PERMISSION]
        self.fields["kind"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        kind = data.get("kind")
        if kind in {Kind.ADD_TAG, Kind.REMOVE_TAG}:
            self._check_tag(data, kind)
        elif kind in {Kind.ADD_THEME, Kind.REMOVE_THEME}:
            self._need(data, "theme", _("Choose a theme."))
        elif kind == Kind.PERMISSION:
            self._need(data, "purpose", _("Say which mail this is about."))
            self._need(data, "allowed", _("Choose yes or no."))
            self._need(data, "reason", _("Say why: without a reason this is not recorded."))
        return data

    def _need(self, data: dict[str, Any], name: str, message: str) -> None:
        if not data.get(name) and name not in self.errors:
            self.add_error(name, message)

    def _check_tag(self, data: dict[str, Any], kind: str) -> None:
        names = data.get("tags") or []
        if "tags" in self.errors:
            return
        if len(names) != 1:
            self.add_error("tags", _("Type one tag."))
        elif kind == Kind.REMOVE_TAG and not Tag.objects.filter(key=fold(names[0])).exists():
            self.add_error("tags", ValidationError(_("There is no such tag.")))

    def change(self) -> dict[str, Any]:
        """The fields of BulkAction that it asks for; makes the tag when it is new."""
        data = self.cleaned_data
        kind = data["kind"]
        if kind == Kind.PERMISSION:
            allowed = data["allowed"] == "yes"
            return {"kind": kind, "purpose": data["purpose"], "allowed": allowed, "reason": data["reason"]}
        if kind in {Kind.ADD_THEME, Kind.REMOVE_THEME}:
            return {"kind": kind, "theme": data["theme"], "name": data["theme"].name_nl}
        tag = tags_called(data["tags"])[0]
        return {"kind": kind, "tag": tag, "name": tag.name}
