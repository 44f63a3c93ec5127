"""Carrying out a plan, piece by piece: each piece and the mark behind it are one transaction."""

from collections.abc import Sequence
from datetime import datetime

from django.db import DataError, IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.bulk_rows import ahead, by_key
from crm.imports.contact_writing import PeopleWriter
from crm.imports.meanwhile import Meanwhile
from crm.imports.models import ImportBatch, ImportRow, Kind
from crm.imports.organisation_writing import write_organisation
from crm.imports.refusing import RowRefused

State = ImportBatch.State
# Rows per transaction: a kill loses the work of one, and no lock is held for long.
PIECE = 4000


@by_key()
def apply_piece(pk: int, meanwhile: Meanwhile, claimed_until: datetime) -> bool:
    """Apply the next rows; False once none is left or somebody paused it.

    The lock makes a second worker wait, then see less.
    """
    batch = ImportBatch.objects.select_for_update(of=("self",)).select_related("created_by").get(pk=pk)
    if batch.state != State.APPLYING:
        return False
    last = batch.applied_to + PIECE
    here = ImportRow.objects.filter(batch=pk, position__gt=batch.applied_to, position__lte=last)
    meanwhile.look()
    if batch.kind == Kind.CONTACTS:
        _write_people(batch, list(here.that_write().order_by("position")), meanwhile)
    else:
        for row in here.that_write().order_by("position"):
            _write_organisation(batch, row)
    batch.applied_to, batch.claimed_until = min(last, batch.planned_to), claimed_until
    if batch.applied_to == batch.planned_to:
        batch.state, batch.finished_at = State.APPLIED, timezone.now()
        batch.file_parts.all()._raw_delete("default")
    batch.save(update_fields=["state", "applied_to", "finished_at", "claimed_until"])
    return batch.state == State.APPLYING


def _write_people(batch: ImportBatch, rows: Sequence[ImportRow], meanwhile: Meanwhile) -> None:
    """All of them at once; where the database refuses that, the halves, down to the row that is the cause."""
    try:
        with transaction.atomic(), ahead():
            PeopleWriter(batch, rows, meanwhile).write()
    except (IntegrityError, DataError, ValueError) as error:
        if len(rows) == 1:
            _refuse(rows[0], type(error).__name__)
            return
        middle = len(rows) // 2
        for half in (rows[:middle], rows[middle:]):
            again = batch.rows.filter(pk__in=[row.pk for row in half]).order_by("position")
            _write_people(batch, list(again), meanwhile)


def _write_organisation(batch: ImportBatch, row: ImportRow) -> None:
    """One row in its own savepoint: when it fails it says why, and the others go on."""
    try:
        with transaction.atomic():
            row.organisation = write_organisation(batch, row)
    except RowRefused as refused:
        row.action, row.reason, row.changes = ImportRow.Action.REFUSED, str(refused), {}
        row.save(update_fields=["action", "reason", "changes"])
    except (IntegrityError, DataError, ValueError) as error:
        _refuse(row, type(error).__name__)


def _refuse(row: ImportRow, error: str) -> None:
    row.action, row.changes = ImportRow.Action.REFUSED, {}
    row.reason = _("The database did not take this row (%(error)s).") % {"error": error}
    row.save(update_fields=["action", "reason", "changes"])
