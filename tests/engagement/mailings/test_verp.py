"""The envelope sender that says which message came back."""

import pytest

from engagement.mailings.models import Message
from engagement.mailings.verp import message_of, verp_sender


@pytest.fixture
def address(settings) -> str:
    settings.BOUNCE_ADDRESS = "bounces@example.org"
    return verp_sender(Message())


def test_sender_names_its_message_and_fits(settings):
    settings.BOUNCE_ADDRESS = "b" * 21 + "@example.org"
    message = Message()
    address = verp_sender(message)
    assert message_of(address) == message.pk
    assert len(address.partition("@")[0]) == 64  # RFC 5321 section 4.5.3.1.1
    assert verp_sender(message) == address


@pytest.mark.parametrize("change", [str.lower, str.upper, lambda a: f"<{a}>", lambda a: f"x {a} (rcpt)"])
def test_what_mail_servers_do_to_an_address_does_no_harm(address, change):
    assert message_of(change(address)) == message_of(address) is not None


def test_every_changed_character_is_noticed(address):
    start = address.index("+") + 1
    for place in range(start, start + 41):  # the last one has bits that mean nothing
        other = "a" if address[place] != "a" else "b"
        assert message_of(address[:place] + other + address[place + 1 :]) is None


@pytest.mark.parametrize(
    "nonsense", ["", "bounces@example.org", "bounces+@example.org", "b+" + "a" * 42 + "@x"]
)
def test_what_was_not_made_here_names_no_message(nonsense):
    assert message_of(nonsense) is None


def test_old_key_still_names_it_as_long_as_it_is_a_fallback(settings, address):
    message_id, old = message_of(address), settings.SECRET_KEY
    settings.SECRET_KEY = "another key " * 5
    assert message_of(address) is None
    settings.SECRET_KEY_FALLBACKS = [old]
    assert message_of(address) == message_id


def test_without_an_address_for_bounces_they_go_to_the_sender(settings):
    settings.BOUNCE_ADDRESS = ""
    settings.DEFAULT_FROM_EMAIL = "Kennispark <post@example.org>"
    assert verp_sender(Message()) == "post@example.org"
