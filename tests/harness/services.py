"""The servers a test may need, and what to say when one is not there."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg
import pytest
import redis

from bin.broker import valkey_binary
from tests.harness.processes import Started, free_port
from tests.harness.waiting import wait_until

ROOT = Path(__file__).resolve().parents[2]


class BrokerServer:
    """A Valkey on a socket or a Redis on a port, which a test may flush, stop and start again."""

    def __init__(self, command: list[str | Path], url: str, log: Path) -> None:
        self.url = url
        self._command = command
        self._log = log
        self.start()

    def start(self) -> None:
        self.process = Started("broker", self._command, os.environ, self._log)
        wait_until(self._answers, what=f"an answer of the broker at {self.url}")

    def stop(self) -> None:
        self.process.kill()

    def flush(self) -> None:
        with redis.from_url(self.url) as client:
            client.flushall()

    def _answers(self) -> bool:
        try:
            with redis.from_url(self.url) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False


@contextmanager
def valkey() -> Iterator[BrokerServer]:
    """The embedded broker, on a socket in a short temporary folder."""
    with TemporaryDirectory(prefix="kw-", dir="/tmp") as folder:
        socket = Path(folder) / "broker.sock"
        command: list[str | Path] = [
            valkey_binary(),
            "--port",
            "0",
            "--unixsocket",
            socket,
            "--save",
            "",
            "--dir",
            folder,
        ]
        server = BrokerServer(command, f"unix://{socket}", Path(folder) / "broker.log")
        try:
            yield server
        finally:
            server.stop()


@contextmanager
def redis_server() -> Iterator[BrokerServer]:
    """An own Redis on a free port; skips when the machine has none."""
    binary = shutil.which("redis-server") or pytest.skip("Redis is not installed (bin/services install)")
    port = free_port()
    with TemporaryDirectory(prefix="kw-") as folder:
        command: list[str | Path] = [
            binary,
            "--port",
            str(port),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--dir",
            folder,
        ]
        server = BrokerServer(command, f"redis://127.0.0.1:{port}/0", Path(folder) / "broker.log")
        try:
            yield server
        finally:
            server.stop()


@contextmanager
def new_database(server: str, template: str = "template1") -> Iterator[str]:
    """The URL of a new database on this PostgreSQL server, a copy of `template` (by itself an empty one)."""
    name = f"kwartet_{uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
    try:
        yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())


def postgres_server() -> str:
    """The URL of the server of `bin/services`; skips when that does not run."""
    given = os.environ.get("DATABASE_URL", "")
    url = given if given.startswith("postgres") else services_environment().get("DATABASE_URL")
    return url or pytest.skip("PostgreSQL does not run (bin/services install, bin/services start)")


def services_environment() -> Mapping[str, str]:
    """What `bin/services env` says of the servers that run now."""
    command = [sys.executable, str(ROOT / "bin" / "services"), "env"]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    return dict(line.removeprefix("export ").split("=", 1) for line in lines)
