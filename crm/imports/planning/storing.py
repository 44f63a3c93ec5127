"""Keeping the rows of a plan, and having them back."""

import json
from collections.abc import Iterator, Sequence
from operator import attrgetter

from crm.base import bulk_rows
from crm.base.bulk_rows import one_by_one
from crm.imports.columns.values import compact, whole
from crm.imports.kinds import KINDS
from crm.imports.models import ImportBatch, ImportRow, ImportRowQuerySet
from crm.imports.planning.lookups import rows_about
from crm.imports.planning.planned import PlannedRow

Action = ImportRow.Action
_COLUMNS = (
    *("position", "number", "sheet", "action", "reason", "original", "values", "changes", "candidates"),
    *("contact_id", "organisation_id", "repeats"),
)
# What is read back: a place, what it says, and what it does.
_READ = (
    *("position", "number", "sheet", "values", "repeats", "candidates"),
    *("action", "changes", "contact", "organisation"),
)
as_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_NOTHING, _EMPTY = "{}", "[]"


def store_rows(batch: ImportBatch, rows: Sequence[PlannedRow]) -> None:
    """Write these rows. Whom they bring in gets a number now, so that later rows can point at them."""
    _number(batch.kind, rows)
    bulk_rows.insert(ImportRow, _COLUMNS, [_stored(row) for row in rows], batch=batch)


def _number(kind: str, rows: Sequence[PlannedRow]) -> None:
    if brings := KINDS[kind].brings:
        new = [row for row in rows if row.action == Action.NEW]
        for row, number in zip(new, bulk_rows.reserve(brings[0], len(new)), strict=True):
            setattr(row, brings[1], number)
    for row in rows:
        if row.repeats and not row.could_be:
            row.contact_id, row.organisation_id = row.repeats.contact_id, row.repeats.organisation_id


def _stored(row: PlannedRow) -> bulk_rows.Row:
    return (
        row.position,
        row.number,
        row.sheet[:100],
        str(row.action),
        as_json(row.reason) if row.reason else _EMPTY,
        as_json(row.original),
        as_json(compact(row.values)),
        as_json(row.changes) if row.changes else _NOTHING,
        as_json(_candidates(row)) if row.could_be else _EMPTY,
        row.contact_id,
        row.organisation_id,
        row.repeats.position if row.repeats else None,
    )


def _candidates(row: PlannedRow) -> list[int]:
    numbers = [one.contact_id if isinstance(one, PlannedRow) else one for one in row.could_be]
    return [number for number in numbers if number]


class StoredRows:
    """The rows of a batch that is being planned; see EarlierRows."""

    def __init__(self, batch: ImportBatch) -> None:
        self._batch = batch

    def about(self, positions: set[int]) -> list[PlannedRow]:
        numbers = sorted(rows_about(self._batch.pk, positions))
        rows = self._planned(ImportRow.objects.filter(pk__in=one_by_one(numbers, "default")).order_by())
        return sorted(rows, key=attrgetter("position"))

    def up_to_now(self, size: int) -> Iterator[list[PlannedRow]]:
        """All of them, in file order, so many at a time."""
        for start in range(0, self._batch.planned_to, size):
            piece = self._batch.rows.filter(position__gt=start, position__lte=start + size)
            yield self._planned(piece.order_by("position"))

    def _planned(self, rows: ImportRowQuerySet) -> list[PlannedRow]:
        """As they were before they were stored, without their cells and reasons; of the row that one repeats
        only the place is known.
        """
        kind = self._batch.kind
        found = []
        for position, number, sheet, values, repeats, candidates, *decided in rows.values_list(*_READ):
            row = PlannedRow(position, number, sheet, [], whole(kind, values), *decided)
            row.could_be = candidates
            row.repeats = PlannedRow(repeats, 0, "", [], {}) if repeats else None
            found.append(row)
        return found
