"""Telling who was invited that an event moved, or is cancelled."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q

from crm.contacts.models import Contact
from engagement.events.models import Event
from engagement.mailings import services as mailings
from engagement.mailings.models import Message

# Of a message that tells of it.
UPDATE, CANCELLATION = "update", "cancellation"
WHERE_AND_WHEN = ("starts_at", "ends_at", "time_zone", "place")
ON_THEIR_WAY = {
    Message.State.CLAIMED,
    Message.State.HANDING_OVER,
    Message.State.SENT,
    Message.State.UNCERTAIN,
}


def has_moved(before: Event, after: Event) -> bool:
    return any(getattr(before, name) != getattr(after, name) for name in WHERE_AND_WHEN)


def tell_invited(event: Event, kind: str, *, before: Event | None = None) -> None:
    """Queue a message about the event to whoever has the invitation and did not decline.

    Each keeps when and where it was `before`, or what its reader knows who was not told of an earlier change
    yet.
    """
    _hold_what_waits(event)
    has_invitation = Message.objects.filter(
        kind="invitation", about_id=event.pk, contact=OuterRef("pk"), state__in=ON_THEIR_WAY
    )
    people = Contact.objects.filter(
        Exists(has_invitation), participations__in=event.participations.not_declined()
    )
    last = _as_kept(before) if before else {}
    known = dict(_untold(event).values_list("contact", "was"))
    mailings.queue(
        kind=kind,
        about_id=event.pk,
        people=people.prefetch_related("contact_points"),
        revision=event.sequence,
        give_up_at=event.ends_at,
        was=lambda person: known.get(person.pk, last),
    )


def _hold_what_waits(event: Event) -> None:
    """No worker takes up an invitation before it can see the change: it would tell of the event as it was, to
    somebody who is not told of the change.
    """
    waiting = Message.objects.waiting().filter(kind="invitation", about_id=event.pk)
    list(waiting.select_for_update(of=("self",)).order_by("pk").values_list("pk"))


def tell_nobody(event: Event) -> None:
    """The event changed without a word; a message that waits tells how it is by then."""
    _untold(event).update(revision=event.sequence)


def _untold(event: Event) -> Any:
    return Message.objects.waiting().filter(kind=UPDATE, about_id=event.pk, revision__lte=event.sequence)


def _as_kept(event: Event) -> dict[str, str]:
    moments = {name: getattr(event, name).isoformat() for name in ("starts_at", "ends_at")}
    return {**moments, "time_zone": event.time_zone, "place": event.place}


def as_it_was(was: Mapping[str, str]) -> Event | None:
    """When and where the event was for the reader of a message, None where nothing is kept."""
    if not was:
        return None
    moments = {name: datetime.fromisoformat(was[name]) for name in ("starts_at", "ends_at")}
    return Event(**moments, time_zone=was["time_zone"], place=was["place"])


@dataclass(frozen=True)
class Told:
    """That so many people were told of one change, `waiting` of them not yet."""

    kind: str
    at: datetime
    people: int
    waiting: int


def told_about(event: Event) -> list[Told]:
    """Each change that people were told of, the last one first."""
    rows = Message.objects.filter(about_id=event.pk, kind__in=(UPDATE, CANCELLATION)).order_by()
    counted = rows.values("kind", "revision").annotate(
        at=Min("created_at"),
        people=Count("pk", filter=~Q(state__in=(Message.State.SKIPPED, Message.State.REFUSED))),
        waiting=Count("pk", filter=Q(state__in=Message.UNFINISHED)),
    )
    found = [Told(row["kind"], row["at"], row["people"], row["waiting"]) for row in counted.order_by("-at")]
    return [one for one in found if one.people]


def number_told(event: Event) -> int:
    """How many are told of the last change."""
    return Message.objects.filter(
        about_id=event.pk, kind__in=(UPDATE, CANCELLATION), revision=event.sequence
    ).count()
