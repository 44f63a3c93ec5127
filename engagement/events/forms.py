"""The shape of what the adviser types about an event."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.base.conflicts import StampedForm
from engagement.events.models import Event
from engagement.statements.levels import PROMISE_HELP


class LocalDateTimeInput(forms.DateTimeInput):
    """A date and time in the event's own time zone, as browsers want it."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class EventForm(StampedForm[Event]):
    remind_days_before = forms.IntegerField(
        label=_("Reminder, days before"),
        help_text=_("To those who are coming or did not answer, at 9:00. Leave empty for no reminder."),
        min_value=1,
        max_value=60,
        required=False,
        initial=3,
    )

    class Meta:
        model = Event
        fields = [
            "kind",
            "theme",
            "title_nl",
            "title_en",
            "starts_at",
            "ends_at",
            "place",
            "capacity",
            "text_nl",
            "formality",
            "text_nl_je",
            "text_en",
            "level",
            "promise_nl",
            "promise_en",
        ]
        widgets = {
            "starts_at": LocalDateTimeInput(),
            "ends_at": LocalDateTimeInput(),
            "text_nl": forms.Textarea(attrs={"rows": 7}),
            "formality": forms.RadioSelect,
            "text_nl_je": forms.Textarea(attrs={"rows": 7}),
            "text_en": forms.Textarea(attrs={"rows": 7}),
        }
        help_texts = {
            "starts_at": _("Time in Amsterdam."),
            "title_en": _("Needed once somebody in the audience reads English."),
            "formality": _("Everything about the event speaks to people as this text does."),
            "text_nl_je": _("Beside a text that says u. Leave empty to say u to everybody."),
            "capacity": _("Leave empty for no limit."),
            "level": _("How far those who come take part."),
            "promise_nl": PROMISE_HELP,
            "promise_en": _("Left empty, the Dutch one is shown."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["remind_days_before"].initial = self._days_before()

    def _days_before(self) -> int | None:
        rule = getattr(self.instance, "reminder_rule", None)
        return rule.days_before if rule else None

    def picture(self) -> dict[str, str]:
        return {**super().picture(), "remind_days_before": str(self._days_before() or "")}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        starts, ends = data.get("starts_at"), data.get("ends_at")
        if starts and ends and ends <= starts:
            self.add_error("ends_at", _("The end must be after the start."))
        if bool(data.get("title_en")) != bool(data.get("text_en")):
            missing = "text_en" if data.get("title_en") else "title_en"
            self.add_error(missing, _("Give both the title and the text in English, or neither."))
        return data
