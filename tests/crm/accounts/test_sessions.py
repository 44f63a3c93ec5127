"""What stays behind of whoever was logged in: nothing in caches, and no session that has ended."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from crm.accounts.models import User
from crm.accounts.roles import Role
from crm.accounts.sessions import browser_in
from crm.accounts.tokens import make_token
from tasks.sessions import clear_expired
from tests.factories import make_contact, make_user

pytestmark = pytest.mark.django_db


@pytest.mark.same_on_both
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


def enter(user: User, browser: str, address: str) -> Client:
    client = Client(headers={"User-Agent": browser}, REMOTE_ADDR=address)
    client.post(reverse("account_login"), {"login": user.email, "password": "a long password"})
    return client


FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
EDGE = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36 Edg/140.0"


def is_in(client: Client) -> bool:
    return client.get(reverse("contact_list")).status_code == 200


@pytest.mark.same_on_both
def test_sessions_are_listed_with_browser_and_address_and_one_is_ended() -> None:
    user = make_user(language="en")
    here, there = enter(user, FIREFOX, "203.0.113.7"), enter(user, EDGE, "203.0.113.8")
    page = here.get(reverse("account_sessions"))
    told = [(one.browser, one.ip) for one in page.context["sessions"]]
    assert told == [("Edge, Android", "203.0.113.8"), ("Firefox, Windows", "203.0.113.7")]
    assert page.content.decode().count("this one") == 1
    here.post(reverse("account_sessions"), {"end": page.context["sessions"][0].pk})
    assert (is_in(here), is_in(there)) == (True, False)
    assert len(here.get(reverse("account_sessions")).context["sessions"]) == 1


def test_all_others_are_ended_at_once_and_nobody_elses() -> None:
    user, other = make_user(), make_user()
    clients = [enter(user, FIREFOX, f"203.0.113.{number}") for number in range(3)]
    colleague = enter(other, FIREFOX, "203.0.113.9")
    theirs = colleague.get(reverse("account_sessions")).context["sessions"][0].pk
    clients[0].post(reverse("account_sessions"), {"end": theirs})
    assert is_in(colleague)
    clients[0].post(reverse("account_sessions"), {"end": "others"})
    assert [is_in(one) for one in (*clients, colleague)] == [True, False, False, True]


def test_what_is_known_of_a_session_goes_with_it() -> None:
    client = enter(make_user(), FIREFOX, "203.0.113.7")
    assert UserSession.objects.count() == 1
    clear_expired()
    assert UserSession.objects.count() == 1
    client.post(reverse("account_logout"))
    clear_expired()
    assert UserSession.objects.count() == 0


@pytest.mark.same_on_both
@pytest.mark.parametrize("agent", ["", "curl/8.0", "x" * 500])
def test_unknown_browser_is_shown_as_it_calls_itself(agent: str) -> None:
    assert browser_in(agent) == ""
    assert is_in(enter(make_user(), agent, "203.0.113.7"))
