"""Planning when a mailing goes out, and what becomes of it when something changes meanwhile."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from engagement.events.models import Participation
from engagement.events.services import cancel_event
from engagement.mailings import scheduling
from engagement.mailings.audience import AudienceIsFixed, leave_out, take_in
from engagement.mailings.models import Mailing, Message
from engagement.mailings.scheduling import MomentRefused, schedule, start, start_due, unschedule
from engagement.mailings.services import MailingNotReady, pause, resume, send, stop
from tests.factories import draft_invitation, draft_of, make_contact, make_event

pytestmark = pytest.mark.django_db
SOON = timedelta(hours=1)


def planned(news, **fields) -> Mailing:
    mailing = draft_of(news, make_contact(**fields), make_contact())
    assert schedule(mailing=mailing, at=timezone.now() + SOON)
    mailing.refresh_from_db()
    return mailing


def later():
    return timezone.now() + 2 * SOON


def test_planned_goes_out_once_when_its_moment_comes(news):
    mailing = planned(news)
    assert start_due() == 0
    assert not Message.objects.exists()
    assert [start_due(now=later()), start_due(now=later())] == [1, 0]
    mailing.refresh_from_db()
    assert mailing.state == "sending"
    assert mailing.messages.count() == 2


def test_planned_invitation_starts_the_way_invitations_do():
    make_contact()
    mailing = draft_invitation(make_event())
    schedule(mailing=mailing, at=timezone.now() + SOON)
    assert start_due(now=later()) == 1
    assert Participation.objects.count() == Message.objects.count() == 1


@pytest.mark.parametrize("minutes", [-5, 0])
def test_moment_that_has_passed_is_refused(news, minutes):
    mailing = draft_of(news, make_contact())
    with pytest.raises(MomentRefused):
        schedule(mailing=mailing, at=timezone.now() + timedelta(minutes=minutes))


def test_invitation_is_not_planned_for_after_the_start():
    make_contact()
    event = make_event(in_days=2)
    mailing = draft_invitation(event)
    with pytest.raises(MomentRefused):
        schedule(mailing=mailing, at=event.starts_at)
    assert schedule(mailing=mailing, at=event.starts_at - SOON)


def test_mailing_with_a_problem_is_not_planned(news):
    with pytest.raises(MailingNotReady):
        schedule(mailing=draft_of(news), at=timezone.now() + SOON)


def test_what_is_wrong_at_the_moment_makes_it_a_draft_that_says_why(news):
    make_contact()
    event = make_event()
    mailing = draft_invitation(event)
    schedule(mailing=mailing, at=timezone.now() + SOON)
    fine = planned(news)
    cancel_event(event=event)
    assert start_due(now=later()) == 1
    mailing.refresh_from_db()
    assert (mailing.state, mailing.scheduled_for) == ("draft", None)
    assert mailing.pause_reason == "The event was cancelled or has started already."
    assert not Message.objects.exclude(mailing=fine).exists()


def test_reason_goes_when_it_starts_after_all(news):
    mailing = planned(news)
    unschedule(mailing=mailing, reason="Nobody could be mailed.")
    start(mailing=mailing)
    mailing.refresh_from_db()
    assert (mailing.state, mailing.pause_reason) == ("sending", "")


def test_error_in_one_does_not_hold_up_the_others(news, monkeypatch, caplog):
    broken, fine = planned(news), planned(news)

    def begin(*, mailing: Mailing) -> None:
        if mailing == broken:
            raise RuntimeError
        send(mailing=mailing)

    monkeypatch.setattr(scheduling, "start", begin)
    assert start_due(now=later()) == 1
    assert "could not be started" in caplog.text
    assert set(Mailing.objects.values_list("pk", "state")) == {(broken.pk, "scheduled"), (fine.pk, "sending")}


def test_not_after_all_and_again(news):
    mailing = planned(news)
    assert [unschedule(mailing=mailing), unschedule(mailing=mailing)] == [True, False]
    assert start_due(now=later()) == 0
    assert schedule(mailing=mailing, at=timezone.now() + SOON)
    assert start_due(now=later()) == 1


def test_planned_can_be_moved_sent_at_once_and_stopped(news):
    moved, at_once, stopped = planned(news), planned(news), planned(news)
    schedule(mailing=moved, at=timezone.now() + 5 * SOON)
    start(mailing=at_once)
    stop(mailing=stopped)
    assert start_due(now=later()) == 0
    states = dict(Mailing.objects.values_list("pk", "state"))
    assert states == {moved.pk: "scheduled", at_once.pk: "sending", stopped.pk: "stopped"}
    assert set(Message.objects.values_list("mailing", flat=True)) == {at_once.pk}


def test_whom_somebody_left_out_of_a_planned_one_gets_nothing(news):
    mailing = planned(news)
    out, back = mailing.recipients.all()
    leave_out(mailing=mailing, recipients=[out.pk, back.pk])
    take_in(mailing=mailing, recipient=back.pk)
    start_due(now=later())
    assert [message.contact for message in mailing.messages.all()] == [back.contact]


def test_whom_somebody_left_out_of_an_invitation_is_not_invited():
    stays, goes = make_contact(), make_contact()
    mailing = draft_invitation(make_event())
    leave_out(mailing=mailing, recipients=[mailing.recipients.get(contact=goes).pk])
    start(mailing=mailing)
    assert [participation.contact for participation in Participation.objects.all()] == [stays]


@pytest.mark.parametrize("state", ["sending", "paused", "stopped"])
def test_planning_and_starting_do_nothing_once_it_was_started(news, state):
    mailing = planned(news)
    send(mailing=mailing)
    Mailing.objects.filter(pk=mailing.pk).update(state=state)
    assert schedule(mailing=mailing, at=timezone.now() + SOON) is False
    assert unschedule(mailing=mailing) is False
    start(mailing=mailing)
    mailing.refresh_from_db()
    assert (mailing.state, mailing.messages.count()) == (state, 2)


@pytest.mark.parametrize("change", [pause, resume])
def test_pausing_is_for_what_runs(news, change):
    mailing = planned(news)
    assert change(mailing=mailing) is False
    mailing.refresh_from_db()
    assert mailing.state == "scheduled"


def test_stopping_a_draft_changes_nothing(news):
    mailing = draft_of(news, make_contact())
    stop(mailing=mailing)
    mailing.refresh_from_db()
    assert mailing.state == "draft"


def test_planned_without_a_moment_is_refused_by_the_database(news):
    mailing = draft_of(news)
    with pytest.raises(IntegrityError), transaction.atomic():
        Mailing.objects.filter(pk=mailing.pk).update(state="scheduled")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_beats_at_once_start_it_once(news):
    mailing = planned(news)

    def beat() -> int:
        try:
            return start_due(now=later())
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        started = [future.result() for future in [pool.submit(beat) for _ in range(4)]]
    assert sorted(started) == [0, 0, 0, 1]
    assert mailing.messages.count() == 2


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_leaving_out_at_the_very_moment_of_the_start_is_done_or_refused(news):
    """Whichever comes first, nobody who was left out gets a message, and everybody else does."""

    def at_once(*changes: Callable[[], object]) -> None:
        def run(change: Callable[[], object]) -> None:
            try:
                change()
            except AudienceIsFixed:
                pass
            finally:
                connection.close()

        with ThreadPoolExecutor(len(changes)) as pool:
            list(pool.map(run, changes))

    for _round in range(5):
        mailing = planned(news)
        row = mailing.recipients.first()
        at_once(
            partial(leave_out, mailing=mailing, recipients=[row.pk]),
            partial(start, mailing=mailing),
        )
        included = set(mailing.recipients.filter(included=True).values_list("contact", flat=True))
        assert set(mailing.messages.values_list("contact", flat=True)) == included
