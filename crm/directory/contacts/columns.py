"""The columns that the list of contacts can show, and what stands in each when it leaves as a file."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import cycle

from django.utils.translation import gettext_lazy

from crm.accounts.models import User
from crm.contacts.listing import Column, Row, list_columns
from crm.contacts.models import Contact, ContactPoint
from crm.directory.contacts.shown import order_of
from crm.preferences.rules import suppressed_digests
from crm.preferences.shown import said_permission, why_unreachable

LIST = "contacts"
NAME = Column("name", gettext_lazy("Name"), lambda row: str(row.contact), 0, sort="name")
_FUNCTION = Column(
    "functions",
    gettext_lazy("Function"),
    lambda row: "; ".join(str(affiliation) for affiliation in row.affiliations),
    0,
)
# By which a file of these columns finds its people again when it is read.
_NUMBER = Column("number", gettext_lazy("Kwartet number"), lambda row: str(row.contact.pk), 0)


@dataclass(frozen=True)
class Head:
    """A heading; `link` is what ?sort= becomes, `state` how the list is sorted by it now ("" for not)."""

    column: Column
    link: str
    state: str


@dataclass(frozen=True)
class Cell:
    """What a row shows in a column. An answer is "yes", "no" or "open", which `text` says in a word. Who
    cannot be mailed has one cell over all answers, `span` wide, that says why. `place` puts two short cells
    on one line of a phone.
    """

    column: Column
    text: str = ""
    answer: str = ""
    unreachable: str = ""
    span: int = 1
    place: str = ""


def heads(columns: Iterable[Column], order: str) -> list[Head]:
    return [_head(column, order) for column in [NAME, *columns]]


def _head(column: Column, order: str) -> Head:
    if not column.sort:
        return Head(column, "", "")
    asked, field = column.sort, order_of(column.sort)
    if order.removeprefix("-") != field.removeprefix("-"):
        return Head(column, asked, "")
    downward = order.startswith("-")
    name = asked.removeprefix("-")
    return Head(column, name if downward else f"-{name}", "descending" if downward else "ascending")


def table(contacts: Sequence[Contact], columns: Sequence[Column]) -> list[tuple[Row, list[Cell]]]:
    """A page of the list: each row with its cells."""
    points = [point for contact in contacts for point in contact.contact_points.all()]
    digests = suppressed_digests([point.value for point in points if point.kind == ContactPoint.Kind.EMAIL])
    return [(row, _cells(row, columns, why_unreachable(row.contact, digests))) for row in map(Row, contacts)]


def _cells(row: Row, columns: Sequence[Column], unreachable: str) -> list[Cell]:
    """One per column, in their order."""
    answers = [column for column in columns if column.answer]
    places = cycle(["cell-left", "cell-side"])
    found = []
    for column in columns:
        if column.answer and unreachable:
            if column == answers[0]:
                found.append(Cell(column, unreachable=unreachable, span=len(answers)))
        elif column.answer:
            answer, word = said_permission(column.answer(row))
            found.append(Cell(column, word, answer))
        else:
            place = next(places) if column.short else ""
            found.append(Cell(column, column.text(row), place=place))
    return found


def columns_of(user: User) -> list[Column]:
    """Those that this user chose, else the usual ones; always in the order of the list."""
    chosen = user.columns.get(LIST)
    return [one for one in list_columns() if (one.usual if chosen is None else one.name in chosen)]


def choose_columns(*, user: User, names: Iterable[str]) -> None:
    """Keep which columns this user wants to see; names that are no column are left out."""
    wanted = set(names)
    user.columns = {**user.columns, LIST: [one.name for one in list_columns() if one.name in wanted]}
    user.save(update_fields=["columns"])


def exported(columns: Iterable[Column]) -> list[Column]:
    """What stands in a file that shows what the list shows: who it is, and these."""
    return [NAME, _FUNCTION, *columns, _NUMBER]
