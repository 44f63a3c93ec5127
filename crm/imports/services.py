"""An import from upload to result: what a person has done with it. The work itself is in background.py."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.files import File
from django.db import transaction

from crm.accounts.models import User
from crm.base import doorbell
from crm.imports.models import ImportBatch, ImportFilePart, ImportLayout, ImportRow
from crm.imports.planning.layouts import fingerprint
from crm.imports.planning.plans import PIECE, Plan
from crm.imports.planning.storing import store_rows

State = ImportBatch.State
TASK = "tasks.imports.work"
_PART = 512 * 1024  # bytes; so neither web process nor worker ever holds a whole file


class NotPlanned(ValueError):
    """The import was applied or thrown away meanwhile."""


@transaction.atomic
def upload(*, file: "File[Any]", kind: str, sector: str, by: User | None) -> ImportBatch:
    """Keep a file and let a worker read it."""
    batch = ImportBatch.objects.create(
        kind=kind,
        sector=sector,
        state=State.UPLOADED,
        file_name=(file.name or "")[-255:],
        created_by=by,
    )
    for position, content in enumerate(file.chunks(_PART), 1):
        ImportFilePart.objects.create(batch=batch, position=position, content=content)
    doorbell.ring(TASK)
    return batch


@transaction.atomic
def store(*, plan: Plan, by: User | None = None) -> ImportBatch:
    """Keep a plan, so that it is applied exactly as it was shown."""
    batch = ImportBatch.objects.create(
        kind=plan.kind,
        file_name=plan.file_name[-255:],
        sheet=plan.sheet[:100],
        columns=plan.columns,
        remarks=plan.remarks,
        sector=plan.sector,
        created_by=by,
        planned_to=len(plan.rows),
        planned_at=plan.made_at,
    )
    for start in range(0, len(plan.rows), PIECE):
        store_rows(batch, plan.rows[start : start + PIECE])
    return batch


@transaction.atomic
def confirm_columns(
    *, batch: ImportBatch, fields: Sequence[str], kind: str, sector: str, by: User
) -> ImportBatch:
    """Read the columns so, now and for every file of this layout; an earlier plan is made anew."""
    headings = [heading for heading, _field in batch.columns]
    layout, _created = ImportLayout.objects.update_or_create(
        fingerprint=fingerprint(headings),
        defaults={"kind": kind, "fields": list(fields), "sector": sector, "confirmed_by": by},
    )
    columns = [list(pair) for pair in zip(headings, fields, strict=True)]
    _again(batch, State.PLANNING, columns=columns, kind=kind, sector=sector, layout=layout)
    return batch


@transaction.atomic
def choose_sheet(*, batch: ImportBatch, sheet: str) -> ImportBatch:
    """Read this sheet of the file instead."""
    _again(batch, State.UPLOADED, wanted_sheet=sheet[:100], kind="")
    return batch


def _again(batch: ImportBatch, state: str, **values: Any) -> None:
    _move(batch, [State.MAPPING, State.PLANNED, State.FAILED], state, planned_to=0, problem=[], **values)
    batch.rows.all()._raw_delete("default")
    doorbell.ring(TASK)


@transaction.atomic
def queue(*, batch: ImportBatch) -> ImportBatch:
    """Let a worker apply `batch`, or go on with it; NotPlanned when that was decided already."""
    _move(batch, [State.PLANNED, State.PAUSED], State.QUEUED)
    doorbell.ring(TASK)
    return batch


@transaction.atomic
def pause(*, batch: ImportBatch) -> ImportBatch:
    """Stop after the piece that is being written; what is applied stays applied."""
    _move(batch, [State.QUEUED, State.APPLYING], State.PAUSED, claimed_until=None)
    return batch


@transaction.atomic
def discard(*, batch: ImportBatch) -> ImportBatch:
    """Throw the plan away, and with it the file and the personal data in its rows."""
    waiting = [State.UPLOADED, State.MAPPING, State.PLANNING, State.PLANNED, State.FAILED]
    _move(batch, waiting, State.DISCARDED, examples=[], planned_to=0)
    forget(batch)
    return batch


@transaction.atomic
def undo(*, batch: ImportBatch) -> ImportBatch:
    """Let a worker put back what `batch` did, from its last row to its first; NotPlanned when it cannot."""
    if batch.forgotten:
        raise NotPlanned
    _move(batch, [State.APPLIED, State.PAUSED], State.UNDOING, undone_from=None)
    doorbell.ring(TASK)
    return batch


@transaction.atomic
def forget(batch: ImportBatch) -> None:
    """Delete what a batch holds of people: its file, its rows and its examples. What points at them stays."""
    batch.file_parts.all()._raw_delete("default")
    for relation in ImportRow._meta.related_objects:
        pointing = relation.related_model._default_manager.filter(**{f"{relation.field.name}__batch": batch})
        pointing.update(**{relation.field.name: None})
    batch.rows.all()._raw_delete("default")
    ImportBatch.objects.filter(pk=batch.pk).update(forgotten=True, examples=[])


def _move(batch: ImportBatch, before: Iterable[str], after: str, **values: Any) -> None:
    """Decided once: whoever comes second gets NotPlanned."""
    moved = ImportBatch.objects.filter(pk=batch.pk, state__in=before).update(state=after, **values)
    batch.refresh_from_db()
    if not moved:
        raise NotPlanned
