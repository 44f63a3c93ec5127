"""What an audience is put together from: selections, participants of events, bodies and single people."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.base.bulk_rows import one_by_one
from crm.bodies.models import Body, SeatHolder
from crm.contacts.models import Contact
from crm.directory.contacts.filters import ContactFilter
from crm.directory.segments.models import Segment
from engagement.events.models import Event, Participation

ATTENDED = "attended"
ANSWERS: dict[str, Promise | str] = {
    **dict(Participation.Status.choices),
    ATTENDED: gettext_lazy("was there"),
}


@dataclass(frozen=True)
class Side:
    """Who is meant by one side of an audience: whoever falls under any of these."""

    segments: list[int] = field(default_factory=list)
    # Of an event those with this answer, or who were there: (event, key of ANSWERS).
    participants: list[tuple[int, str]] = field(default_factory=list)
    bodies: list[int] = field(default_factory=list)
    people: list[int] = field(default_factory=list)

    def stored(self) -> dict[str, list[Any]]:
        pairs = [list(pair) for pair in self.participants]
        return {
            "segments": self.segments,
            "participants": pairs,
            "bodies": self.bodies,
            "people": self.people,
        }

    @classmethod
    def read(cls, stored: dict[str, list[Any]]) -> "Side":
        pairs = [(event, answer) for event, answer in stored.get("participants", [])]
        rest = {name: stored.get(name, []) for name in ("segments", "bodies", "people")}
        return cls(participants=pairs, **rest)


@dataclass(frozen=True)
class Audience:
    """Who gets a mailing, and who of them does not after all."""

    include: Side = field(default_factory=Side)
    exclude: Side = field(default_factory=Side)

    @classmethod
    def read(cls, stored: dict[str, Any]) -> "Audience":
        return cls(Side.read(stored.get("include", {})), Side.read(stored.get("exclude", {})))


@dataclass(frozen=True)
class Part:
    """`names` holds what it is called in each language, since it may be renamed or go."""

    key: str
    names: dict[str, str]
    people: Iterable[int]


class BrokenSelection(ValueError):
    """The filter of a selection has a mistake, so that it would mean everybody."""


def parts_of(side: Side) -> list[Part]:
    """Those that are still there, each with its people not read yet."""
    return [
        *_segments(side.segments),
        *_participants(side.participants),
        *_bodies(side.bodies),
        *_picked(side),
    ]


def found_by(parts: Iterable[Part]) -> dict[int, list[str]]:
    """The keys of the parts under which each contact falls, in one query a part."""
    found: dict[int, list[str]] = {}
    for part in parts:
        for contact in dict.fromkeys(part.people):
            found.setdefault(contact, []).append(part.key)
    return found


def people_of(segment: Segment) -> Iterable[int]:
    """Whom the filter of a selection finds now; raises BrokenSelection."""
    chosen = ContactFilter(segment.query(), Contact.objects.all())
    if not chosen.is_valid():
        raise BrokenSelection(segment.name)
    found: Iterable[int] = chosen.qs.order_by().values_list("pk", flat=True)
    return found


def _segments(numbers: list[int]) -> list[Part]:
    return [
        Part(
            f"segment:{one.pk}",
            _called(lambda name=one.name: _("selection “%(name)s”") % {"name": name}),
            people_of(one),
        )
        for one in Segment.objects.filter(pk__in=numbers)
    ]


def _participants(pairs: list[tuple[int, str]]) -> list[Part]:
    events = Event.objects.in_bulk([event for event, _answer in pairs])
    return [
        Part(
            f"event:{number}:{answer}",
            _called(lambda event=events[number], answer=answer: f"{event.title()} ({ANSWERS[answer]})"),
            _who_answered(number, answer),
        )
        for number, answer in pairs
        if number in events
    ]


def _who_answered(event: int, answer: str) -> Iterable[int]:
    there = Participation.objects.filter(event=event)
    there = there.attended() if answer == ATTENDED else there.filter(status=answer)
    return there.order_by().values_list("contact", flat=True)


def _bodies(numbers: list[int]) -> list[Part]:
    holders = SeatHolder.objects.holders_on(timezone.localdate()).order_by()
    return [
        Part(
            f"body:{one.pk}",
            _called(lambda body=one: str(body)),
            holders.filter(seat__body=one).values_list("contact", flat=True),
        )
        for one in Body.objects.filter(pk__in=numbers)
    ]


def _picked(side: Side) -> list[Part]:
    if not side.people:
        return []
    people = Contact.objects.order_by()
    picked = people.filter(pk__in=one_by_one(side.people, people.db)).values_list("pk", flat=True)
    return [Part("picked", _called(lambda: _("picked by hand")), picked)]


def _called(name: Callable[..., str]) -> dict[str, str]:
    names = {}
    for language, _word in settings.LANGUAGES:
        with translation.override(language):
            names[language] = name()
    return names
