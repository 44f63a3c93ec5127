"""What the list and the page of contacts show beside the fields themselves."""

from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.contacts.chips import without
from crm.contacts.filters import ContactFilter
from crm.contacts.models import Affiliation, Contact, ContactPoint, ContactQuerySet
from crm.contacts.names import UnresolvedSalutation, formal_name, salutation
from crm.contacts.reach import shown_number
from crm.paging import MOST_COUNTED, Count, capped
from crm.preferences.models import Purpose
from crm.preferences.rules import address_digest, contacts_who_may_receive, standing, suppressed_digests
from crm.sectors import Sector
from crm.timeline.models import TimelineEntry

LATELY = timedelta(days=90)
_PIECE = 500
# What the list can be sorted by: its name in the address, and the field.
SORTS = {"name": "sort_key", "heard": "last_heard_on", "changed": "updated_at"}


@dataclass(frozen=True)
class Row:
    """One contact in the list; `unreachable` is a reason in words that takes the place of `answers`."""

    contact: Contact
    answers: dict[str, bool | None]
    unreachable: str
    # How many mails went to this person in the last 90 days.
    mails: int

    @property
    def affiliations(self) -> list[Affiliation]:
        current: list[Affiliation] = self.contact.current_affiliations
        return current

    @property
    def sectors(self) -> list[str]:
        codes = [code for row in self.affiliations for code in row.sector_list()]
        return list(dict.fromkeys(codes))


def list_rows(contacts: Iterable[Contact]) -> list[Row]:
    """Rows for contacts read with `for_list()`; two queries more, for suppressed addresses and for mails."""
    people = list(contacts)
    points = [point for contact in people for point in contact.contact_points.all()]
    digests = suppressed_digests([point.value for point in points if point.kind == ContactPoint.Kind.EMAIL])
    mails = TimelineEntry.objects.mails_since(timezone.now() - LATELY, [contact.pk for contact in people])
    return [_row(contact, digests, mails.get(contact.pk, 0)) for contact in people]


def rows_in_pieces(contacts: Iterable[Contact]) -> Iterator[Row]:
    """The rows of any number of contacts, for a file."""
    pieces = iter(contacts)
    while piece := list(islice(pieces, _PIECE)):
        yield from list_rows(piece)


def _row(contact: Contact, digests: set[str], mails: int) -> Row:
    answers = {purpose.value: _allowed(contact, purpose) for purpose in Purpose}
    return Row(contact, answers, why_unreachable(contact, digests), mails)


def _allowed(contact: Contact, purpose: str) -> bool | None:
    answer = standing(contact, purpose)
    return None if answer is None else answer.allowed


def why_unreachable(contact: Contact, digests: set[str]) -> str:
    """Why no mail can reach this person, in words; "" when it can."""
    points = [point for point in contact.contact_points.all() if point.kind == ContactPoint.Kind.EMAIL]
    if not points:
        return _("no e-mail address")
    address = contact.email()
    if not address:
        return str(points[0].get_state_display())
    return _("asked never to be mailed") if address_digest(address) in digests else ""


def order_of(asked: str) -> str:
    """The field that ?sort= names, "-" in front when turned around; by name for anything else."""
    field = SORTS.get(asked.removeprefix("-"))
    if field is None:
        return SORTS["name"]
    return f"-{field}" if asked.startswith("-") else field


def sector_counts(found: ContactQuerySet) -> dict[str, Count]:
    """How many were found: "all", and unless that is more than is counted, for each O (somebody with two O's
    counts in both).
    """
    people = list(found.order_by().values_list("pk", flat=True)[: MOST_COUNTED + 1])
    counts = {"all": Count(len(people))}
    if counts["all"].more:
        return counts
    current = Affiliation.objects.current().filter(contact__in=people)
    speaking: dict[str, set[int]] = {sector.value: set() for sector in Sector}
    for person, own, inherited in current.values_list(
        "contact", "sector", "organisation__sectors__sector"
    ).order_by():
        if own or inherited:
            speaking[own or inherited].add(person)
    return counts | {sector: Count(len(speakers)) for sector, speakers in speaking.items()}


def sector_switch(data: QueryDict) -> list[dict[str, Any]]:
    """The four O's with how many the other filters leave of each, and the address that shows only those."""
    others = data.copy()
    chosen = others.pop("sector", [])
    found = sector_counts(ContactFilter(others, Contact.objects.all()).qs)
    base = without(data, "sector")
    everybody = {"sector": "", "count": found["all"], "query": base, "current": not chosen}
    return [everybody] + [
        {
            "sector": sector.value,
            "count": found.get(sector.value, ""),
            "query": "&".join(part for part in (base, f"sector={sector.value}") if part),
            "current": chosen == [sector.value],
        }
        for sector in Sector
    ]


def totals(found: ContactQuerySet) -> dict[str, Count]:
    """How many were found, and how many of them may be invited."""
    return {
        "found": capped(found),
        "invited": capped(found.filter(contacts_who_may_receive(Purpose.INVITATION))),
    }


def organisations_of(found: ContactQuerySet) -> Count:
    current = Affiliation.objects.current().filter(contact__in=found.order_by().values("pk"))
    return capped(current.values("organisation").distinct())


def salutations(contact: Contact) -> list[tuple[str, str]]:
    """How this person is written and greeted; "" where what is known does not give a greeting."""
    return [
        (_("in full"), formal_name(contact)),
        (_("formal"), _greeting(contact, "u", "nl")),
        (_("informal"), _greeting(contact, "je", "nl")),
        (_("English"), _greeting(contact, contact.formality, "en")),
    ]


def _greeting(contact: Contact, formality: str, language: str) -> str:
    """As if the person were addressed in this way; the contact itself stays as it is."""
    person = copy(contact)
    person.formality = formality
    try:
        return salutation(person, language)
    except UnresolvedSalutation:
        return ""


def points(contact: Contact) -> list[tuple[ContactPoint, str]]:
    """How to reach this person, each with its value as people write it."""
    return [
        (point, point.value if point.kind == ContactPoint.Kind.EMAIL else shown_number(point.value))
        for point in contact.contact_points.all()
    ]
