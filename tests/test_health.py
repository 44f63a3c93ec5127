"""`/healthz`: the parts it names, and the status that goes with them."""

import socket
import time

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django.fixtures import Settings

from crm.base import heartbeat

ALL_OK = {"status": "ok", "database": "ok", "broker": "ok", "worker": "ok"}


@pytest.fixture(autouse=True)
def local_cache(settings: Settings) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()


@pytest.mark.django_db
def test_healthz_with_fresh_heartbeat_is_200(client: Client) -> None:
    heartbeat.record()
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, ALL_OK)
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_healthz_without_any_heartbeat_is_503(client: Client) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (503, {**ALL_OK, "status": "down", "worker": "down"})


@pytest.mark.django_db
@pytest.mark.parametrize(("age", "status"), [(59, 200), (61, 503), (-61, 503)])
def test_healthz_heartbeat_is_fresh_for_a_minute(client: Client, age: int, status: int) -> None:
    cache.set(heartbeat.KEY, time.time() - age)
    assert client.get("/healthz").status_code == status


@pytest.mark.django_db
def test_healthz_with_dead_broker_is_503(client: Client, settings: Settings) -> None:
    heartbeat.record()
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert_broker_is_down(client)


@pytest.mark.django_db
def test_healthz_does_not_wait_for_a_broker_that_says_nothing(
    client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    heartbeat.record()
    monkeypatch.setattr("backend.health.BROKER_TIMEOUT", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.REDIS_URL = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        assert_broker_is_down(client)


def assert_broker_is_down(client: Client) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (503, {**ALL_OK, "status": "down", "broker": "down"})


def test_healthz_without_database_is_503(client: Client) -> None:
    heartbeat.record()  # pytest-django refuses the connection: this test did not ask for a database
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (503, {**ALL_OK, "status": "down", "database": "down"})


@pytest.mark.django_db
def test_healthz_changes_nothing(client: Client) -> None:
    assert client.post("/healthz").status_code == 405
    assert client.head("/healthz").content == b""
