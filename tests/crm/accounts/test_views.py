"""A user's own settings, and the pages around logging in."""

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.urls import reverse

from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_language_and_shortcuts_are_the_users_own(client):
    user = make_user()
    client.force_login(user)
    address = reverse("account_profile")
    assert 'lang="en"' in client.get(address).content.decode()
    assert "data-single-key" in client.get(address).content.decode()
    client.post(address, {"name": "Ilse", "language": "nl"})
    user.refresh_from_db()
    assert (user.name, user.language, user.shortcuts) == ("Ilse", "nl", False)
    page = client.get(address).content.decode()
    assert 'lang="nl"' in page
    assert "data-single-key" not in page


@pytest.mark.parametrize("data", [{"name": "", "language": "nl"}, {"name": "Ilse", "language": "tlh"}])
def test_refused_settings_change_nothing(client, data):
    user = make_user(language="en")
    client.force_login(user)
    response = client.post(reverse("account_profile"), data)
    assert response.context["form"].errors
    assert response.context["user"].name == user.name
    user.refresh_from_db()
    assert user.language == "en"


def test_stranger_logs_in_first(client):
    assert client.get(reverse("account_profile"))["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("name", ["account_login", "account_reset_password", "account_signup"])
def test_login_pages_hold_no_inline_script_or_style(client, name):
    page = client.get(reverse(name)).content.decode()
    assert "kwartet.css" in page
    assert " style=" not in page
    assert "<style" not in page
    assert "<script" not in page


@pytest.mark.parametrize("code", ["400", "403", "403_csrf", "404", "500"])
def test_error_page_needs_no_request(code, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert "<h1>" in render_to_string(f"{code}.html")


def test_missing_page_speaks_the_users_language(client):
    client.force_login(make_user(language="en"))
    response = client.get("/nowhere/")
    assert response.status_code == 404
    assert "There is nothing at this address" in response.content.decode()


def test_font_and_scripts_are_our_own():
    for path in ("fonts/atkinson-hyperlegible-next-latin-wght-normal.woff2", "vendor/htmx-2.0.11.min.js"):
        assert finders.find(path)
