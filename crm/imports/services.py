"""An import from plan to result: store it, put it in the queue, apply it piece by piece, throw it away."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DataError, IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from crm import doorbell
from crm.accounts.models import User
from crm.imports.models import ImportBatch, ImportRow
from crm.imports.planned import PlannedRow
from crm.imports.planning import Plan
from crm.imports.writing import RowRefused, write_contact, write_organisation

State = ImportBatch.State
TASK = "tasks.imports.apply_queued"
# Rows per transaction: a kill loses the work of one, and no lock is held for long.
_PIECE = 50
_LEASE = timedelta(seconds=60)
# Short, so that the one child of a worker also gets to mail and its heartbeat; it rings for the rest.
_LONGEST_RUN = timedelta(seconds=20)


class NotPlanned(ValueError):
    """The import was applied or thrown away meanwhile."""


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
    )
    ImportRow.objects.bulk_create([_row(batch, planned) for planned in plan.rows], batch_size=500)
    _link_repeats(batch, plan.rows)
    return batch


def _row(batch: ImportBatch, planned: PlannedRow) -> ImportRow:
    return ImportRow(
        batch=batch,
        position=planned.position,
        number=planned.number,
        sheet=planned.sheet[:100],
        action=planned.action,
        reason=planned.reason,
        original=planned.original,
        values=planned.values,
        changes=planned.changes,
        contact_id=planned.contact_id,
        organisation_id=planned.organisation_id,
    )


def _link_repeats(batch: ImportBatch, planned: Iterable[PlannedRow]) -> None:
    earlier = {row.position: row.repeats.position for row in planned if row.repeats}
    rows = {row.position: row for row in batch.rows.filter(position__in={*earlier, *earlier.values()})}
    for position, first in earlier.items():
        rows[position].repeats = rows[first]
    ImportRow.objects.bulk_update([rows[position] for position in earlier], ["repeats"], batch_size=200)


@transaction.atomic
def queue(*, batch: ImportBatch) -> ImportBatch:
    """Let a worker apply `batch`; NotPlanned when that was decided already."""
    _leave_planned(batch, State.QUEUED)
    doorbell.ring(TASK)
    return batch


@transaction.atomic
def discard(*, batch: ImportBatch) -> ImportBatch:
    """Throw the plan away, and with it the personal data in its rows."""
    _leave_planned(batch, State.DISCARDED)
    batch.rows.all().delete()
    return batch


def _leave_planned(batch: ImportBatch, state: str) -> None:
    moved = ImportBatch.objects.filter(pk=batch.pk, state=State.PLANNED).update(state=state)
    batch.refresh_from_db()
    if not moved:
        raise NotPlanned


def apply_now(*, batch: ImportBatch) -> ImportBatch:
    """Apply a planned batch in this process."""
    with transaction.atomic():
        _leave_planned(batch, State.QUEUED)
    while _claim(batch.pk) and not _apply_claimed(batch.pk, timezone.now() + _LONGEST_RUN):
        continue
    batch.refresh_from_db()
    return batch


def apply_queued() -> int:
    """Apply what waits, and what a killed worker left behind; the number of batches finished.

    Any number of workers may run this: each piece locks the batch and takes only rows not applied yet.
    """
    until = timezone.now() + _LONGEST_RUN
    finished = 0
    for pk in _waiting().values_list("pk", flat=True):
        if timezone.now() < until and _claim(pk):
            finished += _apply_claimed(pk, until)
    if timezone.now() >= until:
        doorbell.ring(TASK)
    return finished


def _waiting() -> QuerySet[ImportBatch]:
    free = Q(claimed_until=None) | Q(claimed_until__lt=timezone.now())
    return ImportBatch.objects.filter(free, state__in=[State.QUEUED, State.APPLYING]).order_by("pk")


def _claim(pk: int) -> bool:
    """Losing the race is normal: another worker has it."""
    now = timezone.now()
    claimed = _waiting().filter(pk=pk).update(state=State.APPLYING, claimed_until=now + _LEASE)
    ImportBatch.objects.filter(pk=pk, started_at=None).update(started_at=now)
    return bool(claimed)


def _apply_claimed(pk: int, until: datetime) -> bool:
    """Whether it was finished before `until`; else the claim is given back for the next run."""
    while _apply_piece(pk):
        if timezone.now() >= until:
            ImportBatch.objects.filter(pk=pk).update(claimed_until=None)
            return False
    return True


@transaction.atomic
def _apply_piece(pk: int) -> bool:
    """Apply the next rows; False once none is left. The lock makes a second worker wait, then see less."""
    batch = ImportBatch.objects.select_for_update(of=("self",)).select_related("created_by").get(pk=pk)
    rows = list(batch.rows.filter(applied_at=None).order_by("position")[:_PIECE])
    language = batch.created_by.language if batch.created_by else settings.LANGUAGE_CODE
    with translation.override(language):
        for row in rows:
            _apply_row(batch, row)
    if rows:
        batch.claimed_until = timezone.now() + _LEASE
    else:
        batch.state, batch.finished_at, batch.claimed_until = State.APPLIED, timezone.now(), None
    batch.save(update_fields=["state", "finished_at", "claimed_until"])
    return bool(rows)


def _apply_row(batch: ImportBatch, row: ImportRow) -> None:
    """One row in its own savepoint: when it fails it says why, and the others go on."""
    try:
        with transaction.atomic():
            _write(batch, row)
    except RowRefused as refused:
        row.action, row.reason = ImportRow.Action.REFUSED, str(refused)
    except (IntegrityError, DataError, ValueError) as error:
        row.action = ImportRow.Action.REFUSED
        row.reason = _("The database did not take this row (%(error)s).") % {"error": type(error).__name__}
    row.applied_at = timezone.now()
    row.save(update_fields=["action", "reason", "contact", "organisation", "applied_at"])


def _write(batch: ImportBatch, row: ImportRow) -> None:
    if row.action != ImportRow.Action.NEW and not row.changes:
        return
    if batch.kind == ImportBatch.Kind.CONTACTS:
        row.contact = write_contact(batch, row)
    else:
        row.organisation = write_organisation(batch, row)
