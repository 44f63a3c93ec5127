"""A real Postfix that asks for TLS and a password, as the mail servers of providers do."""

from collections.abc import Iterator
from typing import Any

import pytest

from engagement.mailings.delivery import deliver
from engagement.mailings.models import Message
from tests.factories import invite_everybody, make_contact, make_event
from tests.harness.postfix import Postfix, postfix
from tests.harness.waiting import wait_until

pytestmark = [pytest.mark.processes, pytest.mark.django_db]
NAME, PASSWORD = "kwartet@example.net", "a pass:word, unusual"


@pytest.fixture(scope="module")
def server() -> Iterator[Postfix]:
    with postfix(login=("kwartet", PASSWORD), jan="jan@example.net") as running:
        yield running


@pytest.fixture
def message(server: Postfix, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Message:
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = NAME, PASSWORD
    settings.EMAIL_USE_TLS = True
    monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
    for path in server.maildir("jan").glob("new/*"):
        path.unlink()
    make_contact(email="jan@example.net")
    return invite_everybody(make_event())[0]


def outcome(message: Message) -> tuple[str, str]:
    message.refresh_from_db()
    return message.state, message.reply


@pytest.mark.parametrize("implicit", [False, True], ids=["STARTTLS", "TLS from the first byte"])
def test_mail_goes_out_encrypted_and_with_a_password(server, settings, message, implicit):
    if implicit:
        settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL, settings.EMAIL_PORT = False, True, server.tls_port
    assert deliver() == 1
    wait_until(lambda: server.mails_of("jan"), what="the mail")
    (mail,) = server.mails_of("jan")
    assert b"with ESMTPSA" in mail  # RFC 3848: with TLS and authenticated


def test_wrong_password_lets_the_message_wait(settings, message):
    settings.EMAIL_HOST_PASSWORD = "wrong"
    assert deliver() == 0
    state, reply = outcome(message)
    assert state == "deferred"
    assert "535" in reply
    assert PASSWORD not in reply


def test_password_that_smtp_cannot_carry_lets_the_message_wait(settings, message):
    settings.EMAIL_HOST_PASSWORD = "paß"
    assert deliver() == 0
    assert outcome(message)[0] == "deferred"


def test_server_that_cannot_show_who_it_is_gets_nothing(message, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE")
    assert deliver() == 0
    state, reply = outcome(message)
    assert (state, "certificate" in reply) == ("deferred", True)


@pytest.mark.parametrize("setting", ["EMAIL_USE_TLS", "EMAIL_HOST_USER"])
def test_forgotten_setting_lets_the_message_wait(settings, message, setting):
    """The server refuses with 530 or 554; that it is not about this message is known of the first only."""
    setattr(settings, setting, "" if setting == "EMAIL_HOST_USER" else False)
    assert deliver() == 0
    assert outcome(message)[0] != "sent"
