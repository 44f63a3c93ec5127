"""Carrying out a plan, piece by piece: each piece and the mark behind it are one transaction."""

from collections.abc import Callable
from datetime import datetime

from django.db import DataError, IntegrityError, transaction
from django.utils import timezone

from crm.base.bulk_rows import ahead, by_key
from crm.imports.applying.contacts import PeopleWriter
from crm.imports.applying.organisations import write_organisation
from crm.imports.applying.refusing import RowRefused
from crm.imports.kinds import KINDS
from crm.imports.models import ImportBatch, ImportRow, ImportRowQuerySet
from crm.imports.said import NOT_TAKEN

State = ImportBatch.State
# Rows per transaction: a kill loses the work of one, and no lock is held for long.
PIECE = 6000


@by_key()
def apply_piece(pk: int, claimed_until: datetime) -> bool:
    """Apply the next rows; False once none is left or somebody paused it.

    The lock makes a second worker wait, then see less.
    """
    batch = ImportBatch.objects.select_for_update(of=("self",)).select_related("created_by").get(pk=pk)
    if batch.state != State.APPLYING:
        return False
    last = batch.applied_to + PIECE
    KINDS[batch.kind].write(batch, batch.rows.all(), batch.applied_to + 1, last)
    batch.applied_to, batch.claimed_until = min(last, batch.planned_to), claimed_until
    if batch.applied_to == batch.planned_to:
        batch.state, batch.finished_at = State.APPLIED, timezone.now()
        batch.file_parts.all()._raw_delete("default")
    batch.save(update_fields=["state", "applied_to", "finished_at", "claimed_until"])
    return batch.state == State.APPLYING


def write_people(batch: ImportBatch, rows: ImportRowQuerySet, first: int, last: int) -> None:
    write_together(lambda here: PeopleWriter(batch, here).write(), rows, first, last)


def write_together(
    write: Callable[[ImportRowQuerySet], object], rows: ImportRowQuerySet, first: int, last: int
) -> None:
    """All of these rows from `first` to `last` at once; where the database refuses that, the halves, down to
    the row that is the cause. The caller owns the transaction.
    """
    here = rows.filter(position__gte=first, position__lte=last).that_write()
    try:
        with transaction.atomic(), ahead():
            write(here)
    except (IntegrityError, DataError, ValueError) as error:
        if first == last:
            _refuse(here.get(), type(error).__name__)
            return
        middle = (first + last) // 2
        write_together(write, rows, first, middle)
        write_together(write, rows, middle + 1, last)


def write_organisations(batch: ImportBatch, rows: ImportRowQuerySet, first: int, last: int) -> None:
    here = rows.filter(position__gte=first, position__lte=last)
    for row in here.that_write().order_by("position"):
        _write_organisation(batch, row)


def _write_organisation(batch: ImportBatch, row: ImportRow) -> None:
    """One row in its own savepoint: when it fails it says why, and the others go on."""
    try:
        with transaction.atomic():
            row.organisation = write_organisation(batch, row)
    except RowRefused as refused:
        row.action, row.reason, row.changes = ImportRow.Action.REFUSED, [refused.said], {}
        row.save(update_fields=["action", "reason", "changes"])
    except (IntegrityError, DataError, ValueError) as error:
        _refuse(row, type(error).__name__)


def _refuse(row: ImportRow, error: str) -> None:
    row.action, row.reason, row.changes = ImportRow.Action.REFUSED, [NOT_TAKEN(error=error)], {}
    row.save(update_fields=["action", "reason", "changes"])
