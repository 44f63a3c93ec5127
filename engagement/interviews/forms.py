"""The shape of what is typed about an interview, on a laptop or a phone."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.base.conflicts import StampedForm
from crm.base.fields import PickField
from crm.contacts.models import Contact
from crm.organisations.models import Organisation
from crm.themes.models import Theme
from engagement.interviews.models import Interview

# How many people a search offers to choose from.
MOST_FOUND = 12


class InterviewForm(StampedForm[Interview]):
    """Offers as people those `chosen` already and those found by the words in `find`."""

    find = forms.CharField(
        label=_("Find a person"),
        help_text=_("By name, organisation or e-mail; then tick who was there."),
        max_length=100,
        required=False,
    )

    class Meta:
        model = Interview
        fields = ["contacts", "organisation", "held_at", "place", "themes", "notes"]
        widgets = {
            "contacts": forms.CheckboxSelectMultiple,
            "held_at": forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
            "themes": forms.CheckboxSelectMultiple,
            "notes": forms.Textarea(attrs={"rows": 12}),
        }
        field_classes = {"contacts": PickField, "themes": PickField}
        help_texts = {"organisation": _("Leave empty to take the organisation of the first person.")}
        error_messages = {"contacts": {"required": _("Find and tick at least one person.")}}

    def __init__(self, *args: Any, chosen: Iterable[int] = (), find: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = Contact.objects.search(find).values("pk")[:MOST_FOUND] if find.strip() else []
        offered = {*chosen, *(row["pk"] for row in found)}
        people = Contact.objects.filter(pk__in=offered).order_by("sort_key", "pk")
        self.fields["contacts"].queryset = people  # type: ignore[attr-defined]
        self.fields["organisation"].queryset = Organisation.objects.order_by("key")  # type: ignore[attr-defined]
        self.fields["themes"].queryset = Theme.objects.all()  # type: ignore[attr-defined]
        if self.instance._state.adding and not self.initial.get("held_at"):
            self.initial["held_at"] = timezone.localtime().replace(second=0, microsecond=0)

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
