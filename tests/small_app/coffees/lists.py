"""A filter and a column; the column counts for a whole page at once."""

from collections.abc import Mapping, Sequence

import django_filters
from django.db.models import Count

from crm.contacts.listing import Column, ListFilter, register_column, register_filter
from crm.contacts.models import Contact, ContactQuerySet
from tests.small_app.coffees.models import Coffee


def _by_coffee(people: ContactQuerySet, name: str, sort: str) -> ContactQuerySet:
    return people.filter(pk__in=Coffee.objects.filter(sort=sort).values("contact"))


def _number(contacts: Sequence[Contact]) -> Mapping[int, int]:
    rows = Coffee.objects.filter(contact__in=contacts).values_list("contact")
    return dict(rows.annotate(Count("pk")).order_by())


register_filter(
    ListFilter(
        "coffee",
        django_filters.CharFilter(method=_by_coffee, label="Koffie"),
        chip="Koffie",
        say=lambda sort: [("", sort)],
        place=130,
    )
)
register_column(
    Column(
        "coffees", "Koffie", lambda row: str(row.loaded["coffees"] or "–"), 130, load=_number, numeric=True
    )
)
