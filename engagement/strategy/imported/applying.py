"""Bringing a tree in as its plan says, and taking it back, a row after the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError

from crm.imports.models import ImportBatch, ImportRow, ImportRowQuerySet
from crm.organisations.models import Organisation
from engagement.strategy import services
from engagement.strategy.imported.columns import DAYS, SAYS, Values, blank
from engagement.strategy.imported.planning import as_said, number_in
from engagement.strategy.models import StrategyItem
from engagement.strategy.said import PART_IN_USE, PART_MEANWHILE, PART_REFUSED, PART_SINCE

Action = ImportRow.Action


def write(_batch: ImportBatch, rows: ImportRowQuerySet, first: int, last: int) -> None:
    numbers: dict[str, int] = {}
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
        elif row.action == Action.NEW or "item_code" in row.changes:
            numbers[values["item_key"]] = number_in(values["item_code"])
    if numbers:
        services.arrange(numbers=numbers)


def _make(values: Values) -> bool:
    """False when what it hangs under is gone, or it came in meanwhile; ValidationError when it cannot be."""
    parent = _item(values["parent_key"])
    if bool(parent) != bool(values["parent_key"]) or _item(values["item_key"]):
        return False
    kind = StrategyItem.Kind.values[values["item_code"].count(".")]
    item = StrategyItem(uuid=UUID(values["item_key"]), kind=kind, parent=parent)
    _say(item, {name: values[name] for name in SAYS if values[name]})
    return True


def _item(key: str) -> StrategyItem | None:
    """None when it is gone, or there is no key."""
    return StrategyItem.objects.select_related("parent", "owner").filter(uuid=key).first() if key else None


def _say(item: StrategyItem, said: Values) -> None:
    for name, text in said.items():
        owner = name == "item_owner" and text
        value = Organisation.objects.known_as(text).first() if owner else text
        setattr(item, SAYS[name], value or _EMPTY.get(name, ""))
    item.full_clean(exclude=["code", "uuid"])
    services.save_item(item=item)


_EMPTY: dict[str, Any] = {"progress": 0, **dict.fromkeys(["item_owner", "item_contact", *DAYS])}


def _turn(row: ImportRow, values: Values, *, was: int) -> bool:
    """Let it say the other side of what the row changes, and hang there, if it is on the side `was` now."""
    item = _item(values["item_key"])
    now = as_said(item) if item else {}
    said = {name: pair for name, pair in row.changes.items() if name != "item_code"}
    if item is None or any(now[name] != pair[was] for name, pair in said.items()):
        return False
    if "item_code" in row.changes and not _hang(item, values, was=was):
        return False
    _say(item, {name: pair[1 - was] for name, pair in said.items()})
    return True


def _hang(item: StrategyItem, values: Values, *, was: int) -> bool:
    """Let it, not saved, be under what it is under on the other side, if it is as on the side `was` now."""
    sides = values["was_under"], values["parent_key"]
    before, after = item.parent, _item(sides[1 - was])
    if (str(before.uuid) if before else "") != sides[was] or bool(after) != bool(sides[1 - was]):
        return False
    item.parent = after
    return True


def undo(_batch: ImportBatch, rows: Sequence[ImportRow]) -> None:
    numbers: dict[str, int] = {}
    for row in rows:
        values = {**blank(), **row.values}
        try:
            done = _turn(row, values, was=1) if row.changes else _delete(values)
            row.kept = [] if done else [PART_SINCE()]
        except ValidationError:
            row.kept = [PART_SINCE() if row.changes else PART_IN_USE()]
        if "item_code" in row.changes and not row.kept:
            numbers[values["item_key"]] = number_in(row.changes["item_code"][0])
    if numbers:
        services.arrange(numbers=numbers)


def _delete(values: Values) -> bool:
    """Whether it was as the row left it; ValidationError when something hangs on it."""
    item = _item(values["item_key"])
    if item is None or item.version > 1:
        return False
    services.delete_item(item=item)
    return True
