"""Answering, moving, cancelling and reminding."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from crm.preferences.services import record_consent
from crm.timeline.models import TimelineEntry
from engagement.events.models import Participation, ReminderRule
from engagement.events.services import (
    AnswersClosed,
    EventFull,
    answer,
    cancel_event,
    queue_due_reminders,
    save_event,
)
from engagement.mailings.models import Message
from tests.factories import bring_to, invite_everybody, make_contact, make_event, make_participation

pytestmark = pytest.mark.django_db
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def kinds_queued() -> list[str]:
    return list(Message.objects.order_by("created_at", "pk").values_list("kind", flat=True))


def test_answer_is_recorded_told_and_confirmed_once():
    participation = make_participation()
    for _ in range(2):
        answer(participation=participation, status="accepted", needs="vegetarian")
    participation.refresh_from_db()
    assert (participation.status, participation.needs, participation.answers) == ("accepted", "vegetarian", 1)
    assert TimelineEntry.objects.get().kind == "event.accepted"
    assert kinds_queued() == ["confirmation"]


def test_changing_needs_alone_sends_nothing_new():
    participation = make_participation()
    answer(participation=participation, status="accepted")
    answer(participation=participation, status="accepted", needs="wheelchair")
    participation.refresh_from_db()
    assert (participation.needs, participation.answers) == ("wheelchair", 1)
    assert kinds_queued() == ["confirmation"]


def test_mind_may_change_until_the_start():
    event = make_event(in_days=1)
    participation = make_participation(event=event)
    with time_machine.travel(event.starts_at - timedelta(seconds=1), tick=False):
        answer(participation=participation, status="accepted")
        answer(participation=participation, status="declined")
    with time_machine.travel(event.starts_at, tick=False), pytest.raises(AnswersClosed):
        answer(participation=participation, status="accepted")
    participation.refresh_from_db()
    assert (participation.status, participation.cancellations) == ("declined", 1)


def test_full_event_takes_no_more_but_keeps_who_has_a_place():
    event = make_event(capacity=1)
    first, second = make_participation(event=event), make_participation(event=event)
    answer(participation=first, status="accepted")
    with pytest.raises(EventFull):
        answer(participation=second, status="accepted")
    answer(participation=first, status="accepted", needs="still me")
    answer(participation=second, status="tentative")
    answer(participation=first, status="declined")
    answer(participation=second, status="accepted")
    assert list(event.participations.coming()) == [second]


def test_cancelled_event_closes_answers_and_tells_the_invited():
    event = make_event()
    coming, declined = make_contact(), make_contact()
    messages = invite_everybody(event)
    bring_to("sent", Message.objects.filter(pk__in=[m.pk for m in messages]))
    answer(participation=Participation.objects.get(contact=declined), status="declined")
    cancel_event(event=event)
    cancel_event(event=event)
    told = Message.objects.filter(kind="cancellation")
    assert [message.contact for message in told] == [coming]
    with pytest.raises(AnswersClosed):
        answer(participation=Participation.objects.get(contact=coming), status="accepted")


def test_moving_raises_the_sequence_and_tells_the_invited():
    event = make_event()
    make_contact()
    for message in invite_everybody(event):
        bring_to("sent", Message.objects.filter(pk=message.pk))
    event.title_nl = "Andere titel"
    save_event(event=event, remind_days_before=None)
    assert (event.sequence, Message.objects.filter(kind="update").count()) == (0, 0)
    event.place = "Elsewhere"
    save_event(event=event, remind_days_before=None)
    assert event.sequence == 1
    assert Message.objects.get(kind="update").key.endswith(":1")


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        # summer time ends on 25 October 2026: the reminder is at nine on the clock all the same
        (datetime(2026, 10, 26, 13, 30, tzinfo=AMSTERDAM), 3, datetime(2026, 10, 23, 7, 0, tzinfo=UTC)),
        (datetime(2026, 10, 26, 13, 30, tzinfo=AMSTERDAM), 1, datetime(2026, 10, 25, 8, 0, tzinfo=UTC)),
        # just after midnight in Amsterdam, still the day before in UTC
        (datetime(2026, 7, 2, 0, 30, tzinfo=AMSTERDAM), 1, datetime(2026, 7, 1, 7, 0, tzinfo=UTC)),
        (datetime(2027, 1, 1, 9, 0, tzinfo=AMSTERDAM), 2, datetime(2026, 12, 30, 8, 0, tzinfo=UTC)),
    ],
)
def test_reminder_window_follows_the_clock_of_the_place(start, days, due):
    rule = ReminderRule(event=make_event(starts_at=start), days_before=days, at=time(9, 0))
    assert rule.window() == (due, min(due + timedelta(hours=24), start))
    assert [rule.is_due(due + timedelta(seconds=step)) for step in (-1, 0)] == [False, True]
    end = rule.window()[1]
    assert [rule.is_due(end + timedelta(seconds=step)) for step in (-1, 0)] == [True, False]


def remindable(status: str = "needs-action") -> Participation:
    """Somebody invited a week ago to an event whose reminder is due now."""
    event = make_event(in_days=3, remind=3)
    due = event.reminder_rule.window()[0]
    participation = make_participation(
        event=event, status=status, answered_at=None if status == "needs-action" else due - timedelta(days=1)
    )
    Message.objects.create(
        kind="invitation",
        about_id=event.pk,
        key=f"invitation:{event.pk}:{participation.contact_id}",
        contact=participation.contact,
        purpose="invitation",
        address=participation.contact.email(),
        address_digest="x",
        language="nl",
        state="sent",
        sent_at=due - timedelta(days=7),
        due_at=due - timedelta(days=7),
        give_up_at=due,
    )
    return participation


def due_of(participation: Participation) -> datetime:
    return participation.event.reminder_rule.window()[0]


@pytest.mark.parametrize(
    ("status", "reminded"), [("needs-action", 1), ("accepted", 1), ("tentative", 1), ("declined", 0)]
)
def test_reminder_goes_to_all_but_who_declined(status, reminded):
    participation = remindable(status)
    queue_due_reminders(now=due_of(participation))
    assert Message.objects.filter(kind="reminder").count() == reminded


def test_reminder_just_before_due_is_not_queued():
    participation = remindable()
    queue_due_reminders(now=due_of(participation) - timedelta(seconds=1))
    assert not Message.objects.filter(kind="reminder").exists()


def test_two_beats_queue_one_reminder():
    participation = remindable()
    assert [queue_due_reminders(now=due_of(participation)) for _ in range(2)] == [1, 0]
    assert Message.objects.filter(kind="reminder").count() == 1


def test_missed_window_is_given_up():
    participation = remindable()
    queue_due_reminders(now=participation.event.reminder_rule.window()[1])
    assert not Message.objects.filter(kind="reminder").exists()


def test_who_was_invited_inside_the_window_is_not_reminded_at_once():
    participation = remindable()
    due = due_of(participation)
    Message.objects.filter(kind="invitation").update(sent_at=due + timedelta(minutes=1))
    queue_due_reminders(now=due + timedelta(minutes=2))
    assert not Message.objects.filter(kind="reminder").exists()


def test_moved_event_moves_the_reminder_without_rescheduling():
    participation = remindable()
    event, old_due = participation.event, due_of(participation)
    queue_due_reminders(now=old_due)
    event.starts_at += timedelta(days=10)
    event.ends_at += timedelta(days=10)
    save_event(event=event, remind_days_before=3)
    assert not Message.objects.filter(kind="reminder").exists()
    queue_due_reminders(now=old_due)
    assert not Message.objects.filter(kind="reminder").exists()
    participation.refresh_from_db()
    queue_due_reminders(now=ReminderRule.objects.get().window()[0])
    assert Message.objects.filter(kind="reminder").count() == 1


def test_who_wants_no_reminders_keeps_the_invitation():
    participation = remindable()
    record_consent(contact=participation.contact, purpose="reminder", allowed=False, source="form")
    queue_due_reminders(now=due_of(participation))
    # queued, and skipped at the moment of sending: see test_delivery.py
    assert Message.objects.get(kind="reminder").purpose == "reminder"
