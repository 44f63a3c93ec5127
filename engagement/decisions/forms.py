"""The shape of a decision."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.base.conflicts import StampedForm
from crm.base.fields import PickField, PickOneField
from crm.organisations.models import Organisation
from engagement.decisions.models import Decision
from engagement.strategy.tree import in_order


class DecisionForm(StampedForm[Decision]):
    class Meta:
        model = Decision
        fields = ["decided_on", "body", "organisation", "text_nl", "text_en", "items"]
        widgets = {
            "decided_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "text_nl": forms.Textarea(attrs={"rows": 4}),
            "text_en": forms.Textarea(attrs={"rows": 4, "lang": "en"}),
            "items": forms.CheckboxSelectMultiple,
        }
        field_classes = {"body": PickOneField, "organisation": PickOneField, "items": PickField}
        help_texts = {
            "decided_on": gettext_lazy("A day to come puts it on the agenda."),
            "organisation": gettext_lazy("Instead of a body: a partner that decides for itself."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = Organisation.objects.order_by("key")  # type: ignore[attr-defined]
        self.fields["items"].choices = [(one.pk, str(one)) for one in in_order()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("body") and data.get("organisation"):
            self.add_error("organisation", _("Choose a body or a partner, not both."))
        elif not data.get("body") and not data.get("organisation") and not self.errors.keys() & {"body"}:
            self.add_error("body", _("Say which body or which partner decides."))
        return data
