"""Pages of a long list by key set: the last is as quick as the first, and no name stands in the address."""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet

M = TypeVar("M", bound=Model)

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


def key_set_page(
    queryset: QuerySet[M], *, order: str, after: str | None, before: str | None, total: int, size: int = 50
) -> Page[M]:
    """The rows behind row `after`, else those just ahead of row `before`, else the first ones.

    Both are primary keys as typed in the address; one that is not there (any more) gives the first page.
    `order` is the field that `queryset` is sorted by, with the primary key to break a tie.
    """
    ordered = queryset.order_by(order, "pk")
    if mark := _mark(queryset, order, after):
        rows = list(ordered.filter(_beyond(order, "gt", mark))[: size + 1])
    elif mark := _mark(queryset, order, before):
        backwards = queryset.order_by(f"-{order}", "-pk").filter(_beyond(order, "lt", mark))
        rows = list(backwards[:size])[::-1]
        return _page(rows, ordered, order, total, more=bool(rows))
    else:
        rows = list(ordered[: size + 1])
        following = rows[size - 1].pk if len(rows) > size else None
        return Page(rows[:size], min(len(rows), 1), total, None, following)
    return _page(rows[:size], ordered, order, total, more=len(rows) > size)


def _page(rows: list[M], ordered: QuerySet[M], order: str, total: int, *, more: bool) -> Page[M]:
    if not rows:
        return Page(rows, 0, total, None, None)
    ahead = capped(ordered.filter(_beyond(order, "lt", (getattr(rows[0], order), rows[0].pk))))
    first = None if ahead.more else ahead + 1
    return Page(rows, first, total, rows[0].pk if ahead else None, rows[-1].pk if more else None)


def _mark(queryset: QuerySet[M], order: str, pk: str | None) -> tuple[Any, int] | None:
    if not pk or not pk.isdecimal() or len(pk) > 18:
        return None
    return queryset.model._default_manager.filter(pk=pk).values_list(order, "pk").first()


def _beyond(order: str, direction: str, mark: tuple[Any, int]) -> Q:
    value, pk = mark
    return Q(**{f"{order}__{direction}": value}) | Q(**{order: value, f"pk__{direction}": pk})
