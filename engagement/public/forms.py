"""The shape of what an invited person sends."""

from datetime import date
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from crm.preferences.models import Purpose
from engagement.events.models import Participation

Status = Participation.Status


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(
        choices=[
            (Status.ACCEPTED, _("Yes, I am coming")),
            (Status.DECLINED, _("No, I cannot come")),
            (Status.TENTATIVE, _("Perhaps")),
        ],
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose yes, no or perhaps."),
            "invalid_choice": _("Choose yes, no or perhaps."),
        },
    )
    needs = forms.CharField(
        label=_("Anything we should take into account?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        required=False,
    )

    def __init__(self, *args: Any, kept_until: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["needs"].help_text = _(
            "For example food, access by wheelchair or an induction loop. "
            "Only who organises this event sees it; it is wiped after %(day)s."
        ) % {"day": date_format(kept_until, "DATE_FORMAT")}


class PreferencesForm(forms.Form):
    """One tick per purpose; what is not ticked is a no."""

    purposes = forms.MultipleChoiceField(
        choices=Purpose.choices, widget=forms.CheckboxSelectMultiple, required=False
    )
