"""The outbox against a real SMTP server: every state."""

import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, OperationalError, connection
from django.utils import timezone

from crm.timeline.models import TimelineEntry
from engagement.mailings import batch as batches
from engagement.mailings import journal
from engagement.mailings.batch import Batch
from engagement.mailings.claims import MAX_ATTEMPTS
from engagement.mailings.delivery import deliver, recover
from engagement.mailings.journal import Journal
from engagement.mailings.marks import Marks, Sent
from engagement.mailings.models import Message
from engagement.mailings.smtp import Line
from tasks.outbox import deliver as deliver_task
from tests.engagement.mailings.conftest import state
from tests.factories import invite_everybody, make_contact, make_event
from tests.harness.processes import free_port
from tests.harness.sink import DROP_AFTER_DOT, DROP_BEFORE_DOT

pytestmark = pytest.mark.django_db(transaction=True)


def invited(number: int) -> list[Message]:
    """As many people, and their messages in the order in which they go out."""
    for index in range(number):
        make_contact(email=f"person{index}@example.org")
    invite_everybody(make_event())
    return list(Message.objects.order_by("due_at", "pk"))


def test_due_message_is_sent_once_and_told(sink, message):
    assert (deliver(), deliver()) == (1, 0)
    assert state(message) == ("sent", "")
    assert [one.recipients for one in sink.messages] == [("jan@example.org",)]
    assert sink.messages[0].message_id == f"<{message.pk}@example.org>"
    assert TimelineEntry.objects.get().kind == "event.invited"
    message.contact.refresh_from_db()


def test_dots_and_long_lines_arrive_as_they_left(sink):
    text = ".\n..hidden\n" + "x" * 2000 + "\n.\nend"
    make_contact(email="jan@example.org")
    invite_everybody(make_event(text_nl=text))
    deliver()
    assert text in sink.messages[0].text().replace("\r\n", "\n")


def test_4xx_is_tried_again_later(sink, message):
    sink.fail("jan@example.org", "451 4.7.1 try later")
    before = timezone.now()
    deliver()
    assert state(message) == ("deferred", "")
    assert message.reply.startswith("451")
    assert before + timedelta(seconds=50) < message.due_at < timezone.now() + timedelta(seconds=70)
    assert deliver() == 0
    Message.objects.update(due_at=timezone.now())
    assert deliver() == 1
    assert len(sink.messages) == 1


def test_5xx_is_refused_and_does_not_hold_up_the_others(sink, message):
    other = make_contact(email="other@example.org")
    invite_everybody(make_event())
    sink.fail("jan@example.org", "550 5.1.1 unknown", times=2)
    assert deliver() == 1
    assert state(message) == ("refused", "")
    assert sink.messages[0].recipients == (other.email(),)


def test_server_that_keeps_saying_later_is_given_up(sink, message):
    Message.objects.update(attempts=MAX_ATTEMPTS - 1)
    sink.fail("jan@example.org", "451 4.7.1 try later")
    deliver()
    assert state(message) == ("refused", "tried too often")


@pytest.mark.parametrize("drop", [DROP_BEFORE_DOT, DROP_AFTER_DOT])
def test_line_that_breaks_during_the_text_leaves_it_uncertain(sink, message, drop):
    sink.fail("jan@example.org", drop)
    deliver()
    assert state(message) == ("uncertain", "")
    assert (recover(), deliver()) == (0, 0)
    assert state(message) == ("uncertain", "")


def test_server_that_cannot_be_reached_defers(settings, message):
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    assert deliver() == 0
    assert state(message) == ("deferred", "")


def test_worker_that_dies_before_handing_over_gives_back(sink, message):
    Batch(Line(), Marks())
    assert state(message)[0] == "claimed"
    assert deliver() == 0
    Message.objects.update(lease_until=timezone.now())
    assert recover() == 1
    assert deliver() == 1


def die(marked: int, *dots: Message) -> Batch:
    """A worker that is killed after it marked `marked` messages, and sent the final dots of some."""
    batch, now = Batch(Line(), Marks()), timezone.now()
    batch.journal.open()
    keys = [message.pk for message in batch.messages[:marked]]
    with Marks() as marks:
        marks.start(
            batch.claim.token, dict.fromkeys(keys), sent=[], now=now, until=now + timedelta(minutes=1)
        )
        assert marks.finish() == set(keys)
    for message in dots:
        batch.journal.note(message.pk)
    return batch


def lease_ends() -> int:
    Message.objects.filter(lease_until__isnull=False).update(lease_until=timezone.now())
    return recover()


def test_worker_that_dies_while_handing_over_leaves_one_uncertain(sink):
    first, second, third, fourth = invited(4)
    batch = die(3, first, second)
    assert state(third)[0] == "handing_over"
    assert lease_ends() == 2
    assert [state(one)[0] for one in (first, second, third)] == ["sent", "uncertain", "deferred"]
    assert state(fourth)[0] == "queued"
    assert journal.dots(batch.claim.token) is None
    assert deliver() == 2
    assert TimelineEntry.objects.count() == 2


