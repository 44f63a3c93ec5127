"""The shape of what is typed about an interview, on a laptop or a phone."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.base.conflicts import StampedForm
from crm.base.fields import PickField
from crm.contacts.models import Contact
from crm.organisations.models import Organisation
from crm.themes.models import Theme
from engagement.interviews.models import Guide, Interview
from engagement.statements.levels import PROMISE_HELP
from engagement.statements.texts import LONGEST_NOTES


class InterviewForm(StampedForm[Interview]):
    """Offers as people those `chosen` already and those found by the words in `find`."""

    find = forms.CharField(
        label=_("Find a person"),
        help_text=_("By name, organisation or e-mail; then tick who was there."),
        max_length=100,
        required=False,
    )

    notes = forms.CharField(
        label=_("Notes"),
        help_text=_("Type or paste them; the statements are taken from them afterwards."),
        max_length=LONGEST_NOTES,
        widget=forms.Textarea(attrs={"rows": 12}),
        required=False,
    )
    confidential = forms.BooleanField(
        label=_("In confidence: only who held the conversation reads the notes, and sees who said what"),
        required=False,
    )

    class Meta:
        model = Interview
        fields = [
            "state",
            "contacts",
            "organisation",
            "held_at",
            "medium",
            "place",
            "interviewer",
            "also_by",
            "guide",
            "level",
            "promise",
            "themes",
        ]
        widgets = {
            "state": forms.RadioSelect,
            "contacts": forms.CheckboxSelectMultiple,
            "held_at": forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
            "themes": forms.CheckboxSelectMultiple,
            "also_by": forms.CheckboxSelectMultiple,
            "medium": forms.RadioSelect,
        }
        field_classes = {"contacts": PickField, "themes": PickField, "also_by": PickField}
        help_texts = {
            "organisation": _("Leave empty to take the organisation of the first person."),
            "interviewer": _("Whoever holds it finds it on their Today while it is planned."),
            "promise": PROMISE_HELP,
        }
        error_messages = {"contacts": {"required": _("Find and tick at least one person.")}}

    def __init__(self, *args: Any, chosen: Iterable[int] = (), find: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["contacts"].queryset = Contact.objects.offered(find, chosen)  # type: ignore[attr-defined]
        self.fields["organisation"].queryset = Organisation.objects.order_by("key")  # type: ignore[attr-defined]
        self.fields["themes"].queryset = Theme.objects.all()  # type: ignore[attr-defined]
        team = User.objects.of_team(besides=self.instance.interviewer_id)
        for name in ("interviewer", "also_by"):
            self.fields[name].queryset = team  # type: ignore[attr-defined]
        self.fields["interviewer"].empty_label = _("nobody yet")  # type: ignore[attr-defined]
        # These follow from what the speakers answer.
        follow = {Interview.State.ASKED, Interview.State.APPROVED} - {self.instance.state}
        choices = [one for one in Interview.State.choices if one[0] not in follow]
        self.fields["state"].choices = choices  # type: ignore[attr-defined]
        for name in ("state", "interviewer", "medium"):
            self.fields[name].required = False
        if self.instance._state.adding:
            if self.initial.get("state") != Interview.State.PLANNED:
                now = timezone.localtime().replace(second=0, microsecond=0)
                self.initial["held_at"] = self.initial.get("held_at") or now
        else:
            # They have a page of their own, which carries the statements along.
            del self.fields["notes"]
            self.initial.setdefault("confidential", self.instance.writeup.confidential)

    def clean_state(self) -> str:
        """As it was, where a program sends none."""
        return self.cleaned_data["state"] or self.instance.state

    def clean_medium(self) -> str:
        return self.cleaned_data["medium"] or self.instance.medium

    def clean_interviewer(self) -> User | None:
        """As it was, where a program sends none; nobody where a person chose that."""
        interviewer: User | None = self.cleaned_data["interviewer"]
        return interviewer if self.add_prefix("interviewer") in self.data else self.instance.interviewer

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("state") in Interview.COUNTING and "held_at" in data:
            self._check_was_held(data["held_at"])
        if "interviewer" in data and data["interviewer"] is None:
            self._check_nobody(data)
        people = data.get("contacts")
        if people and not data.get("organisation"):
            affiliation = people[0].affiliations.current().select_related("organisation").first()
            data["organisation"] = affiliation.organisation if affiliation else None
        return data

    def _check_nobody(self, data: dict[str, Any]) -> None:
        if data.get("state") in Interview.COUNTING:
            self.add_error("interviewer", _("Say who held it. Only what is planned can be without anybody."))
        elif data.get("confidential"):
            self.add_error("interviewer", _("In confidence only who holds it reads the notes: choose who."))

    def _check_was_held(self, held_at: datetime | None) -> None:
        if held_at is None:
            self.add_error("held_at", _("Say when it was. Only what is planned can be without a day."))
        elif held_at > timezone.now() + timedelta(hours=1):
            words = _("This is in the future. Choose “planned”, and “held” once it was.")
            self.add_error("held_at", words)


class GuideForm(StampedForm[Guide]):
    class Meta:
        model = Guide
        fields = ["name", "questions"]
        widgets = {"questions": forms.Textarea(attrs={"rows": 12})}
