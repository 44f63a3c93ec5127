"""The one contact with the broker, and that nobody waits for it."""

import socket
import time
from collections.abc import Iterator

import pytest
from django.db import transaction

from crm.base import doorbell
from crm.base.doorbell import ring

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def silent() -> Iterator[str]:
    """A broker that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"redis://127.0.0.1:{server.getsockname()[1]}/0"


@pytest.mark.parametrize("broker", ["silent", "gone"])
def test_ring_takes_less_than_a_second_while_the_broker_is_dead(
    settings, silent, caplog, monkeypatch, broker
):
    settings.REDIS_URL = silent if broker == "silent" else "redis://127.0.0.1:1/0"
    monkeypatch.setattr("crm.base.doorbell.current_app.send_task", pytest.fail)
    began = time.monotonic()
    with transaction.atomic():
        ring("tasks.outbox.deliver")
    assert time.monotonic() - began < 1
    assert "The broker did not take tasks.outbox.deliver" in caplog.text


def test_ring_waits_for_the_commit(monkeypatch):
    rung: list[str] = []
    monkeypatch.setattr(doorbell, "broker_answers", lambda timeout: True)
    monkeypatch.setattr("crm.base.doorbell.current_app.send_task", lambda task, **_how: rung.append(task))
    with transaction.atomic():
        ring("tasks.outbox.deliver")
        assert rung == []
    assert rung == ["tasks.outbox.deliver"]
