"""Linking many statements at once: what was found and chosen, and what that makes of a part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode

from crm.base.bulk_rows import one_by_one
from crm.base.fields import numbers_in
from crm.base.sectors import Sector
from crm.base.text import fold, words
from engagement.evidence.coverage import Coverage, coverage
from engagement.evidence.models import Evidence
from engagement.statements.attribution import Attribution, released
from engagement.statements.filters import StatementFilter
from engagement.statements.models import Statement, StatementQuerySet, Visibility
from engagement.strategy.models import StrategyItem
from engagement.strategy.tree import in_order

PER_PAGE = 12
ITEMS_SHOWN = 5
# More are not chosen with one click: nobody read so many.
MOST_CHOSEN = 500


@dataclass(frozen=True)
class Row:
    """A statement as it may leave the core team; `evidence` is how the chosen part rests on it already."""

    statement: Statement
    by: Attribution
    chosen: bool
    evidence: Evidence | None

    @property
    def stays(self) -> bool:
        """Whether it never leaves the core team."""
        return self.statement.allowed == Visibility.TEAM


@dataclass(frozen=True)
class Chip:
    name: str
    heading: str
    value: str


class Desk:
    """What lies on the page: `data` is what was typed, or the address."""

    def __init__(self, data: QueryDict) -> None:
        self.data = data.copy()
        if gone := data.get("drop"):
            self.data.pop(gone, None)

    @cached_property
    def filter(self) -> StatementFilter:
        return StatementFilter(self.data, queryset=_linkable())

    @property
    def query(self) -> dict[str, str]:
        """The filter in force, for an address."""
        return {name: value for name in self.filter.filters if (value := self.data.get(name))}

    def address(self, item: StrategyItem) -> str:
        """Of the page with the same filter, and the same part for the next ones."""
        return f"{reverse('evidence_link')}?{urlencode({**self.query, 'item': str(item.pk)})}"

    @property
    def found(self) -> StatementQuerySet:
        found: StatementQuerySet = self.filter.qs
        return found

    @cached_property
    def page(self) -> Page[Any]:
        return Paginator(self.found, PER_PAGE).get_page(self.data.get("page"))

    @cached_property
    def chosen(self) -> list[int]:
        """The keys of those chosen: on this page, on another one, or by the address."""
        if "none" in self.data:
            return []
        ticked, shown = (numbers_in(self.data.getlist(name)) for name in ("pick", "shown"))
        before = numbers_in([*self.data.get("chosen", "").split(","), *self.data.getlist("statement")])
        keys = {*before} - {*shown} | {*ticked}
        if "all" in self.data:
            keys |= set(self.found.values_list("pk", flat=True)[:MOST_CHOSEN])
        there = _linkable().filter(pk__in=one_by_one(sorted(keys), "default"))
        return sorted(set(there.values_list("pk", flat=True)) - self.linked.keys())

    @cached_property
    def item(self) -> StrategyItem | None:
        keys = numbers_in([self.data.get("link-item") or self.data.get("item", "")])
        return StrategyItem.objects.filter(pk__in=keys).first()

    @cached_property
    def linked(self) -> dict[int, Evidence]:
        """How the chosen part rests on statements already, by their keys."""
        return {one.statement_id: one for one in Evidence.objects.filter(item=self.item)} if self.item else {}

    @cached_property
    def rows(self) -> list[Row]:
        return self._rows(list(self.page))

    @cached_property
    def elsewhere(self) -> list[Row]:
        """Some of those chosen that do not stand on this page."""
        keys = [key for key in self.chosen if key not in {one.pk for one in self.page}][:PER_PAGE]
        return self._rows(list(_linkable().filter(pk__in=keys)))

    @property
    def out_of_sight(self) -> str:
        """The keys of all others that are chosen."""
        shown = {row.statement.pk for row in [*self.rows, *self.elsewhere]}
        return ",".join(str(key) for key in self.chosen if key not in shown)

    def _rows(self, statements: Sequence[Statement]) -> list[Row]:
        return [Row(one, released(one), one.pk in self.chosen, self.linked.get(one.pk)) for one in statements]

    @property
    def switch(self) -> list[tuple[str, int]]:
        """How many fit in each O, the one in force apart; "" for all."""
        rows = StatementFilter({**self.query, "sector": ""}, queryset=_linkable()).qs
        spoken = list(rows.values_list("speaker__sector", flat=True))
        return [("", len(spoken)), *((sector, spoken.count(sector)) for sector in Sector.values)]

    @property
    def chips(self) -> list[Chip]:
        """The filters in force that stand in no field of their own."""
        cleaned = self.filter.form.cleaned_data if self.filter.form.is_valid() else {}
        return [
            Chip(name, str(self.filter.filters[name].label), _word(self.filter.form.fields[name], value))
            for name, value in cleaned.items()
            if value and name not in ("q", "sector")
        ]

    @cached_property
    def _items(self) -> list[StrategyItem]:
        return in_order()

    @cached_property
    def _coverage(self) -> dict[int, Coverage]:
        return coverage(self._items)

    def items(self) -> list[tuple[StrategyItem, Coverage]]:
        """The chosen part first, then those in which the words stand that were typed; measures unless others
        are asked for by their words.
        """
        asked = fold(self.data.get("find_item", "")).split()
        fitting = [one for one in self._items if one != self.item and _fits(one, asked)]
        if "all_items" not in self.data:
            fitting = fitting[:ITEMS_SHOWN]
        first = [self.item] if self.item else []
        return [(one, self._coverage[one.pk]) for one in [*first, *fitting]]

    @property
    def now_and_then(self) -> list[tuple[str, int, int]]:
        """Per O how many organisations carry the chosen part, and how many would."""
        if self.item is None:
            return []
        new = [
            Evidence(statement=one, item=self.item, outcome=self.data.get("link-outcome", ""))
            for one in _linkable().filter(pk__in=self.chosen)
        ]
        now, then = (one[self.item.pk].sectors for one in (self._coverage, coverage(self._items, also=new)))
        return [(sector, now[sector], then[sector]) for sector in Sector]

    @cached_property
    def speakers(self) -> tuple[int, int, int]:
        """How many organisations those chosen come from, how many people said it, how many read English."""
        rows = Statement.objects.filter(pk__in=self.chosen).values_list(
            "speaker__organisation", "speaker__contact", "speaker__contact__language"
        )
        organisations = {organisation for organisation, _who, _language in rows if organisation}
        people = {who: language for _organisation, who, language in rows if who}
        return len(organisations), len(people), list(people.values()).count("en")


def _linkable() -> StatementQuerySet:
    rows = Statement.objects.linkable().order_by("-created_at", "-pk")
    return rows.select_related(
        "latest_response", "writeup", "speaker__contact", "speaker__organisation"
    ).prefetch_related("speaker__organisation__sectors")


def _word(field: Any, value: Any) -> str:
    return str(dict(getattr(field, "choices", ())).get(value, value))


def _fits(item: StrategyItem, asked: Sequence[str]) -> bool:
    """Measures; with words any part whose number or title has each of them at the beginning of a word."""
    if not asked:
        return item.kind == StrategyItem.Kind.MEASURE
    title = words(f"{item.title_nl} {item.title_en}")
    return all(any(one.startswith(word) for one in [item.code, *title]) for word in asked)
