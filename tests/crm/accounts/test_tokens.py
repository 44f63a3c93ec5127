"""Tokens of programs end by time, and with a new password however that is set."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from crm.accounts.models import ApiToken, User
from crm.accounts.roles import Role
from crm.accounts.tokens import make_token, user_of
from tests.factories import make_user

pytestmark = pytest.mark.django_db
NEW = {"password1": "quite another one", "password2": "quite another one"}


def test_token_ends_after_ninety_days_and_not_before():
    user = make_user()
    token, now = make_token(user=user), timezone.now()
    for days, owner in ((89.9, user), (90.1, None)):
        with time_machine.travel(now + timedelta(days=days)):
            assert user_of(token) == owner


def test_token_lives_as_long_as_the_setting_says(settings):
    settings.API_TOKEN_DAYS = 1
    make_token(user=make_user())
    assert ApiToken.objects.get().expires_at < timezone.now() + timedelta(days=1, seconds=1)


def test_page_says_when_a_token_ends(client):
    client.force_login(make_user(language="en"))
    assert "It ends on" in client.post(reverse("account_token")).content.decode()
    assert "that ends on" in client.get(reverse("account_profile")).content.decode()
    ApiToken.objects.update(expires_at=timezone.now())
    assert "that ends on" not in client.get(reverse("account_profile")).content.decode()


def by_the_user(user: User) -> None:
    client = Client()
    client.force_login(user)
    client.post(reverse("account_change_password"), {"oldpassword": "a long password", **NEW})


def by_an_admin(user: User) -> None:
    client = Client()
    client.force_login(make_user(Role.ADMIN))
    client.post(
        reverse("admin:auth_user_password_change", args=[user.pk]), {**NEW, "usable_password": "true"}
    )


@pytest.mark.parametrize("how", [by_the_user, by_an_admin])
def test_new_password_ends_the_token(how: Callable[[User], None]):
    user = make_user()
    token, other = make_token(user=user), make_token(user=make_user())
    how(user)
    user.refresh_from_db()
    assert user.check_password("quite another one")
    assert (user_of(token), user_of(other) is None) == (None, False)


def test_hash_that_is_made_anew_with_more_rounds_ends_no_token(settings):
    user = make_user()
    token = make_token(user=user)
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
        "django.contrib.auth.hashers.MD5PasswordHasher",
    ]
    old = user.password
    assert make_password("x").startswith("pbkdf2")
    assert user.check_password("a long password")
    user.refresh_from_db()
    assert user.password != old
    assert user_of(token) == user
