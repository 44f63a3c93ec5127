"""What the pages show of bodies, seats and who holds them."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from crm.bodies.models import Body, Seat, SeatHolder
from crm.contacts.models import Contact
from crm.organisations.models import Organisation


@dataclass(frozen=True)
class SeatRow:
    """A seat on a day: its term of then, or since when nobody holds it (None: never anybody before)."""

    seat: Seat
    term: SeatHolder | None
    vacant_since: date | None
    former: list[SeatHolder]


def bodies_on(day: date) -> QuerySet[Body]:
    """All bodies, each with `seats_then` and `vacant_then`."""
    held = Q(Exists(SeatHolder.objects.holders_on(day).filter(seat=OuterRef("seats"))))
    existing = Q(seats__in=Seat.objects.existing_on(day).values("pk"))
    return Body.objects.annotate(
        seats_then=Count("seats", filter=existing), vacant_then=Count("seats", filter=existing & ~held)
    ).order_by("position", "name_nl")


def seat_rows(body: Body, day: date) -> list[SeatRow]:
    """The seats of the body on this day, in four queries however many there are."""
    seats = body.seats.existing_on(day).select_related("organisation", "body")
    rows = list(seats.prefetch_related("organisation__sectors", "holders__contact"))
    return [_row(seat, day) for seat in rows]


def _row(seat: Seat, day: date) -> SeatRow:
    terms = [term for term in seat.holders.all() if term.started_on <= day]
    former = [term for term in terms if term.ended_on and term.ended_on < day]
    current = next((term for term in terms if term not in former), None)
    since = max((term.ended_on for term in former if term.ended_on), default=None)
    return SeatRow(seat, current, None if current else since, former)


def seats_of_contact(contact: Contact, day: date) -> tuple[list[SeatHolder], list[SeatHolder]]:
    """The terms that last or are to come, and those that are over."""
    terms = list(contact.seats.select_related("seat__body", "seat__organisation"))
    former = [term for term in terms if term.ended_on and term.ended_on < day]
    return [term for term in terms if term not in former], former


def seats_of_organisation(organisation: Organisation, day: date) -> list[SeatRow]:
    seats = organisation.seats.existing_on(day).select_related("body", "organisation")
    rows = seats.prefetch_related("holders__contact").order_by("body__position", "body__name_nl", "position")
    return [_row(seat, day) for seat in rows]
