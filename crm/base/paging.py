"""Pages of a long list by key set: the last is as quick as the first, and no name stands in the address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, Model, OrderBy, Q, QuerySet

M = TypeVar("M", bound=Model)
# The value that a row is sorted by, and its primary key.
Mark = tuple[Any, int]

# Beyond this a list says "1000+": counting on would take longer than anybody reads.
MOST_COUNTED = 1000


class Count(int):
    """A number of rows; one over MOST_COUNTED means "more", and is written so."""

    @property
    def more(self) -> bool:
        return self > MOST_COUNTED

    def __str__(self) -> str:
        return f"{MOST_COUNTED}+" if self.more else int.__repr__(self)

    def __format__(self, spec: str) -> str:
        return str(self)


def capped(queryset: QuerySet[Any, Any]) -> Count:
    """How many rows there are, counted no further than needed to say "1000+"."""
    known: int | None = getattr(queryset, "known_count", None)
    if known is not None:
        return Count(min(known, MOST_COUNTED + 1))
    return Count(queryset.order_by()[: MOST_COUNTED + 1].count())


def up_to(queryset: QuerySet[Any, Any], most: int = MOST_COUNTED) -> QuerySet[Any, Any]:
    """The keys of its rows, one more than `most` of them at the most: enough to know that there are more."""
    return queryset.order_by().values("pk")[: most + 1]


def counted(**querysets: QuerySet[Any, Any]) -> dict[str, int]:
    """How many rows each of these has, all in one statement."""
    counts = dict.fromkeys(querysets, 0)
    parts: list[str] = []
    values: list[Any] = []
    for name, queryset in querysets.items():
        try:
            sql, params = queryset.query.sql_with_params()
        except EmptyResultSet:
            continue
        parts.append(f'(SELECT COUNT(*) FROM ({sql}) counted) AS "{name}"')  # noqa: S608  # Django made it
        values.extend(params)
    if parts:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(parts)}", values)
            counts |= dict(zip((column[0] for column in cursor.description), cursor.fetchone(), strict=True))
    return counts


@dataclass(frozen=True)
class Page(Generic[M]):
    """`first` is the number of the first row, None far down a list that is not counted; `previous` and `next`
    are values for `before=` and `after=`.
    """

    rows: list[M]
    first: int | None
    total: int
    previous: int | None
    next: int | None

    @property
    def last(self) -> int | None:
        return None if self.first is None else self.first + len(self.rows) - 1


@dataclass(frozen=True)
class Order:
    """A field to sort by, with the primary key to break a tie; nothing known comes before everything known,
    and the other way round it comes last. `-` in front of the field turns it around.
    """

    by: str
    # Only then does the order say where nulls go: an index is of no use with words it does not have itself.
    nullable: bool = False

    @property
    def field(self) -> str:
        return self.by.removeprefix("-")

    @property
    def downward(self) -> bool:
        return self.by.startswith("-")

    def turned(self) -> Order:
        return Order(self.field if self.downward else f"-{self.field}", self.nullable)

    def expressions(self) -> list[OrderBy]:
        known = True if self.nullable else None
        if self.downward:
            return [F(self.field).desc(nulls_last=known), F("pk").desc()]
        return [F(self.field).asc(nulls_first=known), F("pk").asc()]

    def after(self, mark: Mark) -> Q:
        """The rows behind one with this value and primary key."""
        value, pk = mark
        more = "lt" if self.downward else "gt"
        level = Q(**{f"{self.field}__isnull": True}) if value is None else Q(**{self.field: value})
        behind = level & Q(**{f"pk__{more}": pk})
        if value is not None:
            behind |= Q(**{f"{self.field}__{more}": value})
        if self.nullable and (value is None) is not self.downward:
            behind |= Q(**{f"{self.field}__isnull": value is not None})
        return behind


def key_set_page(
    queryset: QuerySet[M], *, order: str, after: str | None, before: str | None, total: int, size: int = 50
) -> Page[M]:
    """The rows behind row `after`, else those just ahead of row `before`, else the first ones.

    Both are primary keys as typed in the address; one that is not there (any more) gives the first page.
    `order` is the field to sort by, as `Order` takes it; it may be null.
    """
    way = _order(queryset, order)
    ordered = queryset.order_by(*way.expressions())
    if mark := _mark(queryset, way, after):
        rows = list(ordered.filter(way.after(mark))[: size + 1])
    elif mark := _mark(queryset, way, before):
        back = way.turned()
        backwards = queryset.order_by(*back.expressions()).filter(back.after(mark))
        rows = list(backwards[:size])[::-1]
        return _page(rows, queryset, way, total, more=bool(rows))
    else:
        rows = list(ordered[: size + 1])
        following = rows[size - 1].pk if len(rows) > size else None
        return Page(rows[:size], min(len(rows), 1), total, None, following)
    return _page(rows[:size], queryset, way, total, more=len(rows) > size)


def in_order(queryset: QuerySet[M], order: str) -> QuerySet[M]:
    """All of it, sorted as its pages are."""
    return queryset.order_by(*_order(queryset, order).expressions())


def _order(queryset: QuerySet[M], by: str) -> Order:
    return Order(by, bool(queryset.model._meta.get_field(by.removeprefix("-")).null))


def _page(rows: list[M], queryset: QuerySet[M], way: Order, total: int, *, more: bool) -> Page[M]:
    if not rows:
        return Page(rows, 0, total, None, None)
    first = rows[0]
    ahead = capped(queryset.filter(way.turned().after((getattr(first, way.field), first.pk))))
    number = None if ahead.more else ahead + 1
    return Page(rows, number, total, first.pk if ahead else None, rows[-1].pk if more else None)


def _mark(queryset: QuerySet[M], way: Order, pk: str | None) -> Mark | None:
    if not pk or not pk.isdecimal() or len(pk) > 18:
        return None
    return queryset.model._default_manager.filter(pk=pk).values_list(way.field, "pk").first()
