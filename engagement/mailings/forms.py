"""The shape of what somebody asks of mailings: which ones, and when one goes out."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from engagement.mailings.kinds import KINDS
from engagement.mailings.models import Mailing, MailingQuerySet


def kinds_of_mailings() -> list[tuple[str, Any]]:
    """Those of which there is a mailing: reminders and confirmations are never one."""
    found = Mailing.objects.order_by("kind").values_list("kind", flat=True).distinct()
    return [(name, KINDS[name].label) for name in found if name in KINDS]


class MailingListForm(forms.Form):
    """Which mailings to show."""

    kind = forms.ChoiceField(label=_("Kind"), required=False)
    state = forms.ChoiceField(
        label=_("State"), choices=[("", _("whatever")), *Mailing.Stage.choices], required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("whatever")), *kinds_of_mailings()]
        self.fields["kind"].choices = choices  # type: ignore[attr-defined]

    def chosen(self) -> MailingQuerySet:
        """Those that it asks for; one with a mistake asks for all."""
        found = Mailing.objects.staged()
        if not self.is_valid():
            return found
        asked = {"kind": self.cleaned_data["kind"], "stage": self.cleaned_data["state"]}
        return found.filter(**{name: value for name, value in asked.items() if value})


class ScheduleForm(forms.Form):
    at = forms.DateTimeField(
        label=_("Send on"),
        help_text=format_lazy(_("On the clock of {zone}."), zone=settings.TIME_ZONE),
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
