"""The shape of what is typed about an interview, on a laptop or a phone."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.contacts.models import Contact
from crm.organisations.models import Organisation
from crm.themes.models import Theme
from engagement.interviews.models import Interview


class InterviewForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Interview
        fields = ["contacts", "organisation", "held_at", "place", "themes", "notes"]
        widgets = {
            "held_at": forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
            "themes": forms.CheckboxSelectMultiple,
            "notes": forms.Textarea(attrs={"rows": 12}),
        }
        help_texts = {
            "contacts": _("Choose one or more people."),
            "organisation": _("Leave empty to take the organisation of the first person."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["contacts"].queryset = Contact.objects.order_by("sort_key")  # type: ignore[attr-defined]
        self.fields["organisation"].queryset = Organisation.objects.order_by("key")  # type: ignore[attr-defined]
        self.fields["themes"].queryset = Theme.objects.all()  # type: ignore[attr-defined]
        if not self.instance.pk:
            self.initial.setdefault("held_at", timezone.localtime().replace(second=0, microsecond=0))

    def clean_held_at(self) -> datetime:
        held_at: datetime = self.cleaned_data["held_at"]
        if held_at > timezone.now() + timedelta(hours=1):
            raise forms.ValidationError(_("This is in the future. Log an interview once it was held."))
        return held_at

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        people = data.get("contacts")
        if people and not data.get("organisation"):
            affiliation = people[0].affiliations.current().select_related("organisation").first()
            data["organisation"] = affiliation.organisation if affiliation else None
        return data
