"""The tree of codes from a spreadsheet: a row for each, with the one that it is part of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError

from crm.base.said import Said, told
from crm.base.text import fold, words
from crm.exchange.cleaning import plain_cell
from crm.imports.columns.mapping import Mapping
from crm.imports.columns.rows import RowReading
from crm.imports.kinds import Planner
from crm.imports.models import ImportBatch, ImportRow, ImportRowQuerySet
from crm.imports.planning.planned import PlannedRow
from crm.imports.reading.sheets import SheetRow
from crm.themes.models import Theme
from engagement.codes.models import Code
from engagement.exchange.said import (
    CODE_IN_USE,
    CODE_REFUSED,
    CODE_SINCE,
    NO_CODES,
    NO_PARENT,
    NO_THEME,
    SAME_CODE,
)
from engagement.statements.recoding import delete_code

Action = ImportRow.Action
Values = dict[str, Any]
_MEANS = {
    "code": "code_name",
    "part of": "code_parent",
    "deel van": "code_parent",
    "theme": "code_theme",
    "thema": "code_theme",
    "when to use it": "code_description",
    "wanneer je haar gebruikt": "code_description",
}
READ = frozenset(_MEANS.values())
# What a row can change of a code that is there.
SAYS = ("code_parent", "code_theme", "code_description")


def blank() -> Values:
    return dict.fromkeys(READ, "")


def map_columns(headings: Sequence[str], _sample: Any) -> Mapping:
    fields = [_MEANS.get(" ".join(words(heading)), "") for heading in headings]
    first = [name if name not in fields[:at] else "" for at, name in enumerate(fields)]
    return Mapping(list(headings), first)


def claims(mapping: Mapping) -> bool:
    return mapping.has("code_name") and mapping.has("code_parent") and mapping.has("code_description")


def lacks(mapping: Mapping) -> Said | None:
    return None if mapping.has("code_name") else NO_CODES()


class CodeReader:
    def __init__(self, mapping: Mapping) -> None:
        self._at = {name: at for name in READ for at in mapping.columns_of(name)}

    def read(self, row: SheetRow) -> RowReading:
        reading = RowReading(blank())
        for name, at in self._at.items():
            text = plain_cell(row.cells[at]) if at < len(row.cells) else ""
            reading.values[name] = text if name == "code_description" else " ".join(text.split())
        return reading


class CodePlanner(Planner):
    """A code is known by its name, as everywhere: two that differ in capitals or accents only are one. What
    it is part of stands in a row above it, or is there already.
    """

    def __init__(self) -> None:
        codes = Code.objects.in_use().select_related("parent", "theme")
        self._there = {code.key: as_said(code) for code in codes}
        self._themes = _themes()
        self._rows: dict[str, PlannedRow] = {}

    def plan(self, piece: Sequence[tuple[PlannedRow, RowReading]]) -> None:
        for row, _reading in piece:
            self._decide(row)

    def resume(self, rows: Sequence[PlannedRow]) -> None:
        for row in rows:
            if row.action != Action.REFUSED:
                self._rows.setdefault(fold(row.values["code_name"]), row)

    def _decide(self, row: PlannedRow) -> None:
        values = row.values
        key, parent, theme = (fold(values[name]) for name in ("code_name", "code_parent", "code_theme"))
        if not words(values["code_name"]):
            row.refuse(CODE_REFUSED(why=""))
        elif key in self._rows:
            row.action, row.repeats = Action.REPEATED, self._rows[key]
            row.reason = [SAME_CODE(row=self._rows[key].number)]
        elif parent and parent not in self._there and parent not in self._rows:
            row.refuse(NO_PARENT(code=values["code_parent"][:60]))
        elif theme and theme not in self._themes:
            row.refuse(NO_THEME(theme=values["code_theme"][:60]))
        else:
            self._rows[key] = row
            row.changes = _differences(self._there[key], values) if key in self._there else {}
            there = Action.CHANGED if row.changes else Action.SAME
            row.action = there if key in self._there else Action.NEW


def as_said(code: Code) -> Values:
    return {
        "code_name": code.name,
        "code_parent": str(code.parent or ""),
        "code_theme": code.theme.name_nl if code.theme else "",
        "code_description": code.description,
    }


def _themes() -> dict[str, Theme]:
    """By their names in both languages, folded."""
    return {fold(name): one for one in Theme.objects.all() for name in (one.name_nl, one.name_en)}


def _differences(there: Values, values: Values) -> dict[str, list[Any]]:
    """{field: [old, new]}: an empty cell leaves what is there."""
    themes = _themes() if values["code_theme"] else {}
    new = values | ({"code_theme": themes[fold(values["code_theme"])].name_nl} if themes else {})
    return {
        name: [there[name], new[name]] for name in SAYS if new[name] and fold(new[name]) != fold(there[name])
    }


def write(batch: ImportBatch, rows: ImportRowQuerySet, first: int, last: int) -> None:
    for row in rows.filter(position__gte=first, position__lte=last).that_write().order_by("position"):
        values = {**blank(), **row.values}
        row.keep_to_choice()
        try:
            if row.action == Action.NEW:
                _say(
                    Code(name=values["code_name"], import_batch=batch), {name: values[name] for name in SAYS}
                )
            elif not _turn(row, values, was=0):
                raise ValidationError("")
        except ValidationError as problem:
            why = " ".join(message for message in problem.messages if message)
            row.action, row.changes = Action.REFUSED, {}
            row.reason = [CODE_REFUSED(why=why) if why else CODE_SINCE()]
            row.save(update_fields=["action", "reason", "changes"])


def _say(code: Code, values: Values) -> None:
    """Store what a row says of a code; ValidationError for a circle, or a parent that is gone."""
    if "code_parent" in values:
        code.parent = _code(values["code_parent"]) if values["code_parent"] else None
        if values["code_parent"] and code.parent is None:
            raise ValidationError(told([NO_PARENT(code=values["code_parent"][:60])]))
    if "code_theme" in values:
        code.theme = _themes().get(fold(values["code_theme"]))
    code.description = values.get("code_description", code.description)
    code.full_clean(exclude=["key"])
    code.save()


def _code(name: str) -> Code | None:
    return Code.objects.in_use().select_related("parent", "theme").filter(key=fold(name)).first()


def _turn(row: ImportRow, values: Values, *, was: int) -> bool:
    """Let it say the other side of what the row changes, if it says the side `was` now."""
    code = _code(values["code_name"])
    now = as_said(code) if code else {}
    if code is None or any(fold(now[name]) != fold(pair[was]) for name, pair in row.changes.items()):
        return False
    _say(code, {name: pair[1 - was] for name, pair in row.changes.items()})
    return True


def undo(_batch: ImportBatch, rows: Sequence[ImportRow]) -> None:
    for row in rows:
        values = {**blank(), **row.values}
        try:
            done = _turn(row, values, was=1) if row.changes else _delete(values)
            row.kept = [] if done else [CODE_SINCE()]
        except ValidationError:
            row.kept = [CODE_IN_USE()]


def _delete(values: Values) -> bool:
    """Whether it is still there; ValidationError when statements have it or codes are part of it."""
    code = _code(values["code_name"])
    if code:
        delete_code(code=code)
    return code is not None
