"""A job that counts: each step notes the next number, and a worker that is killed while it does so."""

import os
import random
import signal
import time
from datetime import timedelta

from django.db import transaction
from django.db.models import Q

from crm.base import jobs
from crm.imports.models import ImportBatch
from crm.timeline.models import TimelineEntry
from tests.factories import make_organisation
from tests.harness.waiting import PATIENCE

# Seconds between what a step writes and its mark; a killed worker is nearly always found there.
HESITATION = 0.02


def step(claim: jobs.Claim) -> bool:
    """Note the number behind the mark, until the row is counted to its end."""
    with transaction.atomic():
        batch = ImportBatch.objects.select_for_update().get(pk=claim.pk)
        if batch.applied_to == batch.planned_to:
            return False
        number = batch.applied_to + 1
        TimelineEntry.objects.create(
            organisation=make_organisation(), kind="note", at=batch.created_at, about_key=str(number)
        )
        time.sleep(HESITATION)
        batch.applied_to, batch.claimed_until = number, claim.renewed()
        if number == batch.planned_to:
            batch.state = ImportBatch.State.APPLIED
        batch.save(update_fields=["state", "applied_to", "claimed_until"])
    return number < batch.planned_to


JOB = jobs.Job(
    task="tests.count",
    model=ImportBatch,
    waiting=Q(state=ImportBatch.State.APPLYING),
    lease=timedelta(seconds=1),
    step=step,
)


def to_count(last: int) -> ImportBatch:
    make_organisation()
    return ImportBatch.objects.create(state=ImportBatch.State.APPLYING, planned_to=last)


def noted() -> list[int]:
    return [int(key) for key in TimelineEntry.objects.order_by("pk").values_list("about_key", flat=True)]


def count_through_kills(last: int, kills: int) -> list[int]:
    """Count to `last` by workers of which so many die by SIGKILL, one after the other; what was noted."""
    for _kill in range(kills):
        # A worker begins before its parent speaks to the database, and that of the next one ends with this.
        worker = _fork_worker()
        time.sleep(0.3 + random.random() / 2)
        os.kill(worker, signal.SIGKILL)
        os.waitpid(worker, 0)
    os.waitpid(_fork_worker(), 0)
    return noted()


def _fork_worker() -> int:
    """The process of a worker that sweeps until everything is counted, as often as beat would never ask."""
    if pid := os.fork():
        return pid
    until = time.monotonic() + PATIENCE
    while ImportBatch.objects.filter(JOB.waiting).exists() and time.monotonic() < until:
        jobs.work_off(JOB)
        time.sleep(0.05)
    os._exit(0)
