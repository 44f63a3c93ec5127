"""What lists of contacts can be narrowed down by, and what they can show.

Each noun registers what is its own in a file `lists.py`; crm/directory puts the lists together.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import formats
from django.utils.functional import Promise

from crm.contacts.models import Affiliation, Contact

# A value of a filter as it stands in the address ("" for the whole filter), and in words.
Said = Iterable[tuple[str, str]]


@dataclass(frozen=True)
class ListFilter:
    """`field` takes what stands in the address under `name`; its `method` is (people, name, value) -> people.

    While it is in force, a chip shows `chip` and what `say` makes of the cleaned value. Those `ticked` are
    lists of boxes and stand above the rest. A smaller `place` comes first; a `hidden` one is no field to fill
    in.
    """

    name: str
    field: django_filters.Filter
    chip: Promise | str
    say: Callable[[Any], Said]
    place: int
    ticked: bool = False
    hidden: bool = False


@dataclass(frozen=True)
class Row:
    """One contact, read with for_list(), and what the columns loaded for it, by their names."""

    contact: Contact
    loaded: Mapping[str, Any]

    @property
    def affiliations(self) -> list[Affiliation]:
        current: list[Affiliation] = self.contact.current_affiliations
        return current

    @property
    def sectors(self) -> list[str]:
        codes = [code for row in self.affiliations for code in row.sector_list()]
        return list(dict.fromkeys(codes))


@dataclass(frozen=True)
class Column:
    """`text` is what stands in a file; on the page a column with `answer` shows yes, no or not asked.

    `load` gives, for the people of a page and by their primary key, what `text` finds in `row.loaded`.
    """

    name: str
    heading: Promise | str
    text: Callable[[Row], str]
    place: int
    load: Callable[[Sequence[Contact]], Mapping[int, Any]] | None = None
    answer: Callable[[Row], bool | None] | None = None
    # Chosen for whoever has not chosen.
    usual: bool = False
    numeric: bool = False
    # Two of these go on one line of a phone.
    short: bool = False
    # What ?sort= becomes at a first press on its heading; "" when it cannot be sorted by.
    sort: str = ""


_FILTERS: dict[str, ListFilter] = {}
_COLUMNS: dict[str, Column] = {}


def register_filter(one: ListFilter) -> ListFilter:
    _FILTERS[one.name] = one
    return one


def register_column(one: Column) -> Column:
    _COLUMNS[one.name] = one
    return one


def list_filters() -> list[ListFilter]:
    return sorted(_FILTERS.values(), key=lambda one: one.place)


def list_columns() -> list[Column]:
    return sorted(_COLUMNS.values(), key=lambda one: one.place)


def rows_with(contacts: Sequence[Contact], columns: Iterable[Column]) -> list[Row]:
    """A row for each of `contacts`, with what `columns` need: a fixed number of queries each."""
    found = {column.name: column.load(contacts) for column in columns if column.load}
    return [
        Row(contact, {name: values.get(contact.pk) for name, values in found.items()}) for contact in contacts
    ]


def said_rows(rows: "QuerySet[Any]") -> Said:
    """Rows that were ticked, each by its key."""
    return [(str(row.pk), str(row)) for row in rows]


def said_day(day: Any) -> Said:
    return [("", formats.date_format(day, "SHORT_DATE_FORMAT"))]
