"""The people and organisations of the database as records to compare."""

from collections.abc import Iterable

from crm.contacts.models import Affiliation, Contact, ContactPoint
from crm.duplicates.records import Record
from crm.organisations.models import Organisation

# (primary key, record)
Known = list[tuple[int, Record]]


def known_contacts() -> Known:
    """Everybody, in the order of their keys, in three queries."""
    points = _by_contact(ContactPoint.objects.values_list("contact_id", "kind", "value"))
    employers = dict(
        Affiliation.objects.current().order_by("-pk").values_list("contact_id", "organisation__name")
    )
    names = Contact.objects.order_by("pk").values_list("pk", "given_name", "family_name", "initials", "infix")
    return [
        (
            pk,
            Record(
                given=given,
                family=family,
                initials=initials,
                infix=infix,
                organisation=employers.get(pk, ""),
                phone="; ".join(points.get((pk, False), [])),
                email="; ".join(points.get((pk, True), [])),
            ),
        )
        for pk, given, family, initials, infix in names
    ]


def known_organisations() -> Known:
    rows = Organisation.objects.order_by("pk").values_list("pk", "name", "city")
    return [(pk, Record(organisation=name, city=city)) for pk, name, city in rows]


def _by_contact(points: Iterable[tuple[int, str, str]]) -> dict[tuple[int, bool], list[str]]:
    """Values per (contact, whether they are e-mail addresses)."""
    found: dict[tuple[int, bool], list[str]] = {}
    for contact, kind, value in points:
        found.setdefault((contact, kind == ContactPoint.Kind.EMAIL), []).append(value)
    return found
