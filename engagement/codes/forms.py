"""The shape of a code."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.base.conflicts import StampedForm
from engagement.codes.models import Code


class CodeForm(StampedForm[Code]):
    class Meta:
        model = Code
        fields = ["name", "parent", "theme", "description"]
        widgets = {"description": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"theme": _("Leave empty to hang where the code above it hangs.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        above = Code.objects.in_use().exclude(pk=self.instance.pk)
        self.fields["parent"].queryset = above  # type: ignore[attr-defined]
