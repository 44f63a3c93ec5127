"""Leased work: killed in a step, two workers at once, a lease run out, a clock that jumped, a slice over."""

import threading
import time
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from crm.base import jobs
from crm.imports.models import ImportBatch
from tests.crm.base import counting
from tests.crm.base.counting import JOB, noted, to_count

LAST = 120
KILLS = 4
SECOND = timedelta(seconds=1)


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    tasks: list[str] = []
    monkeypatch.setattr("crm.base.doorbell.ring", tasks.append)
    return tasks


@pytest.fixture(autouse=True)
def _no_hesitation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "HESITATION", 0)


def claimed_for(**span: float) -> Any:
    """As if somebody's claim ended this far from now."""
    ImportBatch.objects.update(claimed_until=timezone.now() + timedelta(**span))


def claimed(batch: ImportBatch) -> jobs.Claim:
    """By this process, with a slice of one step."""
    claim = jobs._claim(JOB, batch.pk, timezone.now())
    assert claim
    return claim


class Killed(BaseException):
    """What SIGKILL is to a transaction: nothing catches it."""


@pytest.mark.django_db
def test_work_is_done_to_its_end_and_given_back(rung):
    batch = to_count(5)
    assert (jobs.work_off(JOB), noted(), rung) == (1, [1, 2, 3, 4, 5], [])
    batch.refresh_from_db()
    assert (batch.state, batch.claimed_until) == ("applied", None)
    assert jobs.work_off(JOB) == 0


@pytest.mark.django_db
def test_worker_killed_in_a_step_is_taken_over_behind_its_mark_after_its_lease(monkeypatch):
    to_count(5)
    with monkeypatch.context() as patch:
        patch.setattr("tests.crm.base.counting.time.sleep", _deadly(3))
        with pytest.raises(Killed):
            jobs.work_off(JOB)
    assert noted() == [1, 2]
    assert (jobs.work_off(JOB), noted()) == (0, [1, 2])  # its claim still stands
    claimed_for(microseconds=-1)
    assert (jobs.work_off(JOB), noted()) == (1, [1, 2, 3, 4, 5])


def _deadly(step: int) -> Any:
    """A pause that does not end, in the step of this number."""
    steps = iter(range(1, step))

    def pause(_seconds: float) -> None:
        if next(steps, None) is None:
            raise Killed

    return pause


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("ends", "is_free"),
    [
        ({"seconds": -0.001}, True),
        ({"seconds": 0.5}, False),
        ({"seconds": 1}, False),
        # Two machines disagree by so much, and by no more:
        ({"seconds": 5.9}, False),
        ({"seconds": 6.5}, True),
        ({"days": 1}, True),
    ],
)
def test_claim_holds_for_a_lease_from_now_and_no_longer(ends, is_free):
    batch = to_count(1)
    claimed_for(**ends)
    jobs.work_through(JOB, batch.pk)
    assert noted() == [1] * is_free


@pytest.mark.django_db
def test_each_step_holds_on_for_another_lease():
    batch = to_count(2)
    claim = claimed(batch)
    claimed_for(microseconds=1)
    before = timezone.now()
    assert JOB.step(claim)
    batch.refresh_from_db()
    assert batch.claimed_until == claim.held_until >= before + JOB.lease


@pytest.mark.django_db
def test_slow_worker_leaves_the_claim_of_who_took_over():
    """Its lease ran out while it took a step; when its slice ends, the other one still works."""
    batch = to_count(5)
    slow = claimed(batch)
    assert JOB.step(slow)
    claimed_for(microseconds=-1)
    quick = claimed(batch)
    assert jobs._claim(JOB, batch.pk, timezone.now()) is None
    ImportBatch.objects.update(applied_to=5)  # the other one did the rest
    jobs._work(slow)
    batch.refresh_from_db()
    assert batch.claimed_until == quick.held_until


@pytest.mark.django_db
@pytest.mark.parametrize("length", [timedelta(0), -SECOND])
def test_slice_of_no_length_takes_one_step_gives_back_and_rings(rung, monkeypatch, length):
    monkeypatch.setattr(jobs, "SLICE", length)
    batch = to_count(3)
    assert (jobs.work_off(JOB), noted(), rung) == (0, [1], [JOB.task])
    batch.refresh_from_db()
    assert batch.claimed_until is None
    assert (jobs.work_off(JOB), jobs.work_off(JOB), noted()) == (0, 1, [1, 2, 3])


@pytest.mark.django_db
def test_slice_of_no_length_does_not_keep_a_process_for_ever(monkeypatch):
    monkeypatch.setattr(jobs, "SLICE", timedelta(0))
    batch = to_count(3)
    jobs.work_through(JOB, batch.pk)
    jobs.work_through(JOB, batch.pk)
    assert noted() == [1, 2, 3]


@pytest.mark.django_db
def test_slice_that_is_over_leaves_the_next_row_to_the_next_run(rung, monkeypatch):
    monkeypatch.setattr(jobs, "SLICE", timedelta(0))
    to_count(1)
    to_count(1)
    assert (jobs.work_off(JOB), noted(), rung) == (1, [1], [JOB.task])
    assert (jobs.work_off(JOB), noted()) == (1, [1, 1])


@pytest.mark.django_db
def test_row_that_another_process_holds_is_passed_over():
    batch = to_count(2)
    claimed(batch)
    to_count(1)
    jobs.work_through(JOB, batch.pk)
    assert (jobs.work_off(JOB), noted()) == (1, [1])


@pytest.mark.django_db(transaction=True)
def test_two_workers_that_both_hold_a_row_note_every_number_once() -> None:
    """As when the lease ran out under one that was only slow."""
    batch = to_count(60)

    def work() -> None:
        claim = jobs.Claim(JOB, batch.pk, timezone.now(), timezone.now())
        more = True
        while more:
            try:
                more = JOB.step(claim)
            except OperationalError:
                time.sleep(0.01)  # SQLite in memory does not wait for a lock, a file does
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert noted() == list(range(1, 61))
