"""Pausing, the breaker, buckets, quiet hours, the ceiling, and the steps that a message cannot take."""

import socket
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from engagement.mailings import claims, throttle
from engagement.mailings.batch import Batch
from engagement.mailings.claims import Claim
from engagement.mailings.delivery import deliver, recover
from engagement.mailings.marks import Marks
from engagement.mailings.models import Bucket, Mailing, Message
from engagement.mailings.services import pause, resume, stop
from engagement.mailings.smtp import Line
from tests.factories import bring_to, invite_everybody, make_contact, make_event

pytestmark = pytest.mark.django_db(transaction=True)
States = Message.State


def invited(number: int, domain: str = "example.org") -> Mailing:
    for index in range(number):
        make_contact(email=f"p{index}@{domain}")
    invite_everybody(make_event())
    return Mailing.objects.latest("pk")


def states() -> dict[str, int]:
    found = list(Message.objects.values_list("state", flat=True))
    return {state: found.count(state) for state in sorted(set(found))}


def test_paused_waits_and_goes_on(sink):
    mailing = invited(3)
    assert pause(mailing=mailing) is True
    assert pause(mailing=mailing) is False
    Message.objects.update(give_up_at=timezone.now())
    assert (recover(), deliver()) == (0, 0)
    assert states() == {"queued": 3}
    assert resume(mailing=mailing) is True
    assert resume(mailing=mailing) is False
    assert deliver() == 3


def test_message_that_was_held_back_by_a_pause_goes_out_when_that_is_over(sink):
    invited(1)
    claim = Claim()
    claim.hold_back(claim.messages[0])  # its mark was refused while the mailing was paused, which it was
    assert states() == {"queued": 1}
    assert deliver() == 1


def test_pause_that_begins_while_a_message_is_held_back_loses_nothing(sink):
    mailing = invited(1)
    claim = Claim()

    def pause_after_a_look(execute, sql, params, many, context):
        answer = execute(sql, params, many, context)
        if "engagement_mailing" in sql and sql.startswith("SELECT"):
            Mailing.objects.filter(pk=mailing.pk).update(state=Mailing.State.PAUSED)
        return answer

    with connection.execute_wrapper(pause_after_a_look):
        claim.hold_back(claim.messages[0])
    assert states() == {"queued": 1}
    resume(mailing=mailing)
    assert deliver() == 1


def test_stopped_ends_what_waits(sink):
    mailing = invited(3)
    pause(mailing=mailing)
    stop(mailing=mailing)
    assert states() == {"stopped": 3}
    assert resume(mailing=mailing) is False
    assert deliver() == 0


def test_server_that_refuses_many_pauses_the_mailing(sink, monkeypatch):
    monkeypatch.setattr(claims, "MANY_REFUSALS", 3)
    mailing = invited(9)
    for index in range(4):
        sink.fail(f"p{index}@example.org", "554 5.7.1 blocked")
    deliver()
    mailing.refresh_from_db()
    assert mailing.state == Mailing.State.PAUSED
    assert "4" in mailing.pause_reason
    resume(mailing=mailing)
    mailing.refresh_from_db()
    assert (mailing.state, mailing.refusals_seen) == (Mailing.State.SENDING, 4)


def test_a_few_refusals_pause_nothing(sink, monkeypatch):
    monkeypatch.setattr(claims, "MANY_REFUSALS", 3)
    mailing = invited(12)
    for index in range(3):
        sink.fail(f"p{index}@example.org", "550 5.1.1 unknown")
    deliver()
    mailing.refresh_from_db()
    assert mailing.state == Mailing.State.SENDING


def test_bucket_of_a_domain_holds_back_that_domain_only(sink, settings):
    settings.MAIL_PER_MINUTE = {"slow.example.org": 4.0}
    invited(5, "slow.example.org")
    invited(5, "fast.example.org")
    assert deliver() == 2 + 5  # half a minute's worth for the slow one
    assert Message.objects.filter(state="queued").values("domain").distinct().get()["domain"] == (
        "slow.example.org"
    )
    Bucket.objects.update(filled_at=timezone.now() - timedelta(seconds=31))
    assert deliver() == 2


def test_bucket_of_all_holds_back_everybody_and_is_shared(sink, settings):
    settings.MAIL_PER_MINUTE = {"*": 6.0}
    invited(10)
    assert deliver() == 3
    assert deliver() == 0
    Bucket.objects.update(filled_at=timezone.now() - timedelta(seconds=11))
    assert deliver() == 1


def test_ceiling_of_a_day(sink, settings):
    settings.MAIL_PER_DAY = 4
    invited(10)
    assert deliver() == 4
    assert deliver() == 0
    Message.objects.filter(state="sent").update(sent_at=timezone.now() - timedelta(days=1))
    assert deliver() == 4


@pytest.mark.parametrize(
    ("clock", "quiet"),
    [("20:59", False), ("21:00", True), ("23:59", True), ("06:59", True), ("07:00", False)],
)
def test_quiet_hours_over_midnight(settings, clock, quiet):
    settings.MAIL_QUIET_HOURS = "21:00-07:00"
    hour, minute = map(int, clock.split(":"))
    moment = datetime(2026, 6, 1, hour, minute, tzinfo=ZoneInfo("Europe/Amsterdam"))
    assert throttle.is_quiet(moment) is quiet


def test_quiet_hours_hold_invitations_but_not_answers_to_what_somebody_did(sink, settings):
    settings.MAIL_QUIET_HOURS = "21:00-07:00"
    invited(2)
    message = Message.objects.first()
    Message.objects.filter(pk=message.pk).update(purpose="service")
    night = timezone.localtime().replace(hour=22, minute=0) + timedelta(hours=0)
    with time_machine.travel(night, tick=True):
        Message.objects.update(due_at=night, give_up_at=night + timedelta(days=1))
        assert deliver() == 1
    assert states() == {"queued": 1, "sent": 1}


@pytest.mark.parametrize(
    ("state", "step"), [("queued", "sent"), ("sent", "queued"), ("refused", "queued"), ("sent", "uncertain")]
)
def test_database_refuses_a_wrong_step(state, step):
    invited(1)
    if state != "queued":
        bring_to(state, Message.objects.all())
    fields = {"sent_at": timezone.now()} if step == "sent" else {"sent_at": None}
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.update(state=step, **fields)


@pytest.mark.parametrize("pipelining", [True, False])
def test_server_with_and_without_pipelining_gets_everything_once(sink, pipelining):
    sink.pipelining = pipelining
    invited(25)
    sink.fail("p3@example.org", "550 5.1.1 unknown")
    sink.fail("p7@example.org", "451 4.7.1 later")
    assert deliver() == 23
    assert len({one.message_id for one in sink.messages}) == len(sink.messages) == 23
    assert states() == {"deferred": 1, "refused": 1, "sent": 23}


def test_kept_line_that_idled_is_asked_before_it_is_used(sink):
    invited(1)
    with Line() as line, Marks() as marks:
        assert Batch(line, marks).send() == 1
        line._socket().shutdown(socket.SHUT_RDWR)  # as when the server hung up
        line._used -= 60
        invited(1)
        assert Batch(line, marks).send() == 2
