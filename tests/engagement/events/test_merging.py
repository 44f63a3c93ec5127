"""What two participations of one person become."""

import pytest

from crm.duplicates.merging import merge
from engagement.events.calendar import sequence_of
from engagement.events.models import Event, Participation
from engagement.events.services import answer
from engagement.mailings.models import Message
from tests.factories import make_event, make_participation, make_user

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
    assert (newest.kind, newest.contact, newest.key.rpartition(":")[2]) == ("confirmation", one.contact, "6")
