"""Two who hand the same seat over at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from crm.accounts.models import User
from crm.bodies.models import Seat, SeatHolder
from crm.bodies.services import hand_over
from crm.contacts.models import Contact
from tests.factories import make_contact, make_seat, make_user


@pytest.mark.postgres  # a test's SQLite lives in memory, where threads cannot wait for each other
@pytest.mark.django_db(transaction=True)
def test_only_one_of_many_gets_the_seat():
    seat, actor = make_seat(), make_user()
    people = [make_contact() for _ in range(6)]

    def take(contact: Contact) -> bool:
        return taken(seat, contact, actor)

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(take, people)) == [False] * 5 + [True]
    assert SeatHolder.objects.count() == 1


def taken(seat: Seat, contact: Contact, actor: User) -> bool:
    try:
        hand_over(seat=seat, contact=contact, on=date(2026, 3, 1), actor=actor)
    except ValidationError:
        return False
    finally:
        connection.close()
    return True
