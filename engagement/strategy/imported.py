"""The tree of the strategy from a spreadsheet: a row for each part, under the one that its code says."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils import translation

from crm.base.said import Said
from crm.base.text import fold, words
from crm.exchange.cleaning import plain_cell
from crm.exchange.dates import date_of
from crm.imports.columns.mapping import Mapping
from crm.imports.columns.rows import RowReading
from crm.imports.kinds import Planner
from crm.imports.models import ImportBatch, ImportRow, ImportRowQuerySet
from crm.imports.planning.planned import PlannedRow
from crm.imports.reading.sheets import SheetRow
from crm.imports.said import TOO_LONG
from crm.organisations.models import Organisation
from engagement.statements.texts import stored
from engagement.strategy import services
from engagement.strategy.exports import COLUMNS
from engagement.strategy.models import StrategyItem
from engagement.strategy.said import (
    NO_OWNER,
    NO_PARENT,
    NO_PARTS,
    NO_PLACE,
    NO_TITLE,
    NOT_READ,
    PART_IN_USE,
    PART_MEANWHILE,
    PART_REFUSED,
    PART_SINCE,
    PLACE_STAYS,
    SAME_PART,
)

Action = ImportRow.Action
Values = dict[str, Any]
_PLACE = re.compile(r"[1-9]\d*(\.[1-9]\d*){0,2}")
_TEXTS = ("title_nl", "title_en", "text_nl", "text_en")
_DAYS = ("stalled_since", "starts_on", "ends_on")
# What a row says of a part, by what the model calls it.
SAYS = {
    **{name: name for name in (*_TEXTS, "progress", *_DAYS)},
    **{f"item_{name}": name for name in ("owner", "aspect", "state")},
}
READ = frozenset(COLUMNS)


def blank() -> Values:
    return {**dict.fromkeys(COLUMNS, ""), "parent_key": ""}


@lru_cache
def _means() -> dict[str, str]:
    """Which heading means what, in every language."""
    found: dict[str, str] = {}
    for language in ("nl", "en"):
        with translation.override(language):
            found |= {" ".join(words(str(label))): name for name, (label, _cell) in COLUMNS.items()}
    return found


def map_columns(headings: Sequence[str], _sample: Any) -> Mapping:
    fields = [_means().get(" ".join(words(heading)), "") for heading in headings]
    first = [name if name not in fields[:at] else "" for at, name in enumerate(fields)]
    return Mapping(list(headings), first)


def claims(mapping: Mapping) -> bool:
    return mapping.has("item_code") and mapping.has("title_nl")


def lacks(mapping: Mapping) -> Said | None:
    return None if claims(mapping) else NO_PARTS()


class ItemReader:
    def __init__(self, mapping: Mapping) -> None:
        self._at = {name: at for name in COLUMNS for at in mapping.columns_of(name)}

    def read(self, row: SheetRow) -> RowReading:
        """`nobody` of the reading says why the row can be no part."""
        reading = RowReading(blank())
        for name, at in self._at.items():
            cell = row.cells[at] if at < len(row.cells) else ""
            reading.values[name] = stored(cell).strip() if name in _TEXTS else plain_cell(cell)
        for name, read in _READERS.items():
            text = reading.values[name]
            reading.values[name] = read(text)
            if text and not reading.values[name]:
                reading.remarks.append(NOT_READ(text=text[:60]))
        limits = [(reading.values[name], _longest(name)) for name in _TEXTS]
        reading.nobody += [TOO_LONG(start=text[:30], most=most) for text, most in limits if len(text) > most]
        return reading


def _longest(name: str) -> int:
    field: Any = StrategyItem._meta.get_field(name)
    return int(field.max_length)


def _choice(choices: type[TextChoices]) -> Callable[[str], str]:
    """By value and by label in every language."""
    found: dict[str, str] = {}
    for language in ("nl", "en"):
        with translation.override(language):
            found |= {fold(str(word)): one.value for one in choices for word in (one.value, one.label)}
    return lambda text: found.get(fold(text), "")


def _percent(text: str) -> str:
    digits = text.rstrip("% ")
    return str(int(digits)) if digits.isdecimal() and int(digits) <= 100 else ""


def _key(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        return ""


_READERS: dict[str, Callable[[str], str]] = {
    "item_aspect": lambda text: _choice(StrategyItem.Aspect)(text),
    "item_state": lambda text: _choice(StrategyItem.State)(text),
    "progress": _percent,
    "item_key": _key,
    **dict.fromkeys(_DAYS, date_of),
}


class ItemPlanner(Planner):
    """A part is known by its key; without one, or with one that nobody here has, by its place, and then by
    its title too. What it hangs under stands in a row above it, or is there already.
    """

    def __init__(self) -> None:
        items = list(StrategyItem.objects.select_related("owner"))
        self._by_key = {str(item.uuid): item for item in items}
        self._by_place = {item.code: item for item in items}
        # The key of the part in each place, as the rows so far say it.
        self._places: dict[str, str] = {}
        self._rows: dict[str, PlannedRow] = {}

    def plan(self, piece: Sequence[tuple[PlannedRow, RowReading]]) -> None:
        for row, reading in piece:
            self._find_owner(row.values, reading)
            self._decide(row, reading)

    def resume(self, rows: Sequence[PlannedRow]) -> None:
        for row in rows:
            if row.action != Action.REFUSED:
                self._remember(row)

    def _find_owner(self, values: Values, reading: RowReading) -> None:
        if name := values["item_owner"]:
            owner = Organisation.objects.known_as(name).first()
            values["item_owner"] = str(owner or "")
            reading.remarks += [] if owner else [NO_OWNER(name=name[:60])]

    def _decide(self, row: PlannedRow, reading: RowReading) -> None:
        values, place = row.values, row.values["item_code"]
        item = self._known(values)
        key = str(item.uuid) if item else values["item_key"] or self._places.get(place, "")
        if not values["title_nl"]:
            row.refuse(NO_TITLE())
        elif reading.nobody:
            row.refuse(*reading.nobody)
        elif key in self._rows:
            row.action, row.repeats = Action.REPEATED, self._rows[key]
            row.reason = [SAME_PART(row=self._rows[key].number)]
        elif item:
            self._compare(row, item)
        elif not _PLACE.fullmatch(place):
            row.refuse(NO_PLACE(code=place[:60]))
        else:
            self._new(row)

    def _known(self, values: Values) -> StrategyItem | None:
        if values["item_key"] in self._by_key:
            return self._by_key[values["item_key"]]
        there = self._by_place.get(values["item_code"])
        if there and values["item_key"] and fold(there.title_nl) != fold(values["title_nl"]):
            return None
        return there

    def _compare(self, row: PlannedRow, item: StrategyItem) -> None:
        row.values["item_key"] = str(item.uuid)
        row.changes = _differences(as_said(item), row.values)
        row.action = Action.CHANGED if row.changes else Action.SAME
        if row.values["item_code"] != item.code:
            row.reason = [PLACE_STAYS(code=item.code)]
        self._remember(row)

    def _new(self, row: PlannedRow) -> None:
        above = row.values["item_code"].rpartition(".")[0]
        there = self._by_place.get(above)
        parent = self._places.get(above) or (str(there.uuid) if there else "")
        if above and not parent:
            row.refuse(NO_PARENT(code=above))
            return
        row.action = Action.NEW
        row.values |= {"item_key": row.values["item_key"] or str(uuid4()), "parent_key": parent}
        self._remember(row)

    def _remember(self, row: PlannedRow) -> None:
        self._rows.setdefault(row.values["item_key"], row)
        self._places.setdefault(row.values["item_code"], row.values["item_key"])


def as_said(item: StrategyItem) -> Values:
    """What a row that says the same holds."""
    return {name: str(getattr(item, field) or "") for name, field in SAYS.items()} | {
        "progress": str(item.progress)
    }


def _differences(there: Values, values: Values) -> dict[str, list[str]]:
    """{field: [old, new]}: an empty cell leaves what is there, and line breaks are no difference."""
    return {
        name: [there[name], values[name]]
        for name in SAYS
        if values[name] and values[name].split() != there[name].split()
    }


def write(_batch: ImportBatch, rows: ImportRowQuerySet, first: int, last: int) -> None:
    for row in rows.filter(position__gte=first, position__lte=last).that_write().order_by("position"):
        values = {**blank(), **row.values}
        row.keep_to_choice()
        try:
            done = _make(values) if row.action == Action.NEW else _turn(row, values, was=0)
            reason = None if done else PART_MEANWHILE()
        except ValidationError as problem:
            reason = PART_REFUSED(why=" ".join(problem.messages))
        if reason:
            row.action, row.reason, row.changes = Action.REFUSED, [reason], {}
            row.save(update_fields=["action", "reason", "changes"])


def _make(values: Values) -> bool:
    """False when what it hangs under is gone, or it came in meanwhile; ValidationError when it cannot be."""
    parent = _item(values["parent_key"]) if values["parent_key"] else None
    if values["parent_key"] and parent is None or _item(values["item_key"]):
        return False
    kind = StrategyItem.Kind.values[values["item_code"].count(".")]
    item = StrategyItem(uuid=UUID(values["item_key"]), kind=kind, parent=parent)
    _say(item, {name: values[name] for name in SAYS if values[name]})
    return True


def _item(key: str) -> StrategyItem | None:
    return StrategyItem.objects.select_related("parent", "owner").filter(uuid=key).first()


def _say(item: StrategyItem, said: Values) -> None:
    for name, text in said.items():
        owner = name == "item_owner" and text
        value = Organisation.objects.known_as(text).first() if owner else text
        setattr(item, SAYS[name], value or _EMPTY.get(name, ""))
    item.full_clean(exclude=["code", "uuid"])
    services.save_item(item=item)


_EMPTY: dict[str, Any] = {"item_owner": None, "progress": 0, **dict.fromkeys(_DAYS)}


def _turn(row: ImportRow, values: Values, *, was: int) -> bool:
    """Let it say the other side of what the row changes, if it says the side `was` now."""
    item = _item(values["item_key"])
    now = as_said(item) if item else {}
    if item is None or any(now[name] != pair[was] for name, pair in row.changes.items()):
        return False
    _say(item, {name: pair[1 - was] for name, pair in row.changes.items()})
    return True


def undo(_batch: ImportBatch, rows: Sequence[ImportRow]) -> None:
    for row in rows:
        values = {**blank(), **row.values}
        try:
            done = _turn(row, values, was=1) if row.changes else _delete(values)
            row.kept = [] if done else [PART_SINCE()]
        except ValidationError:
            row.kept = [PART_IN_USE()]


def _delete(values: Values) -> bool:
    """Whether it was as the row left it; ValidationError when something hangs on it."""
    item = _item(values["item_key"])
    if item is None or item.version > 1:
        return False
    services.delete_item(item=item)
    return True
