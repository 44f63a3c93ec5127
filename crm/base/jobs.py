"""Work that is too long for a request: done in slices by any number of workers, each of which may be killed.

What waits is a row with a state, a mark that says how far it came, and a claim. Whoever works on it has
claimed it for one lease by a conditional UPDATE, and takes steps for one slice of time. A step is one short
transaction: it locks the row, reads the mark, and moves mark and claim together with all that it writes.

So a killed worker loses the step it was in, which the database takes back, and nothing else. Its claim runs
out, and whoever comes next, by a ring or by the sweep of beat, goes on behind the mark: nothing is done twice
and nothing is skipped. That holds too when a lease ran out under a worker that was only slow: then two take
steps, and the lock makes the one wait and then see the mark of the other. A step that raises keeps its claim
as a killed one does, so it is tried again once per lease.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone

from crm.base import doorbell

# Short, so that the one child of a worker also gets to mail and its heartbeat; it rings for the rest.
SLICE = timedelta(seconds=20)
# So far the clocks of two machines may be apart.
_CLOCKS = timedelta(seconds=5)


class Leased(models.Model):
    """A row that is worked on by one process at a time."""

    claimed_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True


@dataclass(frozen=True)
class Job:
    """One kind of work: which rows of `model` have something left to do, and how to take a step of it.

    A step says whether anything is left. It may go on by itself until the slice ends, as long as each of its
    transactions renews the claim.
    """

    task: str
    model: type[Leased]
    waiting: Q
    lease: timedelta
    step: Callable[[Claim], bool]


@dataclass
class Claim:
    """What a process holds of a job: one row, until a moment that each step moves on."""

    job: Job
    pk: int
    slice_ends: datetime
    held_until: datetime

    def renewed(self) -> datetime:
        """Another lease from now, for a step to write in its transaction."""
        self.held_until = timezone.now() + self.job.lease
        return self.held_until


def work_off(job: Job) -> int:
    """Do what waits for one slice, and go on where a killed worker left off; the number of rows finished."""
    ends = timezone.now() + SLICE
    finished = 0
    for pk in _free(job).order_by("pk").values_list("pk", flat=True):
        claim = _claim(job, pk, ends)
        finished += bool(claim and _work(claim))
        if timezone.now() >= ends:
            doorbell.ring(job.task)
            break
    return finished


def work_through(job: Job, pk: int) -> None:
    """Do all that waits for this row in this process, unless another one has it."""
    while claim := _claim(job, pk, timezone.now() + SLICE):
        if _work(claim):
            return


def _free(job: Job) -> models.QuerySet[Leased]:
    """Those that wait and that nobody holds.

    Nobody claims for longer than a lease, so a claim that ends later was made before a clock jumped back.
    """
    now = timezone.now()
    free = Q(claimed_until=None) | Q(claimed_until__lt=now) | Q(claimed_until__gt=now + job.lease + _CLOCKS)
    return job.model._default_manager.filter(job.waiting, free)


def _claim(job: Job, pk: int, slice_ends: datetime) -> Claim | None:
    """None when the race for it is lost, which is normal: another process has it."""
    claim = Claim(job, pk, slice_ends, timezone.now() + job.lease)
    return claim if _free(job).filter(pk=pk).update(claimed_until=claim.held_until) else None


def _work(claim: Claim) -> bool:
    """Whether nothing is left. A slice has at least one step, however short it is."""
    left = claim.job.step(claim)
    while left and timezone.now() < claim.slice_ends:
        left = claim.job.step(claim)
    # Not the claim of another one, who took over from a worker that was slow.
    mine = claim.job.model._default_manager.filter(pk=claim.pk, claimed_until=claim.held_until)
    mine.update(claimed_until=None)
    return not left
