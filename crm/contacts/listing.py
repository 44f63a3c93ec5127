"""What lists of contacts can be narrowed down by, and what they can show.

Each noun registers what is its own in a file `lists.py`; crm/directory puts the lists together.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import django_filters
from django.db.models import Count, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import formats
from django.utils.functional import Promise

from crm.accounts.models import User
from crm.accounts.roles import may
from crm.base.tables import Cell
from crm.contacts.models import Affiliation, Contact, ContactQuerySet

# A value of a filter as it stands in the address ("" for the whole filter), and in words.
Said = Iterable[tuple[str, str]]
# With the name of a column behind it: the attribute of a contact in which read_with() leaves what was read.
_READ = "column_"


@dataclass(frozen=True)
class ListFilter:
    """`field` takes what stands in the address under `name`; its `method` is (people, name, value) -> people.

    While it is in force, a chip shows `chip` and what `say` makes of the cleaned value. Those `ticked` are
    lists of boxes and stand above the rest. A smaller `place` comes first; a `hidden` one is no field to fill
    in. `capability` is what it takes to ask, since who is found tells something; "" for what the list takes.
    """

    name: str
    field: django_filters.Filter
    chip: Promise | str
    say: Callable[[Any], Said]
    place: int
    ticked: bool = False
    hidden: bool = False
    capability: str = ""

    def is_open_to(self, reader: User) -> bool:
        return not self.capability or may(reader, self.capability)


@dataclass(frozen=True)
class Row:
    """One contact, read with read_with()."""

    contact: Contact

    def value(self, column: str) -> Any:
        """What the column of this name read."""
        return getattr(self.contact, f"{_READ}{column}")

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
    """`text` is what stands in a row. A column with `day` stands in a file as that day, and one with `answer`
    shows yes, no or not asked on the page.

    `read` gives an expression that is read with the people themselves; `text` finds it in `row.value(name)`.
    """

    name: str
    heading: Promise | str
    text: Callable[[Row], str]
    place: int
    read: Callable[[], Any] | None = None
    day: Callable[[Row], date | None] | None = None
    answer: Callable[[Row], bool | None] | None = None
    # Chosen for whoever has not chosen.
    usual: bool = False
    numeric: bool = False
    # Two of these go on one line of a phone.
    short: bool = False
    # What ?sort= becomes at a first press on its heading; "" when it cannot be sorted by.
    sort: str = ""

    def cell(self, row: Row) -> Cell:
        """What stands in a file."""
        return self.day(row) or "" if self.day else self.text(row)


@dataclass(frozen=True)
class ListAction:
    """A button above the list that opens `page` with the filter in force as its query.

    `who` gives the condition on a contact for whom it can be done; `words` says the button with how many
    those are, None when they were not counted.
    """

    page: str
    icon: str
    capability: str
    who: Callable[[], Q]
    words: Callable[[int | None], str]


_FILTERS: dict[str, ListFilter] = {}
_ACTIONS: list[ListAction] = []
_COLUMNS: dict[str, Column] = {}


def register_filter(one: ListFilter) -> ListFilter:
    _FILTERS[one.name] = one
    return one


def register_column(one: Column) -> Column:
    _COLUMNS[one.name] = one
    return one


def register_list_action(one: ListAction) -> ListAction:
    _ACTIONS.append(one)
    return one


def list_actions(user: User) -> list[ListAction]:
    """Those that this user may take."""
    return [one for one in _ACTIONS if may(user, one.capability)]


def list_filters() -> list[ListFilter]:
    return sorted(_FILTERS.values(), key=lambda one: one.place)


def list_columns() -> list[Column]:
    return sorted(_COLUMNS.values(), key=lambda one: one.place)


def read_with(contacts: ContactQuerySet, columns: Iterable[Column]) -> ContactQuerySet:
    """Those people with all that a row shows, in a number of queries that does not depend on how many."""
    read = {f"{_READ}{column.name}": column.read() for column in columns if column.read}
    return contacts.for_list().annotate(**read)


def number_of(rows: "QuerySet[Any]") -> Any:
    """An expression for how many of these rows there are; they name the contact as OuterRef("pk")."""
    counted = rows.order_by().values(one=Value(1)).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0)


def said_rows(rows: "QuerySet[Any]") -> Said:
    """Rows that were ticked, each by its key."""
    return [(str(row.pk), str(row)) for row in rows]


def said_day(day: Any) -> Said:
    return [("", formats.date_format(day, "SHORT_DATE_FORMAT"))]
