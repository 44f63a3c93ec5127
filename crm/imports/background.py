"""What a worker does with imports: it reads, plans, applies and undoes them, as crm/base/jobs.py says."""

import gc
import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation

from crm.base import jobs
from crm.base.said import Said
from crm.base.tracking import acting
from crm.imports import reading_files, services
from crm.imports.applying.pieces import apply_piece
from crm.imports.models import WORKING, ImportBatch
from crm.imports.reading.stream import ReadingError
from crm.imports.said import CANNOT_BE_HANDLED
from crm.imports.undoing.pieces import undo_piece

logger = logging.getLogger(__name__)
State = ImportBatch.State
# New objects before Python looks for cycles; 700 by default, and then every hundredth time at all objects.
_THRESHOLDS = (100_000, 50, 50)


def work() -> int:
    """Do what waits, for one slice; the number of batches finished."""
    return jobs.work_off(JOB)


def tidy_up() -> int:
    """Forget files that nobody decided on, and rows that nobody can undo any more; how many batches."""
    now = timezone.now()
    undecided = [State.MAPPING, State.PLANNED, State.FAILED]
    old = ImportBatch.objects.filter(
        state__in=undecided, created_at__lt=now - timedelta(days=settings.IMPORT_FILE_DAYS)
    )
    settled = ImportBatch.objects.filter(
        state__in=[State.APPLIED, State.UNDONE],
        finished_at__lt=now - timedelta(days=settings.IMPORT_UNDO_DAYS),
        forgotten=False,
    )
    for batch in old:
        with suppress(services.NotPlanned):  # decided this very moment
            services.discard(batch=batch)
    for batch in settled:
        services.forget(batch)
    return len(old) + len(settled)


def apply_now(*, batch: ImportBatch) -> ImportBatch:
    """Apply a planned batch in this process."""
    services.queue(batch=batch)
    return work_through(batch)


def work_through(batch: ImportBatch) -> ImportBatch:
    """Do all that waits for this batch in this process."""
    jobs.work_through(JOB, batch.pk)
    batch.refresh_from_db()
    return batch


def _step(claim: jobs.Claim) -> bool:
    """Take a step for whoever uploaded it; whether a worker has anything left to do."""
    batch = ImportBatch.objects.select_related("created_by").get(pk=claim.pk)
    # Where data came from and what a file answers is recorded in the language of whoever brought it.
    language = batch.created_by.language if batch.created_by else settings.LANGUAGE_CODE
    with translation.override(language), acting(batch.created_by), _few_collections():
        _take_a_step(batch, claim)
    batch.refresh_from_db(fields=["state"])
    return batch.state in WORKING


JOB = jobs.Job(
    task=services.TASK,
    model=ImportBatch,
    waiting=Q(state__in=WORKING),
    lease=timedelta(seconds=settings.IMPORT_LEASE),
    step=_step,
)


@contextmanager
def _few_collections() -> Iterator[None]:
    """Rows are many small objects without cycles: looking for those took a quarter of the time."""
    before = gc.get_threshold()
    gc.set_threshold(*_THRESHOLDS)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _take_a_step(batch: ImportBatch, claim: jobs.Claim) -> None:
    if batch.state in (State.UPLOADED, State.PLANNING):
        _read_or_plan(batch, claim)
    elif batch.state == State.UNDOING:
        undo_piece(batch.pk, claim.renewed())
    elif batch.state in WORKING:
        ImportBatch.objects.filter(pk=batch.pk, started_at=None).update(started_at=timezone.now())
        ImportBatch.objects.filter(pk=batch.pk, state=State.QUEUED).update(state=State.APPLYING)
        apply_piece(batch.pk, claim.renewed())


def _read_or_plan(batch: ImportBatch, claim: jobs.Claim) -> None:
    """Nothing is changed by this, so whatever goes wrong ends it and is not tried for ever."""
    try:
        reading_files.read(batch, claim)
    except ReadingError as error:
        _fail(batch, error.said)
    except (LookupError, TypeError, ValueError) as error:
        logger.error("Import %s could not be planned (%s)", batch.pk, type(error).__name__)
        _fail(batch, CANNOT_BE_HANDLED())


@transaction.atomic
def _fail(batch: ImportBatch, problem: Said) -> None:
    """A file that cannot be read is of no further use."""
    failed = ImportBatch.objects.filter(pk=batch.pk, state__in=[State.UPLOADED, State.PLANNING])
    if failed.update(state=State.FAILED, problem=[problem], finished_at=timezone.now()):
        services.forget(batch)
