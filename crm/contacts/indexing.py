"""Keeping the search documents of contacts equal to what they are made of."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from crm.bulk_rows import insert
from crm.contacts.models import Affiliation, Contact, ContactPoint
from crm.contacts.search_documents import SearchDocument, one_by_one
from crm.contacts.search_words import search_document
from crm.organisations.models import Organisation, OrganisationAlias

BATCH = 1000


@transaction.atomic
def keep_documents(contacts: Iterable[int]) -> None:
    """Write anew what is found of these contacts: to be called by whatever changes a name, an address, or
    where somebody works.
    """
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
    """Somebody written in bulk: what they are found by. `organisations` are primary keys, in order."""

    pk: int
    given_name: str
    family_name: str
    initials: str
    infix: str
    emails: Sequence[str]
    organisations: Sequence[int]


def add_documents(people: Sequence[Newcomer], names: Mapping[int, list[str]]) -> None:
    """The documents of contacts that have none yet, without reading back what was just written.

    `names` are those of their organisations; see names_of().
    """
    rows = [
        (
            one.pk,
            search_document(
                names=[one.given_name, one.family_name],
                initials=one.initials,
                infix=one.infix,
                addresses=one.emails,
                others=[name for organisation in one.organisations for name in names[organisation]],
            ),
        )
        for one in people
    ]
    insert(SearchDocument, ("contact", "text"), rows)


def names_of(organisations: set[int]) -> dict[int, list[str]]:
    """The name of each, followed by its aliases."""
    wanted = one_by_one(sorted(organisations), "default")
    found = {pk: [name] for pk, name in Organisation.objects.filter(pk__in=wanted).values_list("pk", "name")}
    aliases = OrganisationAlias.objects.filter(organisation__in=wanted).order_by("pk")
    for organisation, name in aliases.values_list("organisation", "name"):
        found[organisation].append(name)
    return found


def keep_documents_of(organisation: Organisation) -> None:
    """After it got another name: the people who work there are found by the new one."""
    keep_documents(organisation.affiliations.filter(ended_on=None).values_list("contact", flat=True))


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
