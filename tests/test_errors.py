"""A busy database is told as that, and what was sent can be sent again."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django.test import Client
from django.urls import reverse

from crm.accounts.models import User
from crm.accounts.roles import Role
from crm.accounts.tokens import make_token
from crm.links.services import link_for, token_of
from crm.preferences.links import PREFERENCES
from tests.factories import make_contact, make_user

pytestmark = pytest.mark.django_db
NAME = 'Ilse <back> "Vrielink"'


def busy(execute: Callable[..., Any], sql: str, *arguments: Any) -> Any:
    """What SQLite does while somebody else writes for long: reading goes on, writing does not."""
    if sql.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")):
        raise OperationalError("database is locked")
    return execute(sql, *arguments)


@pytest.fixture
def member(client: Client) -> Client:
    client.force_login(make_user(Role.CORE_TEAM, language="en"))
    client.raise_request_exception = False
    return client


def test_form_that_could_not_be_saved_waits_behind_a_button(member):
    path = reverse("account_profile")
    member.cookies["csrftoken"] = "a" * 32
    with connection.execute_wrapper(busy):
        response = member.post(path, {"name": NAME, "language": "en"})
    assert (response.status_code, response["Retry-After"]) == (503, "10")
    page = response.content.decode()
    assert "Nothing was lost" in page
    assert 'value="Ilse &lt;back&gt; &quot;Vrielink&quot;"' in page
    assert page.count('name="csrfmiddlewaretoken"') == 1
    transaction.set_rollback(False)  # that of the test took part in what failed
    assert not User.objects.filter(name=NAME).exists()
    assert member.post(path, dict(response.context["fields"])).status_code == 302
    assert User.objects.filter(name=NAME).exists()


def test_page_that_only_could_not_be_shown_can_be_asked_for_again(member):
    def down(execute: Callable[..., Any], sql: str, *arguments: Any) -> Any:
        if "crm_contact" in sql:
            raise OperationalError("server closed the connection")
        return execute(sql, *arguments)

    with connection.execute_wrapper(down):
        response = member.get(reverse("contact_list"), {"q": "x"})
    assert response.status_code == 503
    assert 'href="/contacts/?q=x"' in response.content.decode()


def test_password_stands_on_no_page(client):
    client.force_login(make_user(Role.ADMIN))
    client.raise_request_exception = False
    password = {"password1": "a very long password", "password2": "a very long password"}
    user = {"email": "new@example.org", "name": "New", "language": "nl", "usable_password": "true"}
    with connection.execute_wrapper(busy):
        response = client.post(reverse("admin:crm_user_add"), {**user, **password})
    assert response.status_code == 503
    assert "a very long password" not in response.content.decode()


def test_page_of_a_mail_sets_no_cookie_and_keeps_the_answer():
    client = Client(raise_request_exception=False, enforce_csrf_checks=True)
    token = token_of(link_for(contact=make_contact(), purpose=PREFERENCES))
    with connection.execute_wrapper(busy):
        response = client.post(reverse("preferences", args=[token]), {"purposes": ["newsletter", "feedback"]})
    assert (response.status_code, not response.cookies) == (503, True)
    assert response.content.decode().count('name="purposes"') == 2


def test_program_is_told_in_json():
    headers = {"Authorization": f"Token {make_token(user=make_user(Role.CORE_TEAM))}"}
    client = Client(raise_request_exception=False)
    with connection.execute_wrapper(busy):
        response = client.post(
            reverse("api_contacts"), {"family_name": "Berg"}, content_type="application/json", headers=headers
        )
    assert (response.status_code, response["Content-Type"]) == (503, "application/json")
    assert "busy" in response.json()["detail"]


def test_error_of_ours_is_an_error(member, monkeypatch):
    monkeypatch.setattr("crm.timeline.views.add_note", None)
    response = member.post(reverse("contact_note", args=[make_contact().pk]), {"text": "x"})
    assert response.status_code == 500
