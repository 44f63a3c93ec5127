"""So many times in so many seconds, and guessing passwords in particular."""

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from crm.accounts import adapter
from crm.accounts.limits import Limit
from crm.accounts.models import User
from tests.factories import make_user

pytestmark = pytest.mark.django_db
LIMIT = Limit("test", most=2, seconds=60)


@pytest.fixture(autouse=True)
def nothing_counted() -> None:
    cache.clear()


def test_limit_counts_by_who_and_begins_anew():
    with time_machine.travel("2026-01-01 12:00:00+00:00", tick=False) as moment:
        assert [LIMIT.spend("a", 1) for _ in range(4)] == [True, True, False, False]
        assert (LIMIT.is_spent("a", 1), LIMIT.is_spent("a", 2), LIMIT.spend("a", 2)) == (True, False, True)
        moment.shift(60)
        assert (LIMIT.is_spent("a", 1), LIMIT.spend("a", 1)) == (False, True)


def test_cache_names_nobody():
    LIMIT.spend("somebody@example.org")
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM cache")
        assert "somebody" not in str(cursor.fetchall())


def logs_in(user: User, password: str, *, client: str) -> bool:
    data = {"login": user.email, "password": password}
    return Client().post(reverse("account_login"), data, REMOTE_ADDR=client).status_code == 302


def test_who_guesses_is_stopped_and_locks_nobody_out_but_themselves():
    user, other = make_user(), make_user()
    for _ in range(6):
        assert not logs_in(user, "a guess", client="203.0.113.7")
    assert not logs_in(user, "a long password", client="203.0.113.7")
    assert logs_in(other, "a long password", client="203.0.113.7")
    assert logs_in(user, "a long password", client="203.0.113.8")


def test_where_everybody_guesses_each_client_has_one_try_and_the_owner_gets_in(monkeypatch):
    monkeypatch.setattr(adapter, "_EVERYWHERE", Limit("test-everywhere", most=3, seconds=3600))
    user = make_user()
    for number in range(3):
        assert not logs_in(user, "a guess", client=f"203.0.113.{number}")
    assert not logs_in(user, "a long password", client="203.0.113.1")
    assert not logs_in(user, "a guess", client="203.0.113.50")
    assert not logs_in(user, "a long password", client="203.0.113.50")
    assert logs_in(user, "a long password", client="203.0.113.51")
    assert logs_in(user, "a long password", client="203.0.113.51")


def test_clients_behind_a_proxy_are_told_apart():
    user = make_user()
    guess = {"login": user.email, "password": "a guess"}
    for _ in range(6):
        Client().post(reverse("account_login"), guess, headers={"X-Forwarded-For": "203.0.113.7"})
    right = {**guess, "password": "a long password"}
    for address, status in (("203.0.113.7", 200), ("203.0.113.7, 203.0.113.8", 302)):
        response = Client().post(reverse("account_login"), right, headers={"X-Forwarded-For": address})
        assert response.status_code == status
