"""A user's own settings, and the pages around logging in."""

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import authenticate
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from crm.accounts.models import User
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


@pytest.mark.parametrize("name", ["account_login", "account_reset_password"])
def test_login_pages_hold_no_inline_script_or_style(client, name):
    page = client.get(reverse(name)).content.decode()
    assert "kwartet.css" in page
    assert " style=" not in page
    assert "<style" not in page
    assert "<script" not in page


def can_log_in(user: User, password: str, address: str = "") -> bool:
    data = {"login": address or user.email, "password": password}
    return Client().post(reverse("account_login"), data).status_code == 302


@pytest.mark.parametrize(
    "page",
    ["email", "signup", "confirm-email", "confirm-email/x", "login/code/confirm", "2fa", "sessions/x"],
)
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("open_session", [True, False])
def test_nobody_signs_up_or_takes_an_account_over(client, page, method, open_session):
    user = make_user()
    if open_session:
        client.force_login(user)
    data = {"email": "mine@example.net", "action_add": "", "password1": "x" * 20, "password2": "x" * 20}
    assert getattr(client, method)(f"/account/{page}/", data).status_code == 404
    assert (list(User.objects.all()), EmailAddress.objects.count()) == ([user], 0)


@pytest.mark.same_on_both
def test_password_is_changed_by_who_knows_the_old_one(client):
    user = make_user()
    address = reverse("account_change_password")
    new = {"password1": "quite another one", "password2": "quite another one"}
    client.post(reverse("account_login"), {"login": user.email, "password": "a long password"})
    assert client.get(address).status_code == 200
    assert client.post(address, {"oldpassword": "a wrong password", **new}).status_code == 200
    assert can_log_in(user, "a long password")
    assert client.post(address, {"oldpassword": "a long password", **new}, follow=True).status_code == 200
    assert (can_log_in(user, "a long password"), can_log_in(user, "quite another one")) == (False, True)


def test_account_without_a_password_chooses_one(client):
    user = make_user()
    user.set_unusable_password()
    user.save()
    client.force_login(user)
    page = client.get(reverse("account_change_password"), follow=True)
    assert page.redirect_chain == [(reverse("account_set_password"), 302)]
    assert page.status_code == 200


def test_forgotten_password_is_replaced_by_the_link_in_a_mail(client, mailoutbox):
    user = make_user()
    done = client.post(reverse("account_reset_password"), {"email": user.email}, follow=True)
    assert done.redirect_chain == [(reverse("account_reset_password_done"), 302)]
    (mail,) = mailoutbox
    (path,) = re.findall(r"https?://[^/\s]+(/\S+)", mail.body)
    form = client.get(path, follow=True)
    new = {"password1": "quite another one", "password2": "quite another one"}
    saved = client.post(form.redirect_chain[-1][0], new, follow=True)
    assert saved.redirect_chain == [(reverse("account_reset_password_from_key_done"), 302)]
    assert (can_log_in(user, "a long password"), can_log_in(user, "quite another one")) == (False, True)
    assert reverse("account_reset_password") in Client().get(path, follow=True).content.decode()
    assert not EmailAddress.objects.exists()


def user_at(address: str) -> User:
    user = make_user()
    user.email = address
    user.save()
    return user


def link_to_reset(address: str, mailoutbox: list[Any]) -> str:
    """The address of the page that a mail to `address` leads to, "" when none goes out."""
    mailoutbox.clear()
    Client().post(reverse("account_reset_password"), {"email": address})
    assert [mail.to for mail in mailoutbox] in ([], [[address.lower()]])
    return "".join(re.findall(r"https?://[^/\s]+(/account/\S+)", "".join(mail.body for mail in mailoutbox)))


@pytest.fixture
def moved() -> User:
    """A user whose address an admin changed; the old ones still stand in the table of allauth."""
    user = user_at("old@example.org")
    for number, address in enumerate(["old@example.org", "added@example.org"]):
        EmailAddress.objects.create(user=user, email=address, verified=bool(number), primary=bool(number))
    user.email = "new@example.org"
    user.save()
    return user


@pytest.mark.parametrize("address", ["old@example.org", "added@example.org"])
def test_former_address_neither_logs_in_nor_gets_a_link(moved, mailoutbox, address):
    assert not can_log_in(moved, "a long password", address)
    assert link_to_reset(address, mailoutbox) == ""
    assert not authenticate(None, username=address, password="a long password")


@pytest.mark.parametrize("address", ["new@example.org", "New@Example.org"])
def test_address_of_now_logs_in_and_gets_a_link(moved, mailoutbox, address):
    assert can_log_in(moved, "a long password", address)
    assert link_to_reset(address, mailoutbox)


def test_who_has_the_former_address_of_somebody_now_is_not_locked_out(moved, mailoutbox):
    other = user_at("added@example.org")
    other.set_password("quite another one")
    other.save()
    assert can_log_in(other, "quite another one")
    assert not can_log_in(other, "a long password")
    path = link_to_reset(other.email, mailoutbox)
    assert Client().get(path, follow=True).context["form"].user == other


def test_link_that_went_to_the_former_address_is_dead(client, mailoutbox):
    user_at("old@example.org")
    path = link_to_reset("old@example.org", mailoutbox)
    User.objects.update(email="new@example.org")
    page = client.get(path, follow=True).content.decode()
    assert reverse("account_reset_password") in page
    assert 'type="password"' not in page
    assert can_log_in(User.objects.get(), "a long password")


def test_address_that_a_database_may_take_for_another_gets_no_link(mailoutbox):
    """The dotless i is an I in capitals."""
    user_at("mi@example.org")
    assert link_to_reset("mı@example.org", mailoutbox) == ""


def test_reset_mails_nobody_unknown_and_does_not_say_so(client, mailoutbox):
    page = client.post(reverse("account_reset_password"), {"email": "nobody@example.org"}, follow=True)
    assert page.redirect_chain == [(reverse("account_reset_password_done"), 302)]
    assert mailoutbox == []


def test_logging_out_ends_the_session(client):
    client.force_login(make_user())
    assert client.get(reverse("account_logout")).status_code == 200
    assert client.post(reverse("account_logout"))["Location"] == reverse("account_login")
    assert client.get(reverse("account_profile")).status_code == 302


def test_account_that_is_switched_off_is_told_where_to_ask(client):
    assert client.get(reverse("account_inactive")).status_code == 200


@pytest.mark.parametrize("code", ["400", "403", "403_csrf", "404", "413", "429", "500", "503"])
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
