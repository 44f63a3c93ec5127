"""The shape of what a speaker answers, and of asking them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.accounts.models import User
from crm.base.fields import PickField
from engagement.approvals.services import Answer, mark_of
from engagement.statements.attribution import named_as
from engagement.statements.models import Approval, Response, Speaker, Statement, Visibility
from engagement.statements.texts import stored

LONGEST_WORDS = 2000


class AnswerForm(forms.Form):
    """What somebody says of one statement of theirs; without a choice it stays as it was."""

    kind = forms.ChoiceField(
        choices=[
            (Response.Kind.APPROVED, gettext_lazy("This is right")),
            (Response.Kind.CORRECTED, gettext_lazy("I say it differently")),
            (Response.Kind.WITHDRAWN, gettext_lazy("Do not use it")),
        ],
        widget=forms.RadioSelect,
        required=False,
    )
    words = forms.CharField(
        max_length=LONGEST_WORDS, widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    visibility = forms.ChoiceField(widget=forms.RadioSelect, required=False)
    seen = forms.CharField(required=False, max_length=16)

    def __init__(
        self,
        *args: Any,
        statement: Statement,
        is_given_away: bool = False,
        asked_at: datetime | None = None,
        **kwargs: Any,
    ) -> None:
        kwargs["prefix"] = f"s{statement.pk}"
        kwargs["initial"] = {
            "words": statement.proposal or statement.words,
            "visibility": statement.allowed,
        }
        super().__init__(*args, **kwargs)
        self.statement = statement
        # Whether the organisation alone says who it was.
        self.is_given_away = is_given_away
        self.asked_at = asked_at
        self.seen_now = mark_of(statement.words)
        self.fields["visibility"].choices = self.readings()  # type: ignore[attr-defined]

    @property
    def is_open(self) -> bool:
        """Whether it waits for the speaker: also when they were asked again after words of their own."""
        answer = self.statement.answer
        if self.statement.approval == Approval.PROPOSED:
            return bool(answer and self.asked_at and answer.at < self.asked_at)
        return self.statement.approval == Approval.WAITING

    def readings(self) -> list[tuple[str, str]]:
        """What others can read of who said it: all that we do not keep to ourselves already."""
        first = Visibility.values.index(self.statement.visibility)
        return [(value, reading(self.statement.speaker, value)) for value in Visibility.values[first:]]

    @property
    def read_now(self) -> str:
        return reading(self.statement.speaker, self.statement.allowed)

    def clean_words(self) -> str:
        return stored(self.cleaned_data["words"]).strip()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        chosen = data.get("visibility") or self.statement.allowed
        if data.get("kind") == Response.Kind.CORRECTED and not data.get("words") and not self.errors:
            self.add_error("words", _("Type the words, or choose another answer."))
        if not data.get("kind") and self.is_open and chosen != self.statement.allowed:
            self.add_error("kind", _("Say as well whether this is right, or whether not to use it."))
        return data

    def answer(self, *, otherwise: str = "") -> Answer | None:
        """None where nothing was said; `otherwise` is the answer for one that was left open."""
        data, last = self.cleaned_data, self.statement.answer
        visibility = data["visibility"] or self.statement.allowed
        kind, words = data["kind"], data["words"]
        if not kind and self.is_open:
            kind = otherwise
        elif not kind and last and visibility != self.statement.allowed:
            kind, words = last.kind, last.words
        return Answer(self.statement.pk, data["seen"], kind, visibility, words) if kind else None


def reading(speaker: Speaker | None, visibility: str) -> str:
    """The very words that others read of who said it."""
    if speaker is None or visibility == Visibility.TEAM:
        return _("nobody outside the core team")
    return named_as(speaker, visibility).called


class SpokenForm(forms.Form):
    """When somebody said it, and to whom."""

    spoken_on = forms.DateField(
        label=gettext_lazy("Said on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    recorded_by = forms.ModelChoiceField(
        label=gettext_lazy("Said to"), queryset=User.objects.none(), empty_label=None
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"spoken_on": timezone.localdate(), "recorded_by": by.pk})
        super().__init__(*args, **kwargs)
        self.fields["recorded_by"].queryset = User.objects.of_team(besides=by.pk)  # type: ignore[attr-defined]

    def clean_spoken_on(self) -> date:
        day: date = self.cleaned_data["spoken_on"]
        if day > timezone.localdate():
            raise ValidationError(_("This day is still to come."))
        return day


class AskForm(forms.Form):
    """Whom to ask, and a few words with it."""

    speakers = PickField(
        label=gettext_lazy("Ask"),
        queryset=Speaker.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Tick at least one person.")},
    )
    note = forms.CharField(
        label=gettext_lazy("A few words with it"),
        help_text=gettext_lazy("In the language of who reads it; for instance why we keep our words."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )
