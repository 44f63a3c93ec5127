"""What a worker does with imports: read, plan, apply and undo them, in slices that may be killed anywhere.

Each step is a short transaction that moves a mark on the batch together with what it writes, so whoever
comes next goes on behind the mark.
"""

import gc
import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from crm.base import doorbell
from crm.base.tracking import acting
from crm.imports import reading_files, services
from crm.imports.applying.pieces import apply_piece
from crm.imports.models import WORKING, ImportBatch
from crm.imports.reading.stream import ReadingError
from crm.imports.undoing.pieces import undo_piece

logger = logging.getLogger(__name__)
State = ImportBatch.State
_LEASE = timedelta(seconds=settings.IMPORT_LEASE)
# Short, so that the one child of a worker also gets to mail and its heartbeat; it rings for the rest.
_LONGEST_RUN = timedelta(seconds=20)
# New objects before Python looks for cycles; 700 by default, and then every hundredth time at all objects.
_THRESHOLDS = (100_000, 50, 50)


def work() -> int:
    """Do what waits, and go on where a killed worker left off; the number of batches finished.

    Any number of workers may run this: one holds a batch at a time, and each piece locks it.
    """
    until = timezone.now() + _LONGEST_RUN
    finished = 0
    for pk in _waiting().order_by("pk").values_list("pk", flat=True):
        if timezone.now() < until and _claim(pk):
            finished += _work_on(pk, until)
    if timezone.now() >= until:
        doorbell.ring(services.TASK)
    return finished


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
    while _claim(batch.pk) and not _work_on(batch.pk, timezone.now() + _LONGEST_RUN):
        continue
    batch.refresh_from_db()
    return batch


def _waiting() -> QuerySet[ImportBatch]:
    return ImportBatch.objects.working().free_at(timezone.now())


def _claim(pk: int) -> bool:
    """Losing the race is normal: another worker has it."""
    return bool(_waiting().filter(pk=pk).update(claimed_until=timezone.now() + _LEASE))


def _work_on(pk: int, until: datetime) -> bool:
    """Whether it has nothing left to do; else the claim is given back for the next run."""
    batch = ImportBatch.objects.select_related("created_by").get(pk=pk)
    language = batch.created_by.language if batch.created_by else settings.LANGUAGE_CODE
    with translation.override(language), acting(batch.created_by), _few_collections():
        while batch.state in WORKING and timezone.now() < until:
            _take_a_step(batch, until)
            batch.refresh_from_db(fields=["state"])
    ImportBatch.objects.filter(pk=pk).update(claimed_until=None)
    return batch.state not in WORKING


@contextmanager
def _few_collections() -> Iterator[None]:
    """Rows are many small objects without cycles: looking for those took a quarter of the time."""
    before = gc.get_threshold()
    gc.set_threshold(*_THRESHOLDS)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _take_a_step(batch: ImportBatch, until: datetime) -> None:
    if batch.state in (State.UPLOADED, State.PLANNING):
        _read_or_plan(batch, until)
    elif batch.state == State.UNDOING:
        while undo_piece(batch.pk, _lease()) and timezone.now() < until:
            continue
    else:
        ImportBatch.objects.filter(pk=batch.pk, started_at=None).update(started_at=timezone.now())
        ImportBatch.objects.filter(pk=batch.pk, state=State.QUEUED).update(state=State.APPLYING)
        while apply_piece(batch.pk, _lease()) and timezone.now() < until:
            continue


def _lease() -> datetime:
    return timezone.now() + _LEASE


def _read_or_plan(batch: ImportBatch, until: datetime) -> None:
    """Nothing is changed by this, so whatever goes wrong ends it in words instead of being tried for ever."""
    try:
        reading_files.read(batch, until, _LEASE)
    except ReadingError as error:
        _fail(batch, str(error))
    except (LookupError, TypeError, ValueError) as error:
        logger.error("Import %s could not be planned (%s)", batch.pk, type(error).__name__)
        _fail(batch, _("Something in this file cannot be handled. Save it as XLSX and try again."))


@transaction.atomic
def _fail(batch: ImportBatch, problem: str) -> None:
    """A file that cannot be read is of no further use."""
    failed = ImportBatch.objects.filter(pk=batch.pk, state__in=[State.UPLOADED, State.PLANNING])
    if failed.update(state=State.FAILED, problem=problem, finished_at=timezone.now()):
        services.forget(batch)
