"""What became of statements, from a spreadsheet: a row for each statement and part of the strategy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils import translation

from crm.accounts.models import User
from crm.base.said import Said
from crm.base.text import fold, words
from crm.exchange.cleaning import plain_cell
from crm.imports.columns.mapping import Mapping
from crm.imports.columns.rows import RowReading
from crm.imports.kinds import Planner
from crm.imports.models import ImportBatch, ImportRow, ImportRowQuerySet
from crm.imports.planning.planned import PlannedRow
from crm.imports.reading.sheets import SheetRow
from engagement.evidence.models import Evidence
from engagement.evidence.services import change, link, unlink
from engagement.exchange.said import (
    CHANGED_MEANWHILE,
    CHANGED_SINCE,
    NO_OUTCOME,
    NO_OUTCOMES,
    NO_PART,
    NO_STATEMENT,
    SAME_PAIR,
)
from engagement.statements.models import Statement
from engagement.strategy.models import StrategyItem

Action = ImportRow.Action
Values = dict[str, Any]
SAYS = ("outcome", "reason_nl", "reason_en")
_MEANS = {
    "kwartet number": "number",
    "kwartet nummer": "number",
    "part of the strategy": "part",
    "onderdeel van de strategie": "part",
    "what became of it": "outcome",
    "wat ervan werd": "outcome",
    "outcome": "outcome",
    "uitkomst": "outcome",
    "why": "reason_nl",
    "waarom": "reason_nl",
    "why in english": "reason_en",
    "waarom in het engels": "reason_en",
}
READ = frozenset(_MEANS.values())


def blank() -> Values:
    return {**dict.fromkeys(("number", "part", *SAYS), ""), "statement": 0, "item": 0}


def map_columns(headings: Sequence[str], _sample: Any) -> Mapping:
    fields = [_MEANS.get(" ".join(words(heading)), "") for heading in headings]
    return Mapping(
        list(headings), [name if name not in fields[:at] else "" for at, name in enumerate(fields)]
    )


def claims(mapping: Mapping) -> bool:
    return all(mapping.has(name) for name in ("number", "part", "outcome"))


def lacks(mapping: Mapping) -> Said | None:
    return None if claims(mapping) else NO_OUTCOMES()


class OutcomeReader:
    def __init__(self, mapping: Mapping) -> None:
        self._at = {name: at for name in READ for at in mapping.columns_of(name)}

    def read(self, row: SheetRow) -> RowReading:
        reading = RowReading(blank())
        for name, at in self._at.items():
            reading.values[name] = plain_cell(row.cells[at]) if at < len(row.cells) else ""
        text = reading.values["outcome"]
        reading.values["outcome"] = _outcomes().get(fold(text), "")
        if not reading.values["outcome"]:
            reading.nobody.append(NO_OUTCOME(text=text[:60]))
        return reading


def _outcomes() -> dict[str, str]:
    """By value and by label in each language, folded."""
    found = {fold(one.value): str(one.value) for one in Evidence.Outcome}
    for language in ("nl", "en"):
        with translation.override(language):
            found |= {fold(str(one.label)): str(one.value) for one in Evidence.Outcome}
    return found


class OutcomePlanner(Planner):
    """A statement is known by its key, a part of the strategy by its code when the plan is made."""

    def __init__(self) -> None:
        self._items = dict(StrategyItem.objects.order_by().values_list("code", "pk"))
        self._statements: dict[UUID, int] = {}
        self._there: dict[tuple[int, int], Evidence] = {}
        self._rows: dict[tuple[int, int], PlannedRow] = {}

    def plan(self, piece: Sequence[tuple[PlannedRow, RowReading]]) -> None:
        self._look_up(row.values for row, _reading in piece)
        for row, reading in piece:
            self._decide(row, reading.nobody)

    def resume(self, rows: Sequence[PlannedRow]) -> None:
        for row in rows:
            if row.action != Action.REFUSED:
                self._rows.setdefault((row.values["statement"], row.values["item"]), row)

    def _look_up(self, every: Iterable[Values]) -> None:
        numbers = {number for one in every if (number := _uuid(one["number"]))}
        self._statements |= dict(Statement.objects.filter(uuid__in=numbers).values_list("uuid", "pk"))
        keys = [self._statements[number] for number in numbers if number in self._statements]
        for one in Evidence.objects.filter(statement__in=keys):
            self._there[one.statement_id, one.item_id] = one

    def _decide(self, row: PlannedRow, why_not: Sequence[Said]) -> None:
        values, number = row.values, _uuid(row.values["number"])
        statement = self._statements.get(number) if number else None
        code = values["part"].split(" ")[0]
        item = self._items.get(code)
        if why_not:
            row.refuse(*why_not)
        elif statement is None:
            row.refuse(NO_STATEMENT())
        elif item is None:
            row.refuse(NO_PART(code=code[:60]))
        else:
            values |= {"statement": statement, "item": item}
            self._compare(row, (statement, item))

    def _compare(self, row: PlannedRow, pair: tuple[int, int]) -> None:
        first, there = self._rows.setdefault(pair, row), self._there.get(pair)
        if first is not row:
            row.action, row.repeats = Action.REPEATED, first
            row.reason = [SAME_PAIR(row=first.number)]
        elif there is None:
            row.action = Action.NEW
        else:
            row.changes = _differences(there, row.values)
            row.action = Action.CHANGED if row.changes else Action.SAME


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _differences(there: Evidence, values: Values) -> dict[str, list[Any]]:
    """{field: [old, new]}: an empty cell leaves the reason that is there."""
    now = {name: getattr(there, name) for name in SAYS}
    return {name: [now[name], values[name]] for name in SAYS if values[name] not in ("", now[name])}


def write(batch: ImportBatch, rows: ImportRowQuerySet, first: int, last: int) -> None:
    here = rows.filter(position__gte=first, position__lte=last).that_write()
    for row in here.order_by("position"):
        row.keep_to_choice()
        if batch.created_by is None or not _write(row, {**blank(), **row.values}, batch.created_by):
            row.action, row.reason, row.changes = Action.REFUSED, [CHANGED_MEANWHILE()], {}
            row.save(update_fields=["action", "reason", "changes"])


def _write(row: ImportRow, values: Values, by: User) -> bool:
    """Whether the row could be carried out: nobody changed meanwhile what it is about."""
    if row.action == Action.CHANGED:
        return _turn(row, values, was=0)
    item = StrategyItem.objects.filter(pk=values["item"]).first()
    if item is None:
        return False
    try:
        said = {name: values[name] for name in SAYS}
        return bool(link(statements=[values["statement"]], item=item, by=by, **said).new)
    except ValidationError:
        return False


def _turn(row: ImportRow, values: Values, *, was: int) -> bool:
    """Let it say the other side of what the row changes, if it says the side `was` now."""
    evidence = _evidence(values)
    if evidence is None or any(getattr(evidence, name) != pair[was] for name, pair in row.changes.items()):
        return False
    for name, pair in row.changes.items():
        setattr(evidence, name, pair[1 - was])
    change(evidence=evidence)
    return True


def _evidence(values: Values) -> Evidence | None:
    pair = {"statement": values["statement"], "item": values["item"]}
    return Evidence.objects.select_for_update().filter(**pair).first()


def undo(_batch: ImportBatch, rows: Sequence[ImportRow]) -> None:
    for row in rows:
        values = {**blank(), **row.values}
        done = _turn(row, values, was=1) if row.changes else _unlink(values)
        row.kept = [] if done else [CHANGED_SINCE()]


def _unlink(values: Values) -> bool:
    """Whether the link was still as the row made it, and is gone now."""
    evidence = _evidence(values)
    if evidence is None or any(getattr(evidence, name) != values[name] for name in SAYS):
        return False
    unlink(evidence=evidence)
    return True
