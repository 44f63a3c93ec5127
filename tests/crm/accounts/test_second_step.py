"""The second step of logging in: adding it, needing it, having to have it, and losing the telephone."""

import base64
import hmac
import re
import struct
import time
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from crm.accounts.models import User
from crm.accounts.roles import Role
from crm.accounts.tokens import make_token
from tests.factories import make_user

pytestmark = pytest.mark.django_db
PASSWORD = "a long password"


@pytest.fixture(autouse=True)
def nothing_counted() -> None:
    cache.clear()


def code_of(secret: str) -> str:
    """What an app shows now (RFC 6238 with the values of RFC 4226: SHA-1, six digits, 30 seconds)."""
    step = struct.pack(">Q", int(time.time() // 30))
    digest = hmac.digest(base64.b32decode(secret), step, "sha1")
    offset = digest[-1] & 15
    (number,) = struct.unpack(">I", digest[offset : offset + 4])
    return f"{(number & 0x7FFFFFFF) % 1_000_000:06}"


def logged_in(user: User) -> tuple[Client, Any]:
    """A client that sent the password, and the answer to it."""
    client = Client()
    return client, client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})


def add_step(client: Client) -> str:
    """Add the second step, as somebody who logged in with a password; its secret."""
    asked = client.get(reverse("mfa_activate_totp"), follow=True)
    assert asked.redirect_chain[-1][0].startswith(reverse("account_reauthenticate"))
    page = client.post(asked.redirect_chain[-1][0], {"password": PASSWORD}, follow=True)
    (secret,) = re.findall(r"<code[^>]*>([A-Z2-7]{16,})</code>", page.content.decode())
    done = client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    assert done["Location"] == reverse("mfa_view_recovery_codes")
    return secret


def codes_on(client: Client) -> list[str]:
    return re.findall(
        r"<li><code>(\w+)</code>", client.get(reverse("mfa_view_recovery_codes")).content.decode()
    )


def opens(client: Client, name: str = "contact_list") -> bool:
    return client.get(reverse(name)).status_code == 200


def test_step_is_added_after_the_password_was_typed_again():
    client, _answer = logged_in(make_user())
    secret = add_step(client)
    assert len(codes_on(client)) == 10
    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in kept
    assert "a code of an app" in client.get(reverse("account_profile")).content.decode()


def test_wrong_password_adds_nothing():
    client, _answer = logged_in(make_user())
    page = client.post(reverse("account_reauthenticate"), {"password": "a guess"})
    assert page.status_code == 200
    assert client.get(reverse("mfa_activate_totp")).status_code == 302


@pytest.mark.same_on_both
def test_password_alone_does_not_get_in_any_more():
    user = make_user()
    with time_machine.travel("2026-03-01 12:00:00+00:00", tick=False) as moment:
        secret = add_step(logged_in(user)[0])
        moment.shift(60)
        client, answer = logged_in(user)
        assert answer["Location"] == reverse("mfa_authenticate")
        assert not opens(client)
        assert client.post(reverse("mfa_authenticate"), {"code": "000000"}).status_code == 200
        assert not opens(client)
        assert client.post(reverse("mfa_authenticate"), {"code": code_of(secret)}).status_code == 302
        assert opens(client)
        again, _answer = logged_in(user)
        again.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
        assert not opens(again), "a code that was overseen works once"


def test_code_that_was_written_down_works_once():
    user = make_user()
    owner, _answer = logged_in(user)
    add_step(owner)
    code = codes_on(owner)[0]
    for gets_in in (True, False):
        client, _answer = logged_in(user)
        client.post(reverse("mfa_authenticate"), {"code": code})
        assert opens(client) is gets_in


def test_new_codes_end_the_old_ones_and_the_step_is_removed():
    client, _answer = logged_in(make_user())
    add_step(client)
    old = codes_on(client)
    assert client.post(reverse("mfa_generate_recovery_codes")).status_code == 302
    assert not set(old) & set(codes_on(client))
    assert client.get(reverse("mfa_deactivate_totp")).status_code == 200
    assert client.post(reverse("mfa_deactivate_totp")).status_code == 302
    assert "Remove" not in client.get(reverse("mfa_index")).content.decode()
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("method", ["get", "post"])
def test_stranger_is_sent_to_the_login_page(method):
    for name in ("index", "authenticate", "reauthenticate", "activate_totp", "deactivate_totp"):
        answer = getattr(Client(), method)(reverse(f"mfa_{name}"))
        assert answer["Location"].startswith(reverse("account_login")), name


@pytest.mark.parametrize("role", list(Role))
def test_who_sees_people_adds_a_step_first_where_it_is_required(settings, role):
    settings.MFA_REQUIRED = True
    user = make_user(role)
    token = make_token(user=user)
    client, _answer = logged_in(user)
    for path in (reverse("contact_list"), reverse("search"), "/settings/", reverse("api_contacts"), "/"):
        assert client.get(path)["Location"] == reverse("mfa_activate_totp"), path
        assert client.post(path)["Location"] == reverse("mfa_activate_totp"), path
    program = {"Authorization": f"Token {token}"}
    assert Client().get(reverse("api_contacts"), headers=program).status_code == 401
    add_step(client)
    assert opens(client)
    assert Client().get(reverse("api_contacts"), headers=program).status_code in {200, 403}
    client.post(reverse("mfa_deactivate_totp"))
    assert Authenticator.objects.filter(type="totp").exists(), "a step that is required is not removed"


def test_who_sees_nobody_is_not_asked(settings):
    settings.MFA_REQUIRED = True
    client, _answer = logged_in(make_user(None))
    assert opens(client, "today")


def test_nobody_is_asked_where_nothing_is_required():
    client, _answer = logged_in(make_user())
    assert opens(client)


def test_admin_helps_who_lost_telephone_and_codes(client):
    user = make_user()
    add_step(logged_in(user)[0])
    client.force_login(make_user(Role.ADMIN))
    data = {"action": "take_second_step_away", "_selected_action": [user.pk]}
    assert client.post(reverse("admin:crm_user_changelist"), data).status_code == 302
    assert opens(logged_in(user)[0])


@pytest.mark.same_on_both
def test_former_secret_key_still_reads_the_secret(settings):
    user = make_user()
    with time_machine.travel("2026-03-01 12:00:00+00:00", tick=False) as moment:
        secret = add_step(logged_in(user)[0])
        moment.shift(60)
        settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another key " * 5
        client, _answer = logged_in(user)
        client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
        assert opens(client)


@pytest.mark.parametrize("model", ["mfa_authenticator", "usersessions_usersession", "account_emailaddress"])
def test_settings_hold_no_page_of_a_package(model):
    user = User.objects.create_superuser("first@example.org", PASSWORD, name="First")
    client = Client()
    client.force_login(user)
    assert client.get(f"/settings/{model.replace('_', '/')}/").status_code == 404
