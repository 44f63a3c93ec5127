"""The shape of an audience as somebody puts it together: two sides of the same four parts."""

from typing import Any, cast

from django import forms
from django.db.models import Count, Q
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.accounts.models import User
from crm.base.fields import PickField, PickOneField, numbers_in
from crm.bodies.models import Body
from crm.contacts.models import Contact
from crm.directory.segments.models import Segment
from crm.preferences.models import Purpose
from engagement.audiences.parts import ANSWERS, ATTENDED, Audience, BrokenSelection, Side, people_of
from engagement.events.models import Event
from engagement.mailings.kinds import KINDS
from engagement.mailings.models import Mailing


class PeopleField(PickField):
    """Namesakes are told apart by where they work; the queryset is read with for_list()."""

    def label_from_instance(self, obj: Contact) -> str:
        jobs = ", ".join(str(job.organisation) for job in obj.current_affiliations)
        return f"{obj} ({jobs})" if jobs else str(obj)


class EventField(PickOneField):
    """Events of the same title are told apart by their day."""

    def label_from_instance(self, obj: Event) -> str:
        return f"{obj}, {date_format(obj.local_start, 'SHORT_DATE_FORMAT')}"


class SideForm(forms.Form):
    """Offers as people those ticked already and those found by `find`; as answers those of the events ticked
    already and of the one in `event`.
    """

    segments = PickField(
        label=gettext_lazy("Selections"),
        queryset=Segment.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    event = EventField(
        label=gettext_lazy("Participants of"),
        queryset=Event.objects.all(),
        required=False,
        empty_label=gettext_lazy("choose an event"),
    )
    participants = forms.MultipleChoiceField(
        label=gettext_lazy("By answer"), required=False, widget=forms.CheckboxSelectMultiple
    )
    bodies = PickField(
        label=gettext_lazy("Bodies"),
        help_text=gettext_lazy("Whoever holds a seat today."),
        queryset=Body.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    find = forms.CharField(label=gettext_lazy("Find a person"), max_length=100, required=False)
    people = PeopleField(
        label=gettext_lazy("Picked by hand"),
        queryset=Contact.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, data: QueryDict | None, *, prefix: str, side: Side, user: User) -> None:
        super().__init__(data, prefix=prefix, initial=side.stored() | {"participants": _pairs(side)})
        visible = Segment.objects.visible_to(user) | Segment.objects.filter(pk__in=side.segments)
        self.fields["segments"].queryset = visible  # type: ignore[attr-defined]
        self.fields["participants"].choices = self._answers()  # type: ignore[attr-defined]
        self.fields["people"].queryset = self._people()  # type: ignore[attr-defined]

    def _typed(self, name: str) -> list[str]:
        """What stands in a field now, before it is checked."""
        if self.is_bound:
            return cast(QueryDict, self.data).getlist(self.add_prefix(name))
        return [str(one) for one in self.initial.get(name) or []]

    def _people(self) -> Any:
        words = " ".join(self._typed("find"))
        return Contact.objects.offered(words, numbers_in(self._typed("people"))).for_list()

    def _answers(self) -> list[tuple[str, str]]:
        ticked = [one.partition(":")[0] for one in self._typed("participants")]
        events = Event.objects.filter(pk__in=numbers_in([*ticked, *self._typed("event")]))
        numbers = {f"n{at}": Count("participations", filter=_is(one)) for at, one in enumerate(ANSWERS)}
        return [
            (f"{event.pk}:{answer}", f"{event}: {word} ({getattr(event, f'n{at}')})")
            for event in events.annotate(**numbers)
            for at, (answer, word) in enumerate(ANSWERS.items())
        ]

    def clean_segments(self) -> Any:
        chosen = self.cleaned_data["segments"]
        for segment in chosen:
            try:
                people_of(segment)
            except BrokenSelection:
                words = _("The filter of “%(name)s” has a mistake. Set it right first.")
                raise forms.ValidationError(words % {"name": segment}) from None
        return chosen

    def side(self) -> Side:
        data = self.cleaned_data
        pairs = [one.partition(":") for one in data["participants"]]
        return Side(
            participants=[(int(event), answer) for event, _colon, answer in pairs],
            **{name: [row.pk for row in data[name]] for name in ("segments", "bodies", "people")},
        )


def _pairs(side: Side) -> list[str]:
    return [f"{event}:{answer}" for event, answer in side.participants]


def _is(answer: str) -> Q:
    return Q(participations__attended=True) if answer == ATTENDED else Q(participations__status=answer)


class AudienceForm:
    """Both sides together."""

    def __init__(self, data: QueryDict | None, *, mailing: Mailing, user: User) -> None:
        stored = Audience.read(mailing.audience)
        self.include = SideForm(data, prefix="include", side=stored.include, user=user)
        self.exclude = SideForm(data, prefix="exclude", side=stored.exclude, user=user)
        self.stored = stored
        self.only_participants = KINDS[mailing.kind].purpose == Purpose.SERVICE

    @property
    def sides(self) -> list[SideForm]:
        return [self.include, self.exclude]

    @property
    def fields(self) -> dict[str, forms.Field]:
        """All fields, each by its name on the page."""
        return {side.add_prefix(name): field for side in self.sides for name, field in side.fields.items()}

    def is_valid(self) -> bool:
        fine = [side.is_valid() for side in self.sides]
        if self.only_participants:
            self._check_participants()
        return all(fine) and not self.include.errors

    def _check_participants(self) -> None:
        """A practical notice goes to people of an event: no other part may add to it."""
        for name in ("segments", "bodies", "people"):
            if self.include.cleaned_data.get(name):
                words = _("A practical notice only goes to participants of an event.")
                self.include.add_error(name, words)

    def audience(self) -> Audience:
        """What the checked form says."""
        return Audience(self.include.side(), self.exclude.side())
