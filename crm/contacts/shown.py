"""What the list and the page of contacts show beside the fields themselves."""

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from crm.contacts.filters import ContactFilter
from crm.contacts.models import Affiliation, Contact, ContactPoint, ContactQuerySet
from crm.contacts.names import UnresolvedSalutation, formal_name, salutation
from crm.contacts.reach import shown_number
from crm.paging import MOST_COUNTED, Count, capped
from crm.preferences.models import Purpose
from crm.preferences.rules import address_digest, contacts_who_may_receive, standing, suppressed_digests
from crm.sectors import Sector

SHOWN_PURPOSES = (Purpose.INVITATION, Purpose.NEWSLETTER, Purpose.INTERVIEW)


@dataclass(frozen=True)
class Row:
    """One contact in the list; `unreachable` is a reason in words that takes the place of `answers`."""

    contact: Contact
    answers: list[tuple[str, bool | None]]
    unreachable: str

    @property
    def affiliations(self) -> list[Affiliation]:
        current: list[Affiliation] = self.contact.current_affiliations
        return current

    @property
    def sectors(self) -> list[str]:
        codes = [code for row in self.affiliations for code in row.sector_list()]
        return list(dict.fromkeys(codes))


@dataclass(frozen=True)
class Chip:
    """An active filter; `query` is the address without it."""

    key: str
    value: str
    query: str


def list_rows(contacts: Iterable[Contact]) -> list[Row]:
    """Rows for contacts read with `for_list()`; one query more, for the suppressed addresses."""
    people = list(contacts)
    points = [point for contact in people for point in contact.contact_points.all()]
    digests = suppressed_digests([point.value for point in points if point.kind == ContactPoint.Kind.EMAIL])
    return [_row(contact, digests) for contact in people]


def _row(contact: Contact, digests: set[str]) -> Row:
    answers = [(str(purpose.label), _allowed(contact, purpose)) for purpose in SHOWN_PURPOSES]
    return Row(contact, answers, why_unreachable(contact, digests))


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


def without(data: QueryDict, name: str, value: str | None = None) -> str:
    """The query string of `data` without this filter (or only this value of it) and on the first page."""
    left = data.copy()
    kept = [one for one in left.getlist(name) if value is not None and one != value]
    for gone in ("after", "before", name):
        left.pop(gone, None)
    if kept:
        left.setlist(name, kept)
    return left.urlencode()


def chips(data: QueryDict, cleaned: dict[str, Any]) -> list[Chip]:
    """The filters in force, each with the way to drop it; the search words stand in their own field."""
    found = [
        Chip(_("O"), str(Sector(code).label), without(data, "sector", code))
        for code in cleaned.get("sector") or []
    ]
    found += [
        Chip(_("Theme"), str(theme), without(data, "theme", theme.slug))
        for theme in cleaned.get("theme") or []
    ]
    found += [
        Chip(_("Body"), str(body), without(data, "body", str(body.pk))) for body in cleaned.get("body") or []
    ]
    if purpose := cleaned.get("may_receive"):
        found.append(Chip(_("May be mailed for"), str(Purpose(purpose).label), without(data, "may_receive")))
    if day := cleaned.get("not_heard_since"):
        shown = formats.date_format(day, "SHORT_DATE_FORMAT")
        found.append(Chip(_("Not heard since"), shown, without(data, "not_heard_since")))
    return found


def about(data: QueryDict, chosen: ContactFilter) -> list[tuple[str, str]]:
    """Which filter and when, for a file that leaves Kwartet."""
    words = [(_("Search"), str(data["q"]))] if data.get("q") else []
    filters = [(chip.key, chip.value) for chip in chips(data, chosen.form.cleaned_data)]
    made = formats.date_format(timezone.localtime(), "SHORT_DATETIME_FORMAT")
    return [*words, *filters, (_("Made on"), made)]


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
