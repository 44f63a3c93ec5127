"""A filter and a column; the column counts for a whole page at once."""

from typing import Any

import django_filters
from django.db.models import OuterRef

from crm.contacts.listing import Column, ListFilter, number_of, register_column, register_filter
from crm.contacts.models import ContactQuerySet
from tests.small_app.coffees.models import Coffee


def _by_coffee(people: ContactQuerySet, name: str, sort: str) -> ContactQuerySet:
    return people.filter(pk__in=Coffee.objects.filter(sort=sort).values("contact"))


def _number() -> Any:
    return number_of(Coffee.objects.filter(contact=OuterRef("pk")))


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
    Column("coffees", "Koffie", lambda row: str(row.value("coffees") or "–"), 130, read=_number, numeric=True)
)
