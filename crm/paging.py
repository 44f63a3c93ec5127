"""Pages of a long list by key set: the last is as quick as the first, and no name stands in the address."""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Page(Generic[M]):
    """`first` is the number of the first row; `previous` and `next` are values for `before=` and `after=`."""

    rows: list[M]
    first: int
    total: int
    previous: int | None
    next: int | None

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1


def key_set_page(
    queryset: QuerySet[M], *, order: str, after: str | None, before: str | None, total: int, size: int = 50
) -> Page[M]:
    """The rows behind row `after`, else those just ahead of row `before`, else the first ones.

    Both are primary keys as typed in the address; one that is not there (any more) gives the first page.
    `order` is the field that `queryset` is sorted by, with the primary key to break a tie.
    """
    ordered = queryset.order_by(order, "pk")
    if mark := _mark(queryset, order, after):
        rows = list(ordered.filter(_beyond(order, "gt", mark))[:size])
    elif mark := _mark(queryset, order, before):
        backwards = queryset.order_by(f"-{order}", "-pk").filter(_beyond(order, "lt", mark))
        rows = list(backwards[:size])[::-1]
    else:
        rows = list(ordered[:size])
    return _page(rows, ordered, order, total)


def _page(rows: list[M], ordered: QuerySet[M], order: str, total: int) -> Page[M]:
    if not rows:
        return Page(rows, 0, total, None, None)
    ahead = ordered.filter(_beyond(order, "lt", (getattr(rows[0], order), rows[0].pk))).count()
    more = ahead + len(rows) < total
    return Page(rows, ahead + 1, total, rows[0].pk if ahead else None, rows[-1].pk if more else None)


def _mark(queryset: QuerySet[M], order: str, pk: str | None) -> tuple[Any, int] | None:
    if not pk or not pk.isdecimal() or len(pk) > 18:
        return None
    return queryset.model._default_manager.filter(pk=pk).values_list(order, "pk").first()


def _beyond(order: str, direction: str, mark: tuple[Any, int]) -> Q:
    value, pk = mark
    return Q(**{f"{order}__{direction}": value}) | Q(**{order: value, f"pk__{direction}": pk})
