"""The shape of a note."""

from django import forms
from django.utils.translation import gettext_lazy as _


class NoteForm(forms.Form):
    text = forms.CharField(
        label=_("Write down"),
        widget=forms.Textarea(attrs={"rows": 2, "aria-keyshortcuts": "n"}),
        max_length=4000,
        error_messages={"required": _("Write something first.")},
    )
