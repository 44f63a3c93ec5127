"""Keeping the search documents of contacts equal to what they are made of."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction

from crm.base.bulk_rows import insert, one_by_one
from crm.base.happenings import FOUND_BY, Telling
from crm.contacts.models import Affiliation, Contact, ContactPoint
from crm.contacts.search_documents import SearchDocument
from crm.contacts.search_words import search_document
from crm.organisations.models import Organisation, OrganisationAlias

BATCH = 1000


@transaction.atomic
def keep_documents(contacts: Iterable[int]) -> None:
    """Write anew what these contacts are found by."""
    numbers = list(contacts)
    for start in range(0, len(numbers), BATCH):
        texts = documents(numbers[start : start + BATCH])
        SearchDocument.objects.bulk_create(
            [SearchDocument(contact_id=number, text=text) for number, text in texts.items()],
            update_conflicts=True,
            unique_fields=["contact"],
            update_fields=["text"],
        )


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody written in bulk: what they are found by. `places` are the names of their organisations."""

    pk: int
    given_name: str
    family_name: str
    initials: str
    infix: str
    emails: Sequence[str]
    places: Sequence[str]


def add_documents(people: Sequence[Newcomer]) -> None:
    """The documents of contacts that have none yet, without reading back what was just written."""
    rows = [
        (
            one.pk,
            search_document(
                names=[one.given_name, one.family_name],
                initials=one.initials,
                infix=one.infix,
                addresses=one.emails,
                others=one.places,
            ),
        )
        for one in people
    ]
    insert(SearchDocument, ("contact", "text"), rows)


def follow(telling: Telling) -> None:
    """Keep the documents of whom a happening may have changed; with an organisation those who work there."""
    add_documents(telling.newcomers)
    wanted = telling.contacts_touched(FOUND_BY)
    renamed = [
        one.organisation
        for one in telling.happenings
        if one.organisation and not one.contacts and one.touched(FOUND_BY)
    ]
    if renamed:
        current = Affiliation.objects.current().filter(organisation__in=renamed)
        wanted |= set(current.values_list("contact", flat=True))
    if wanted:  # even an empty transaction would wait for what an import has only begun to write
        keep_documents(sorted(wanted))


def names_of(organisations: set[int]) -> dict[int, list[str]]:
    """The name of each, followed by its aliases."""
    wanted = one_by_one(sorted(organisations), "default")
    found = {pk: [name] for pk, name in Organisation.objects.filter(pk__in=wanted).values_list("pk", "name")}
    aliases = OrganisationAlias.objects.filter(organisation__in=wanted).order_by("pk")
    for organisation, name in aliases.values_list("organisation", "name"):
        found[organisation].append(name)
    return found


def rebuild_documents() -> int:
    """Write every document anew; the number of contacts."""
    numbers = list(Contact.objects.order_by("pk").values_list("pk", flat=True))
    keep_documents(numbers)
    return len(numbers)


def documents(numbers: Sequence[int]) -> dict[int, str]:
    """The text of each contact's document, as it should be, in four queries."""
    emails = ContactPoint.objects.filter(contact__in=numbers, kind=ContactPoint.Kind.EMAIL)
    addresses = _gathered(emails.order_by("pk").values_list("contact", "value"))
    places = _places(numbers)
    people = Contact.objects.filter(pk__in=numbers)
    return {
        pk: search_document(
            names=[given, family], initials=initials, infix=infix, addresses=addresses[pk], others=places[pk]
        )
        for pk, given, family, initials, infix in people.values_list(
            "pk", "given_name", "family_name", "initials", "infix"
        )
    }


def _places(numbers: Sequence[int]) -> dict[int, list[str]]:
    """The names of the organisations where each works now, each followed by its aliases."""
    current = Affiliation.objects.filter(contact__in=numbers, ended_on=None).order_by("pk")
    rows = list(current.values_list("contact", "organisation", "organisation__name"))
    named = OrganisationAlias.objects.filter(organisation__in={row[1] for row in rows}).order_by("pk")
    aliases = _gathered(named.values_list("organisation", "name"))
    found: defaultdict[int, list[str]] = defaultdict(list)
    for contact, organisation, name in rows:
        found[contact] += [name, *aliases[organisation]]
    return found


def _gathered(rows: Iterable[tuple[int, str]]) -> dict[int, list[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    for number, text in rows:
        found[number].append(text)
    return found
