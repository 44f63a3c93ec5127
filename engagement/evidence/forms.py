"""The shape of evidence: what statements belong to, what became of them there and why."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.base.conflicts import StampedForm
from crm.base.fields import PickOneField
from engagement.evidence.models import Evidence

_REASONS = {
    "reason_nl": forms.Textarea(attrs={"rows": 3}),
    "reason_en": forms.Textarea(attrs={"rows": 3, "lang": "en"}),
}
_HINTS = {"reason_nl": _("Who said it reads this as it stands here.")}


class LinkForm(forms.ModelForm[Evidence]):
    """Of any number of statements at once."""

    prefix = "link"

    class Meta:
        model = Evidence
        fields = ["item", "outcome", "reason_nl", "reason_en"]
        widgets = {"item": forms.RadioSelect, "outcome": forms.RadioSelect, **_REASONS}
        field_classes = {"item": PickOneField}
        help_texts = _HINTS
        error_messages = {"item": {"required": _("Choose what they belong to.")}}

    @classmethod
    def typed(cls, data: Any) -> dict[str, str]:
        """What stands in the form, to show it once more without saying yet what is wrong."""
        return {name: data[key] for name in cls._meta.fields or () if (key := f"{cls.prefix}-{name}") in data}


class EvidenceForm(StampedForm[Evidence]):
    class Meta:
        model = Evidence
        fields = ["outcome", "reason_nl", "reason_en"]
        widgets = {"outcome": forms.RadioSelect, **_REASONS}
        help_texts = _HINTS
