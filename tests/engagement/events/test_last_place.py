"""Two people take the last place at the same moment."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from engagement.events.models import Participation
from engagement.events.services import EventFull, answer
from tests.factories import make_event, make_participation


@pytest.mark.postgres  # a test's SQLite lives in memory, where threads cannot wait for each other
@pytest.mark.django_db(transaction=True)
def test_only_one_of_many_gets_the_last_place():
    event = make_event(capacity=1)
    people = [make_participation(event=event) for _ in range(6)]

    def say_yes(participation: Participation) -> bool:
        try:
            answer(participation=participation, status="accepted")
        except EventFull:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(max_workers=6) as pool:
        got_it = list(pool.map(say_yes, people))
    assert sum(got_it) == 1
    assert event.participations.coming().count() == 1
