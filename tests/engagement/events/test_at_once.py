"""A worker that looks for mail while an event is being cancelled or moved."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection, transaction

from engagement.events.models import Event
from engagement.events.services import cancel_event, save_event
from engagement.mailings.claims import Claim
from tests.factories import invite_everybody, make_contact, make_event

# A test's SQLite lives in memory, where threads cannot wait for each other.
pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def move(event: Event) -> None:
    event.starts_at += timedelta(days=1)
    event.ends_at += timedelta(days=1)
    save_event(event=event, remind_days_before=None)


def cancel(event: Event) -> None:
    cancel_event(event=event)


def claimed_by_another() -> list[UUID]:
    try:
        return [message.pk for message in Claim().messages]
    finally:
        connection.close()


@pytest.mark.parametrize("change", [cancel, move])
def test_no_invitation_is_taken_up_before_its_worker_can_see_the_change(change):
    make_contact()
    event = make_event()
    (message,) = invite_everybody(event)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            change(event)
            assert pool.submit(claimed_by_another).result() == []
        assert pool.submit(claimed_by_another).result() == [message.pk]
