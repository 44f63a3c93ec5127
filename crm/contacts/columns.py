"""The columns that the list of contacts can show, and what stands in each when it leaves as a file."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import cycle

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.accounts.models import User
from crm.contacts.models import ContactPoint
from crm.contacts.reach import shown_number
from crm.contacts.shown import Row, order_of
from crm.preferences.models import Purpose
from crm.preferences.rules import standing
from crm.sectors import Sector

LIST = "contacts"
Kind = ContactPoint.Kind


@dataclass(frozen=True)
class Column:
    """`text` is what stands in a file; on the page `cell.html` draws the ones it knows in its own way."""

    name: str
    heading: Promise | str
    text: Callable[[Row], str]
    # Chosen for whoever has not chosen.
    usual: bool = False
    purpose: Purpose | None = None
    numeric: bool = False
    # Two of these go on one line of a phone.
    short: bool = False
    # What ?sort= becomes at a first press on its heading; "" when it cannot be sorted by.
    sort: str = ""


def _point(*kinds: str) -> Callable[[Row], str]:
    def text(row: Row) -> str:
        points = [point for point in row.contact.contact_points.all() if point.kind in kinds]
        best = min(
            points, key=lambda point: (not point.preferred, kinds.index(point.kind), point.pk), default=None
        )
        if best is None:
            return ""
        return best.value if best.kind == Kind.EMAIL else shown_number(best.value)

    return text


def _answer(purpose: Purpose) -> Column:
    def text(row: Row) -> str:
        answer = standing(row.contact, purpose)
        return "" if answer is None else str(_("yes") if answer.allowed else _("no"))

    usual = purpose in {Purpose.INVITATION, Purpose.NEWSLETTER, Purpose.INTERVIEW}
    return Column(purpose.value, _PURPOSES[purpose], text, usual=usual, purpose=purpose)


_PURPOSES = {
    Purpose.INVITATION: gettext_lazy("Invitation"),
    Purpose.REMINDER: gettext_lazy("Reminder"),
    Purpose.NEWSLETTER: gettext_lazy("Newsletter"),
    Purpose.INTERVIEW: gettext_lazy("Interview"),
    Purpose.FEEDBACK: gettext_lazy("Feedback"),
    Purpose.SERVICE: gettext_lazy("Event messages"),
}


def _functions(row: Row) -> str:
    return "; ".join(str(affiliation) for affiliation in row.affiliations)


def _heard(row: Row) -> str:
    day = row.contact.last_heard_on
    return date_format(day, "SHORT_DATE_FORMAT") if day else ""


def _changed(row: Row) -> str:
    return date_format(localtime(row.contact.updated_at), "SHORT_DATE_FORMAT")


def _mails(row: Row) -> str:
    return str(row.mails)


def _sectors(row: Row) -> str:
    return "; ".join(str(Sector(code).label) for code in row.sectors)


def _themes(row: Row) -> str:
    return "; ".join(map(str, row.contact.themes.all()))


def _tags(row: Row) -> str:
    return "; ".join(map(str, row.contact.tags.all()))


COLUMNS = [
    Column("sectors", gettext_lazy("O"), _sectors, usual=True),
    Column("email", gettext_lazy("E-mail"), _point(Kind.EMAIL)),
    Column("phone", gettext_lazy("Telephone"), _point(Kind.MOBILE, Kind.PHONE)),
    Column("themes", gettext_lazy("Themes"), _themes, usual=True),
    Column("tags", gettext_lazy("Tags"), _tags, usual=True),
    Column("heard", gettext_lazy("Heard"), _heard, usual=True, short=True, sort="heard"),
    *map(_answer, _PURPOSES),
    Column("mails", gettext_lazy("Mails 90 days"), _mails, usual=True, numeric=True, short=True),
    Column("language", gettext_lazy("Language"), lambda row: row.contact.get_language_display(), short=True),
    Column("source", gettext_lazy("Came from"), lambda row: row.contact.get_origin_display(), short=True),
    Column("changed", gettext_lazy("Changed"), _changed, short=True, sort="-changed"),
]
NAME = Column("name", gettext_lazy("Name"), lambda row: str(row.contact), sort="name")
_FUNCTION = Column("functions", gettext_lazy("Function"), _functions)


@dataclass(frozen=True)
class Head:
    """A heading; `link` is what ?sort= becomes, `state` how the list is sorted by it now ("" for not)."""

    column: Column
    link: str
    state: str


@dataclass(frozen=True)
class Cell:
    """What a row shows in a column. Who cannot be mailed has one cell over all permissions, `span` wide.

    `place` puts two short cells on one line of a phone.
    """

    column: Column
    text: str = ""
    allowed: bool | None = None
    unreachable: bool = False
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


def cells(row: Row, columns: Iterable[Column]) -> list[Cell]:
    """One per column, in their order."""
    permissions = [column for column in columns if column.purpose]
    places = cycle(["cell-left", "cell-side"])
    found = []
    for column in columns:
        if column.purpose and row.unreachable:
            if column == permissions[0]:
                found.append(Cell(column, unreachable=True, span=len(permissions)))
        elif column.purpose:
            found.append(Cell(column, allowed=row.answers[column.purpose], place=next(places)))
        else:
            place = next(places) if column.short else ""
            found.append(Cell(column, column.text(row), place=place))
    return found


def columns_of(user: User) -> list[Column]:
    """Those that this user chose, else the usual ones; always in the order of the list."""
    chosen = user.columns.get(LIST)
    return [one for one in COLUMNS if (one.usual if chosen is None else one.name in chosen)]


def choose_columns(*, user: User, names: Iterable[str]) -> None:
    """Keep which columns this user wants to see; names that are no column are left out."""
    wanted = set(names)
    user.columns = {**user.columns, LIST: [one.name for one in COLUMNS if one.name in wanted]}
    user.save(update_fields=["columns"])


def exported(columns: Iterable[Column]) -> list[Column]:
    """What stands in a file that shows what the list shows: who it is, and these."""
    return [NAME, _FUNCTION, *columns]
