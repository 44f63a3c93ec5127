"""The whole of Kwartet as real processes, on the embedded stack or on PostgreSQL and Redis."""

import json
import os
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.harness.migrated import copy_sqlite, template_on
from tests.harness.processes import Process, free_port
from tests.harness.services import ROOT, BrokerServer, new_database, postgres_server, redis_server, valkey
from tests.harness.shell import Shell
from tests.harness.sink import RecordingSink
from tests.harness.waiting import wait_until

KINDS = ("embedded", "production")
QUICK = {
    "OUTBOX_SWEEP": "3",
    "SEND_DELAY": "0",
    "OUTBOX_LEASE": "6",
    "OUTBOX_BATCH": "10",
    "IMPORT_LEASE": "6",
    "IMPORT_SWEEP": "3",
    "CONFIRMATION_DELAY": "0",
    "SKIP_CHECKS": "1",  # of Celery: they take a third of a worker's start, and `make test` makes them once
}
MIGRATE = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("createcachetable", verbosity=0)
"""
PREPARE = """
from django.core.management import call_command
from bin.prepare import collect_static_files
call_command("load_reference", verbosity=0)
collect_static_files()
"""


class Stack:
    """Its processes can be killed and started again one by one; `sink` has the mail they sent."""

    def __init__(
        self, folder: Path, env: Mapping[str, str], broker: BrokerServer, sink: RecordingSink
    ) -> None:
        self.folder = folder
        self.broker = broker
        self.sink = sink
        self.port = free_port()
        self.base_url = f"http://127.0.0.1:{self.port}"
        self.env = {
            **{
                name: value
                for name, value in os.environ.items()
                # Without bytecode each process would compile Kwartet and its packages anew.
                if name not in {"ALLOWED_HOSTS", "SECRET_KEY", "PYTHONDONTWRITEBYTECODE"}
            },
            "DJANGO_SETTINGS_MODULE": "backend.settings",
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
            "VAR_DIR": str(folder),
            "BASE_URL": self.base_url,
            "PORT": str(self.port),
            "REDIS_URL": broker.url,
            "EMAIL_URL": sink.url,
            **QUICK,
            **env,
        }
        self.processes: list[Process] = []
        self.workers: list[Process] = []
        self._shell = Shell(self.env, folder / "shell.log")

    # --- processes

    def start_web(self) -> Process:
        command = ["gunicorn", "backend.wsgi", "--bind", f"127.0.0.1:{self.port}", "--no-control-socket"]
        return self._start("web", [*command, "--workers", "1", "--threads", "8"])

    def start_worker(self, concurrency: int = 1) -> Process:
        command = ["celery", "--quiet", "-A", "backend", "worker", "--concurrency", str(concurrency)]
        names = ["--hostname", f"worker{len(self.processes)}@%h", "--without-gossip", "--without-mingle"]
        worker = self._start("worker", [*command, *names, "--loglevel", "INFO"])
        self.workers.append(worker)
        return worker

    def start_beat(self) -> Process:
        schedule = str(self.folder / f"beat{len(self.processes)}")
        command = ["celery", "--quiet", "-A", "backend", "beat", "--pidfile=", "--schedule", schedule]
        return self._start("beat", [*command, "--loglevel", "INFO"])

    def kill_worker(self, worker: Process | None = None) -> None:
        """SIGKILL a worker (the oldest) and its pool at once, as when the machine loses power."""
        worker = worker or self.workers[0]
        worker.kill()
        self.workers.remove(worker)

    def flush_broker(self) -> None:
        self.broker.flush()

    def stop_broker(self) -> None:
        self.broker.stop()

    def start_broker(self) -> None:
        self.broker.start()

    def restart_broker(self) -> None:
        """It keeps nothing, so this loses what it held."""
        self.stop_broker()
        self.start_broker()

    def _start(self, name: str, command: list[str]) -> Process:
        log = self.folder / f"{len(self.processes)}-{name}.log"
        process = Process(name, self._shell.start(command, log), log)
        self.processes.append(process)
        return process

    def keep_database(self) -> None:
        """Remember what `begin_anew` brings back; SQLite only."""
        _copy(self._database, self._kept)

    def begin_anew(self) -> None:
        """Database, broker and mails are as `keep_database` found them; the processes notice nothing.

        Starting them takes ten times as long, so tests that leave the processes alone share them.
        """
        self.flush_broker()
        _copy(self._kept, self._database)
        self.sink.forget()

    @property
    def _database(self) -> Path:
        return Path(self.env["DATABASE_URL"].removeprefix("sqlite:///"))

    @property
    def _kept(self) -> Path:
        return self.folder / "kept.sqlite3"

    # --- looking in

    def manage(self, *arguments: str) -> str:
        """What `manage.py` with these arguments prints; its errors fail the test with their words."""
        command = [sys.executable, str(ROOT / "manage.py"), *arguments]
        done = subprocess.run(command, env=self.env, capture_output=True, text=True, timeout=300)
        if done.returncode != 0:
            raise AssertionError(f"{command[1:]} failed:\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def shell(self, code: str) -> Any:
        """Run Python in the stack's surroundings; what it assigns to `result` comes back through JSON."""
        return self._shell.run(code)

    def health(self) -> tuple[int, dict[str, str]]:
        """Status and body of /healthz; 0 while nobody listens."""
        try:
            with urllib.request.urlopen(f"{self.base_url}/healthz", timeout=10) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return 0, {}

    def wait_until_healthy(self) -> None:
        wait_until(lambda: self.health()[0] == 200, every=0.3, what="/healthz with 200")

    def logs(self) -> str:
        return "\n".join(f"--- {process.log.name}\n{process.output()}" for process in self.processes)

    def close(self) -> None:
        for process in reversed(self.processes):
            process.kill()
        self._shell.close()


def _copy(source: Path, target: Path) -> None:
    """In one transaction, so that whoever has the target open sees the old or the new."""
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)


@contextmanager
def open_stack(
    kind: str,
    *,
    workers: int = 1,
    beats: int = 1,
    env: Mapping[str, str] | None = None,
    sink: RecordingSink | None = None,
) -> Iterator[Stack]:
    """A stack of `kind` that answers: fresh database with reference data, own broker and sink, no demo.

    A DATABASE_URL in `env` is that of an empty database to use instead.
    """
    with ExitStack() as resources:
        folder = Path(resources.enter_context(TemporaryDirectory(prefix="kw-stack-")))
        own = dict(env or {})
        migrated = "DATABASE_URL" not in own
        if kind == "production":
            if migrated:
                server = postgres_server()
                own["DATABASE_URL"] = resources.enter_context(new_database(server, template_on(server)))
            broker = resources.enter_context(redis_server())
        else:
            copy_sqlite(folder / "kwartet.sqlite3")
            own["DATABASE_URL"] = f"sqlite:///{folder / 'kwartet.sqlite3'}"
            broker = resources.enter_context(valkey())
        stack = Stack(folder, own, broker, resources.enter_context(sink or RecordingSink()))
        resources.callback(stack.close)
        try:
            stack.shell(PREPARE if migrated else MIGRATE + PREPARE)
            _start(stack, workers, beats)
            yield stack
        except BaseException:
            print(stack.logs())
            raise


def _start(stack: Stack, workers: int, beats: int) -> None:
    stack.start_web()
    for _ in range(workers):
        stack.start_worker()
    for _ in range(beats):
        stack.start_beat()
    stack.wait_until_healthy()
