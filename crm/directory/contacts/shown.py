"""What the list and the page of contacts show beside the fields themselves."""

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from crm.base.paging import MOST_COUNTED, Count, counted, up_to
from crm.base.sectors import Sector
from crm.contacts.listing import ListAction
from crm.contacts.models import MANY, Affiliation, Contact, ContactQuerySet
from crm.contacts.names import UnresolvedSalutation, formal_name, salutation
from crm.directory.contacts.chips import without
from crm.directory.contacts.filters import ContactFilter
from crm.duplicates.models import DuplicatePair

# What the list can be sorted by: its name in the address, and the field.
SORTS = {"name": "sort_key", "heard": "last_heard_on", "changed": "updated_at"}


def order_of(asked: str) -> str:
    """The field that ?sort= names, "-" in front when turned around; by name for anything else."""
    field = SORTS.get(asked.removeprefix("-"))
    if field is None:
        return SORTS["name"]
    return f"-{field}" if asked.startswith("-") else field


@dataclass(frozen=True)
class Numbers:
    """How many contacts there are and the filter finds; of whom it finds, and of whom the other filters leave
    of each O, nothing is counted (None) when they are more than MOST_COUNTED.
    """

    everybody: int
    found: int
    doubles: int
    organisations: int | None
    by_sector: dict[str, int | None]
    left: int
    by_action: dict[str, int | None]


def numbers(data: QueryDict, chosen: ContactFilter, actions: Iterable[ListAction]) -> Numbers:
    """All numbers above the list, in one query. `left` and `by_sector` are without the filter on the O's;
    somebody with two O's counts in both.
    """
    found = chosen.qs
    left = ContactFilter(_without_sector(data), Contact.objects.all()).qs if data.get("sector") else found
    people = Contact.objects.order_by()
    of_found = people.filter(pk__in=up_to(found))
    # From the few people to what they speak for: the other way SQLite reads every affiliation for each O.
    current = Affiliation.objects.current().order_by()
    of_left = current.filter(contact__in=up_to(left))
    counts = counted(
        everybody=people,
        found=up_to(found),
        left=up_to(left),
        doubles=DuplicatePair.objects.filter(state=DuplicatePair.State.OPEN),
        organisations=current.filter(contact__in=up_to(found)).values("organisation").distinct(),
        **{sector: of_left.speaking_for([sector]).values("contact").distinct() for sector in Sector.values},
        **{one.page: of_found.filter(one.who()) for one in actions},
    )
    total = _total(found, counts["found"], counts["everybody"])
    total_left = _total(left, counts["left"], counts["everybody"])
    few, few_left = counts["found"] <= MOST_COUNTED, counts["left"] <= MOST_COUNTED
    return Numbers(
        everybody=counts["everybody"],
        found=total,
        doubles=counts["doubles"],
        organisations=counts["organisations"] if few else None,
        by_sector={sector: counts[sector] if few_left else None for sector in Sector.values},
        left=total_left,
        by_action={one.page: counts[one.page] if few else None for one in actions},
    )


def _total(people: ContactQuerySet, count: int, everybody: int) -> int:
    """How many there are; beyond MOST_COUNTED only where that is known anyway."""
    if not people.query.where:
        return everybody
    known = people.known_count
    return Count(count) if known is None or known > MANY else known


def _without_sector(data: QueryDict) -> QueryDict:
    others = data.copy()
    others.pop("sector", None)
    return others


def sector_switch(data: QueryDict, numbers: Numbers) -> list[dict[str, Any]]:
    """The four O's with how many the other filters leave of each, and the address that shows only those."""
    chosen, base = data.getlist("sector"), without(data, "sector")
    everybody = {"sector": "", "count": numbers.left, "query": base, "current": not chosen}
    return [everybody] + [
        {
            "sector": sector,
            "count": count,
            "query": "&".join(part for part in (base, f"sector={sector}") if part),
            "current": chosen == [sector],
        }
        for sector, count in numbers.by_sector.items()
    ]


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
