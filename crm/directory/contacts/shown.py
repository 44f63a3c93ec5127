"""What the list and the page of contacts show beside the fields themselves."""

from copy import copy
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from crm.base.paging import MOST_COUNTED, Count, capped
from crm.base.sectors import Sector
from crm.contacts.models import Affiliation, Contact, ContactQuerySet
from crm.contacts.names import UnresolvedSalutation, formal_name, salutation
from crm.directory.contacts.chips import without
from crm.directory.contacts.filters import ContactFilter
from crm.preferences.models import Purpose
from crm.preferences.rules import contacts_who_may_receive

# What the list can be sorted by: its name in the address, and the field.
SORTS = {"name": "sort_key", "heard": "last_heard_on", "changed": "updated_at"}


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
