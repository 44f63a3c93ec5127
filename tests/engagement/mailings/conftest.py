"""A mail server that keeps what it gets, and one message that waits for it."""

from collections.abc import Iterator
from typing import Any

import pytest

from engagement.mailings.models import Message
from tests.factories import invite_everybody, make_contact, make_event
from tests.harness.sink import RecordingSink


@pytest.fixture
def sink(settings: Any) -> Iterator[RecordingSink]:
    with RecordingSink() as running:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        yield running


@pytest.fixture
def message() -> Message:
    make_contact(email="jan@example.org")
    return invite_everybody(make_event())[0]


def state(message: Message) -> tuple[str, str]:
    message.refresh_from_db()
    return message.state, message.reason
