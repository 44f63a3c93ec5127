"""Typing tags."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from crm.base.text import fold
from crm.themes.models import checked_tag

MOST_TAGS = 40


class TagsInput(forms.TextInput):
    """One line of words with commas; a browser that runs scripts offers what is there after each."""

    template_name = "crm/themes/tags_input.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        suggest = {
            "autocomplete": "off",
            "hx-get": reverse_lazy("tag_suggestions"),
            "hx-trigger": "input changed delay:150ms, focus once",
            "hx-target": "next datalist",
            "hx-sync": "this:queue last",
        }
        super().__init__({**suggest, **(attrs or {})})

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"]["list"] = f"tags-of-{name}"
        return context

    def format_value(self, value: Any) -> str | None:
        return ", ".join(value) if isinstance(value, list) else super().format_value(value)


class TagsField(forms.CharField):
    """Gives the names, each once; nothing in it need be a tag already."""

    widget = TagsInput

    def __init__(self, **kwargs: Any) -> None:
        words = {"label": _("Tags"), "help_text": _("Words of your own, with commas between them.")}
        super().__init__(**{**words, "required": False, "max_length": 2000, **kwargs})

    def clean(self, value: Any) -> Any:
        names = {fold(name): name for name in map(checked_tag, _parts(super().clean(value)))}
        if len(names) > MOST_TAGS:
            raise ValidationError(_("At most %(most)s tags.") % {"most": MOST_TAGS})
        return list(names.values())


def _parts(text: str) -> list[str]:
    return [part for part in text.split(",") if part.strip()]
