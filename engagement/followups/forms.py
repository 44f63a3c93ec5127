"""The shape of a follow-up."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.base.conflicts import StampedForm
from crm.base.fields import PickOneField
from crm.contacts.models import Contact
from crm.organisations.models import Organisation
from engagement.followups.models import SOON, Digest, FollowUp


class FollowUpForm(StampedForm[FollowUp]):
    """Offers as contact the one `chosen` already and those found by the words in `find`."""

    find = forms.CharField(label=_("Find a person"), max_length=100, required=False)

    class Meta:
        model = FollowUp
        fields = ["what", "theirs", "owner", "due_on", "contact", "organisation"]
        widgets = {
            "due_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "contact": forms.RadioSelect,
        }
        field_classes = {"contact": PickOneField, "organisation": PickOneField}
        help_texts = {"organisation": _("Leave empty to take the organisation of the person.")}

    def __init__(self, *args: Any, chosen: int | None = None, find: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Contact.objects.offered(find, [chosen] if chosen else [])
        self.fields["contact"].queryset = people  # type: ignore[attr-defined]
        self.fields["contact"].empty_label = _("nobody in particular")  # type: ignore[attr-defined]
        self.fields["organisation"].queryset = Organisation.objects.order_by("key")  # type: ignore[attr-defined]
        team = User.objects.of_team(besides=self.instance.owner_id)
        self.fields["owner"].queryset = team  # type: ignore[attr-defined]
        if self.instance._state.adding:
            self.initial["due_on"] = self.initial.get("due_on") or timezone.localdate() + SOON

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        contact = data.get("contact")
        if contact and not data.get("organisation"):
            affiliation = contact.affiliations.current().select_related("organisation").first()
            data["organisation"] = affiliation.organisation if affiliation else None
        return data


class DoneForm(forms.Form):
    note = forms.CharField(label=_("How it went"), max_length=500, required=False)


class DigestForm(forms.ModelForm[Digest]):
    class Meta:
        model = Digest
        fields = ["rhythm"]
