"""Every address of Kwartet, and who may open it. An address that is not listed here fails."""

import re
from collections.abc import Iterator

import pytest
from django.template.backends.django import Template
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from crm.accounts.roles import Role
from tests.addresses import ACCOUNT, API, OPEN, OWN, POST_ONLY, STAFF, TOKEN
from tests.addresses import addresses as addresses  # a fixture
from tests.factories import (
    make_user,
)

pytestmark = pytest.mark.django_db


def url_names(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            namespace = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from url_names(pattern.url_patterns, namespace)
        else:
            yield f"{prefix}{pattern.name}"


def kwartets() -> set[str]:
    return {name for name in url_names(get_resolver().url_patterns) if not name.startswith("admin:")}


def test_every_address_is_listed():
    unlisted = kwartets() - set(STAFF) - TOKEN - ACCOUNT - OPEN - API
    assert unlisted == set()


def test_every_listed_address_exists():
    assert set(STAFF) | TOKEN | ACCOUNT | OPEN | API <= kwartets()


@pytest.mark.same_on_both
def test_stranger_is_sent_to_the_login_page(client, addresses):
    for name, path in addresses.items():
        for method in (client.get, client.post):
            response = method(path)
            assert response.status_code == 302, name
            assert response["Location"].startswith(reverse("account_login")), name


@pytest.mark.same_on_both
@pytest.mark.parametrize("role", [*Role, None])
def test_each_role_opens_what_it_may_and_nothing_else(role, addresses, monkeypatch):
    if role:  # test_what_roles_see.py draws every page for each of them
        monkeypatch.setattr(Template, "render", lambda *_args, **_named: "")
    client = Client()
    client.force_login(make_user(role))
    seen = {name: client.get(path).status_code for name, path in addresses.items()}
    expected = {}
    for name, roles in STAFF.items():
        allowed = role in roles or (role is None and name in OWN)
        expected[name] = (405 if name in POST_ONLY else 200) if allowed else 403
    assert seen == expected


@pytest.mark.same_on_both
@pytest.mark.parametrize("role", [Role.READER, None])
def test_post_is_refused_as_well(role, addresses):
    client = Client()
    client.force_login(make_user(role))
    refused = {name for name, roles in STAFF.items() if role not in roles} - OWN
    assert {name: client.post(addresses[name]).status_code for name in refused} == dict.fromkeys(refused, 403)


@pytest.mark.same_on_both
def test_empty_post_is_answered_in_words(client, addresses):
    client.force_login(make_user(Role.ADMIN))
    seen = {name: client.post(path).status_code for name, path in addresses.items()}
    assert {name: code for name, code in seen.items() if code >= 500} == {}


@pytest.mark.same_on_both
def test_something_that_is_not_there_is_not_found(client, addresses):
    client.force_login(make_user(Role.ADMIN))
    for name, path in addresses.items():
        absent = re.sub(r"\d+(?=/)", "999999", path, count=1)
        if absent != path and name != "message_settle":
            method = client.post if name in POST_ONLY else client.get
            assert method(absent).status_code == 404, name


@pytest.mark.parametrize("role", list(Role))
def test_settings_are_for_the_admin(role):
    client = Client()
    client.force_login(make_user(role))
    response = client.get(reverse("admin:index"), follow=True)
    assert response.status_code == (200 if role is Role.ADMIN else 403)


def test_login_takes_the_email_address_and_the_password(client):
    user = make_user()
    path = reverse("account_login")
    assert client.post(path, {"login": user.email, "password": "wrong"}).status_code == 200
    response = client.post(path, {"login": user.email.upper(), "password": "a long password"})
    assert response["Location"] == reverse("today")
