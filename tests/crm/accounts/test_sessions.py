"""What stays behind of whoever was logged in: nothing in caches, and no session that has ended."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from crm.accounts.roles import Role
from crm.accounts.tokens import make_token
from tasks.sessions import clear_expired
from tests.factories import make_contact, make_user

pytestmark = pytest.mark.django_db


def test_no_page_of_the_team_is_kept_by_a_cache(client: Client) -> None:
    contact = make_contact()
    client.force_login(make_user(Role.ADMIN))
    for path in (reverse("today"), contact.get_absolute_url(), "/api/v1/contacts/", "/api/v1/nowhere/"):
        assert client.get(path).headers["Cache-Control"] == "no-store", path


def test_what_a_program_reads_is_kept_by_no_cache(client: Client) -> None:
    token = make_token(user=make_user())
    answer = client.get("/api/v1/contacts/", headers={"Authorization": f"Token {token}"})
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")


def test_page_for_logging_in_stays_as_it_is(client: Client) -> None:
    assert "no-store" in client.get(reverse("account_login")).headers["Cache-Control"]


def test_sessions_that_ended_are_forgotten_and_no_others(client: Client) -> None:
    client.force_login(make_user())
    kept = client.session.session_key
    Session.objects.create(session_key="old", session_data="", expire_date=timezone.now() - timedelta(1))
    clear_expired()
    clear_expired()
    assert [session.session_key for session in Session.objects.all()] == [kept]
