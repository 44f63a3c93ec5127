"""A "no" at every moment between the outbox and the mail server."""

import datetime
import time
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.utils import timezone

from crm.preferences.services import record_consent, suppress
from engagement.events.models import ReminderRule
from engagement.events.services import answer, cancel_event, queue_due_reminders
from engagement.mailings import batch as batches
from engagement.mailings.batch import Batch
from engagement.mailings.delivery import deliver, recover
from engagement.mailings.marks import Marks
from engagement.mailings.models import Message
from engagement.mailings.services import pause, resume, stop
from engagement.mailings.smtp import Line
from tests.engagement.mailings.conftest import state
from tests.factories import invite_everybody, make_contact, make_event, put

pytestmark = pytest.mark.django_db(transaction=True)

NOES = [
    (
        lambda m: record_consent(contact=m.contact, purpose="invitation", allowed=False, source="form"),
        "said no",
    ),
    (lambda m: suppress(address="JAN@example.org", reason="asked"), "suppressed"),
    (lambda m: stop(mailing=m.mailing), "stopped"),
    (lambda m: m.contact.contact_points.update(state="bounced"), "bad address"),
    (lambda m: m.contact.contact_points.update(state="complained"), "bad address"),
    (lambda m: cancel_event(event=m.contact.participations.get().event), "cancelled"),
    (lambda m: answer(participation=m.contact.participations.get(), status="declined"), "declined"),
]


@pytest.mark.parametrize(("change", "reason"), NOES)
def test_no_between_claim_and_mark_counts(sink, message, change, reason):
    batch = Batch(Line(), Marks())
    letters = batch._letters()
    change(message)
    batch._letters = lambda: letters  # type: ignore[method-assign]  # those it made before
    assert batch.send() == 0
    assert state(message) == ("skipped", reason)
    assert sink.messages == []


class Interrupted(Line):
    """Something happens while the text travels, and that takes longer than a mark holds."""

    def __init__(self, happens: Callable[[], object]) -> None:
        super().__init__()
        self.happens = happens

    def text(self, raw: bytes) -> None:
        self.happens()
        super().text(raw)
        time.sleep(batches.FRESH)


@pytest.mark.parametrize(("change", "reason"), NOES)
def test_no_while_the_text_travels_counts(sink, message, change, reason):
    assert Batch(Interrupted(lambda: change(message)), Marks()).send() == 0
    assert sink.messages == []
    recover()
    deliver()  # a confirmation of what was answered may go out
    assert state(message)[0] in ("skipped", "stopped")
    assert not any(f"{message.pk}" in one.message_id for one in sink.messages)


@pytest.fixture
def reminder() -> Message:
    """Due since midnight, to somebody who was invited a week ago and did not answer."""
    make_contact(email="jan@example.org")
    event = make_event(in_days=3, remind=3)
    ReminderRule.objects.update(at=datetime.time(0))
    (invitation,) = invite_everybody(event)
    put(invitation, state="sent", sent_at=timezone.now() - datetime.timedelta(days=7))
    queue_due_reminders()
    return Message.objects.get(kind="reminder")


@pytest.mark.parametrize(("change", "reason"), NOES[-2:])
def test_no_between_claim_and_mark_counts_for_a_reminder(sink, reminder, change, reason):
    batch = Batch(Line(), Marks())
    letters = batch._letters()
    change(reminder)
    batch._letters = lambda: letters  # type: ignore[method-assign]  # those it made before
    assert batch.send() == 0
    assert state(reminder) == ("skipped", reason)
    assert sink.messages == []


@pytest.mark.parametrize(("change", "reason"), NOES[-2:])
def test_no_while_the_text_travels_counts_for_a_reminder(sink, reminder, change, reason):
    assert Batch(Interrupted(lambda: change(reminder)), Marks()).send() == 0
    recover()
    deliver()  # the cancellation, or the confirmation of what was answered
    assert state(reminder) == ("skipped", reason)
    assert not any(f"{reminder.pk}" in one.message_id for one in sink.messages)


def test_reminder_goes_where_nothing_was_said(sink, reminder):
    assert deliver() == 1
    assert state(reminder) == ("sent", "")


@pytest.mark.parametrize("moment", ["claimed", "marked"])
def test_pause_between_claim_and_handing_over_keeps_it_for_later(sink, message, moment):
    if moment == "claimed":
        batch = Batch(Line(), Marks())
        pause(mailing=message.mailing)
    else:
        batch = Batch(Interrupted(lambda: pause(mailing=message.mailing)), Marks())
    assert batch.send() == 0
    assert (state(message)[0], deliver()) == ("queued" if moment == "claimed" else "deferred", 0)
    resume(mailing=message.mailing)
    assert deliver() == 1


def test_cancellation_goes_to_those_whose_invitation_went_out(sink, message):
    other = make_contact(email="other@example.org")
    event = message.contact.participations.get().event
    assert deliver() == 1
    invite_everybody(event)  # takes the new one only
    claimed = Batch(Line(), Marks())
    cancel_event(event=event)
    assert (claimed.send(), deliver()) == (0, 1)
    assert [one.recipients for one in sink.messages] == [("jan@example.org",)] * 2
    late = Message.objects.get(kind="cancellation", contact=other)
    assert state(late) == ("skipped", "outdated")


def test_dead_address_of_somebody_else_does_not_matter(sink, message):
    make_contact(email="other@example.org").contact_points.update(state="bounced")
    assert deliver() == 1


def test_no_to_something_else_does_not_matter(sink, message):
    record_consent(contact=message.contact, purpose="newsletter", allowed=False, source="form")
    assert deliver() == 1


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda m: cancel_event(event=m.contact.participations.get().event), "cancelled"),
        (lambda m: answer(participation=m.contact.participations.get(), status="declined"), "declined"),
    ],
)
def test_message_that_makes_no_sense_any_more_is_skipped(sink, message, change, reason):
    change(message)
    deliver()
    assert state(message) == ("skipped", reason)
    assert not any(f"{message.pk}" in one.message_id for one in sink.messages)


def test_confirmation_that_was_overtaken_is_skipped_beside_the_one_that_goes(sink, message, settings):
    """Only its letter says so, no condition of the mark: a worker held it at the second answer, and died."""
    deliver()
    settings.CONFIRMATION_DELAY = 0
    participation = message.contact.participations.get()
    answer(participation=participation, status="accepted")
    held = Message.objects.get(kind="confirmation")
    put(held, state="claimed", claim=uuid4(), lease_until=timezone.now() - datetime.timedelta(minutes=1))
    answer(participation=participation, status="tentative")
    recover()
    assert deliver() == 1
    old, new = Message.objects.filter(kind="confirmation").order_by("key")
    assert (state(old), state(new)) == (("skipped", "outdated"), ("sent", ""))


def test_newsletter_needs_a_yes_at_the_moment_of_sending(sink, message):
    Message.objects.update(purpose="newsletter")
    deliver()
    assert state(message) == ("skipped", "said no")