@pytest.mark.parametrize(("leases", "taken"), [(1, 0), (3, 2)])
def test_lease_that_lies_in_the_future_since_a_clock_jumped_is_taken_over(sink, settings, leases, taken):
    die(2, *invited(2)[:1])
    held = Message.objects.filter(claim__isnull=False)
    held.update(lease_until=timezone.now() + leases * timedelta(seconds=settings.OUTBOX_LEASE))
    recover()
    assert 2 - held.count() == taken


def test_worker_that_dies_before_the_first_dot_leaves_nothing_uncertain(sink):
    messages = invited(3)
    die(3)
    assert lease_ends() == 3
    assert {state(one)[0] for one in messages} == {"deferred"}


@pytest.mark.parametrize("boot", ["another", ""])
def test_machine_that_dies_while_handing_over_leaves_what_it_marked_uncertain(sink, monkeypatch, boot):
    first, second, third = invited(3)
    die(2, first)
    monkeypatch.setattr(journal, "boot", lambda: boot)
    assert lease_ends() == 1
    assert [state(one)[0] for one in (first, second, third)] == ["uncertain", "uncertain", "queued"]


def test_line_of_the_journal_that_was_cut_off_is_no_dot(sink):
    first, second = invited(2)
    path = journal._path(die(2, first, second).claim.token)
    path.write_bytes(path.read_bytes()[:-3])
    lease_ends()
    assert [state(one)[0] for one in (first, second)] == ["uncertain", "deferred"]


def test_worker_that_was_held_up_between_mark_and_dot_sends_nothing(sink, message, monkeypatch):
    """The journal says that the dot went out, so it may not, for the row may be somebody else's by now."""
    note = Journal.note

    def slowly(self: Journal, key: UUID) -> None:
        note(self, key)
        time.sleep(batches.FRESH)

    monkeypatch.setattr(Journal, "note", slowly)
    assert Batch(Line(), Marks()).send() == 0
    assert state(message)[0] == "deferred"
    assert sink.messages == []


def test_mark_whose_answer_took_longer_than_a_lease_sends_nothing(sink, message, settings):
    settings.OUTBOX_LEASE = 0.4

    class Late(Marks):
        def finish(self) -> set[UUID]:
            taken = super().finish()
            time.sleep(settings.OUTBOX_LEASE)
            return taken

    with Late() as marks:
        assert Batch(Line(), marks).send() == 0
    assert sink.messages == []
    recover()
    settings.OUTBOX_LEASE = 60
    assert deliver() == 1


def test_journal_is_gone_when_the_database_knows_everything(sink, message):
    batch = Batch(Line(), Marks())
    assert batch.send() == 1
    assert journal.dots(batch.claim.token) is None


def test_worker_that_wakes_up_after_its_lease_sends_nothing(sink, message):
    stalled = Batch(Line(), Marks())
    Message.objects.update(lease_until=timezone.now())
    recover()
    assert deliver() == 1
    assert stalled.send() == 0
    assert len(sink.messages) == 1
    assert state(message)[0] == "sent"


@pytest.mark.postgres
def test_worker_whose_database_was_restarted_goes_on_with_its_next_task(sink, message):
    connection.connection.close()
    with pytest.raises(DatabaseError):
        Message.objects.count()
    assert deliver_task.apply().successful()
    assert state(message)[0] == "sent"


@pytest.mark.parametrize("attempts", [1, 3])
def test_what_the_server_took_is_noted_when_the_database_is_back(sink, message, monkeypatch, attempts):
    away = iter([OperationalError("away")] * attempts)
    monkeypatch.setattr(batches, "_NEXT_LOOK", 0.01)

    class Away(Marks):
        def start(self, *args: Any, sent: Sequence[Sent], **kwargs: Any) -> None:
            if sent and (error := next(away, None)):
                raise error
            super().start(*args, sent=sent, **kwargs)

    with Away() as marks:
        assert Batch(Line(), marks).send() == 1
    assert state(message) == ("sent", "")


def test_mark_whose_answer_was_lost_lets_nothing_out_and_waits(sink, message):
    class Losing(Marks):
        def finish(self) -> set[UUID]:
            assert super().finish() == {message.pk}
            raise OperationalError("server closed the connection unexpectedly")

    with Losing() as marks, pytest.raises(OperationalError):
        Batch(Line(), marks).send()
    assert state(message) == ("deferred", "")
    assert sink.messages == []
    assert deliver() == 1


def test_two_workers_share_without_repeating(sink):
    for number in range(30):
        make_contact(email=f"person{number}@example.org")
    invite_everybody(make_event())
    first, second = Batch(Line(), Marks()), Batch(Line(), Marks())
    assert {m.pk for m in first.messages} & {m.pk for m in second.messages} == set()
    assert first.send() + second.send() == 30
    assert len({one.message_id for one in sink.messages}) == 30


def test_message_that_cannot_be_made_is_refused_and_the_others_go(sink, message):
    other = make_contact(email="other@example.org")
    invite_everybody(make_event())
    message.contact.given_name = message.contact.initials = message.contact.form_of_address = ""
    message.contact.save()
    assert deliver() == 1
    assert state(message) == ("refused", "cannot be made")
    assert sink.messages[0].recipients == (other.email(),)


def test_too_late_is_missed(sink, message):
    Message.objects.update(give_up_at=timezone.now())
    assert (recover(), deliver()) == (0, 0)
    assert state(message) == ("missed", "")
