"""What two participations of one person become."""

import pytest

from crm.duplicates.merging import merge, undo
from engagement.events.calendar import sequence_of
from engagement.events.models import Event, Participation
from engagement.events.services import answer, save_event
from engagement.mailings.kinds import KINDS
from engagement.mailings.models import Message
from engagement.mailings.services import queue
from tests.factories import bring_to, make_event, make_participation, make_user

pytestmark = pytest.mark.django_db


def answered(event: Event, *statuses: str) -> Participation:
    participation = make_participation(event=event)
    for status in statuses:
        answer(participation=participation, status=status)
    participation.refresh_from_db()
    return participation


def test_numbers_of_mails_are_added_up_so_that_none_is_used_twice():
    event = make_event()
    one = answered(event, "accepted", "declined")
    other = answered(event, "declined", "accepted", "declined")
    assert [(row.answers, row.cancellations) for row in (one, other)] == [(2, 1), (3, 2)]
    merge(kept=one.contact, gone=other.contact, by=make_user())
    one.refresh_from_db()
    assert (one.answers, one.cancellations, sequence_of(one)) == (5, 3, event.sequence + 3)
    answer(participation=one, status="accepted")
    newest = Message.objects.latest("created_at")
    assert (newest.kind, newest.contact, newest.revision) == ("confirmation", one.contact, 6)


def confirmed() -> list[str]:
    """Which answers would be confirmed now, by the mails that wait."""
    waiting = list(Message.objects.waiting().filter(kind="confirmation").order_by("created_at"))
    letters = KINDS["confirmation"].letters(waiting)
    return [letter.about.participation.status for letter in letters if not letter.objection]


@pytest.mark.parametrize("kept_first", [True, False])
@pytest.mark.parametrize("last", ["accepted", "declined"])
def test_of_two_waiting_confirmations_that_of_the_last_answer_goes_out(kept_first, last):
    event = make_event()
    one, other = answered(event, "tentative"), answered(event, last)
    kept, gone = (one, other) if kept_first else (other, one)
    assert confirmed() == ["tentative", last]
    merged = merge(kept=kept.contact, gone=gone.contact, by=make_user())
    assert confirmed() == [last]
    undo(merged=merged, by=make_user())
    assert confirmed() == ["tentative", last]


@pytest.mark.parametrize("kept_first", [True, False])
def test_confirmation_that_went_out_does_not_stop_that_of_a_later_answer(kept_first):
    event = make_event()
    one, other = answered(event, "tentative"), answered(event, "accepted")
    bring_to("sent", Message.objects.filter(contact=one.contact))
    kept, gone = (one, other) if kept_first else (other, one)
    merge(kept=kept.contact, gone=gone.contact, by=make_user())
    assert confirmed() == ["accepted"]


def test_confirmation_of_an_earlier_answer_is_not_sent_again_for_the_last():
    event = make_event()
    one, other = answered(event, "tentative"), answered(event, "accepted")
    bring_to("sent", Message.objects.filter(contact=other.contact))
    merge(kept=one.contact, gone=other.contact, by=make_user())
    assert confirmed() == []


def test_second_change_of_an_event_is_told_after_a_merge_too():
    """The mail about the first change went out; it says nothing of the second."""
    event = make_event()
    one, other = make_participation(event=event), make_participation(event=event)
    for row in (one, other):
        queue(kind="invitation", about_id=event.pk, people=[row.contact])
    bring_to("sent", Message.objects.all())
    event.place = "Hengelo"
    save_event(event=event, remind_days_before=None)
    bring_to("sent", Message.objects.filter(kind="update"))
    event.place = "Almelo"
    save_event(event=event, remind_days_before=None)
    assert Message.objects.waiting().count() == 2
    merge(kept=one.contact, gone=other.contact, by=make_user())
    left = Message.objects.waiting().get()
    assert (left.kind, left.revision, KINDS["update"].letters([left])[0].objection) == ("update", 2, "")
