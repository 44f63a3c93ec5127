"""One process that has loaded Kwartet; its children answer what a test asks, or are a stack's processes.

Loading takes longer than most answers do, and is most of what the processes of a stack compute. A child
begins as a new process would: the parent never opens a connection to the database or the broker, and what a
child changes ends with it. That Kwartet also starts by its own commands is shown by tests/flows/test_up.py.
"""

import gc
import json
import os
import runpy
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

import django
from django.conf import settings
from django.urls import reverse

LIMIT = 300  # seconds for one answer
LOADED = [
    "tests.factories",
    "backend.urls",
    "celery.apps.beat",
    "celery.bin.celery",
    "celery.concurrency.prefork",
    "celery.worker.consumer",
    "gunicorn.app.wsgiapp",
    "gunicorn.workers.gthread",
    "kombu.transport.redis",
]


class Shell:
    """The test's end; what the code prints is in `log`."""

    def __init__(self, env: Mapping[str, str], log: Path) -> None:
        self._log = log
        with log.open("ab") as output:
            self._popen = subprocess.Popen(
                [sys.executable, "-m", "tests.harness.shell"],
                env=dict(env),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=output,
                text=True,
            )

    def run(self, code: str) -> Any:
        """What the code assigns to `result`, as it comes through JSON; its errors fail the test."""
        answer = self.ask({"run": code})
        if "error" in answer:
            raise AssertionError(f"{answer['error']}\n{self._log.read_text()}")
        return answer["result"]

    def start(self, command: Sequence[str], log: Path) -> "Child":
        """`python -m` with this command, in a process group of its own, its output in `log`."""
        return Child(self, self.ask({"start": list(command), "log": str(log)}))

    def ask(self, question: object) -> Any:
        assert self._popen.stdin
        assert self._popen.stdout
        print(json.dumps(question), file=self._popen.stdin, flush=True)
        line = self._popen.stdout.readline()
        if not line:
            raise AssertionError(f"the shell ended by itself:\n{self._log.read_text()}")
        return json.loads(line)

    def close(self) -> None:
        self._popen.kill()
        self._popen.communicate()


class Child:
    """A process that the shell started, asked as a Popen is."""

    def __init__(self, shell: Shell, pid: int) -> None:
        self._shell = shell
        self._status: int | None = None
        self.pid = pid

    def poll(self) -> int | None:
        if self._status is None:
            self._status = self._shell.ask({"poll": self.pid})
        return self._status

    def wait(self, timeout: float) -> int:
        until = time.monotonic() + timeout
        while (status := self.poll()) is None:
            if time.monotonic() > until:
                raise subprocess.TimeoutExpired(str(self.pid), timeout)
            time.sleep(0.02)
        return status

    def terminate(self) -> None:
        if self.poll() is None:
            os.kill(self.pid, signal.SIGTERM)


def main() -> None:
    """A line of JSON with a question comes in, a line of JSON with its answer goes out."""
    django.setup()
    for module in LOADED:
        import_module(module)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    reverse("preferences", args=["-"])  # finds all addresses, which is most of what a worker begins with
    # A child that looks for garbage would copy each page of memory that it looks at.
    gc.collect()
    gc.freeze()
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what the code prints must not look like an answer
    for line in sys.stdin:
        match json.loads(line):
            case {"run": code}:
                answer = _run(code)
            case {"start": command, "log": log}:
                if not (child := os.fork()):
                    answers.close()
                    _become(command, log)
                with suppress(OSError):  # it did so itself, or ended
                    os.setpgid(child, child)
                answer = json.dumps(child)
            case {"poll": pid}:
                ended, status = os.waitpid(pid, os.WNOHANG)
                answer = json.dumps(os.waitstatus_to_exitcode(status) if ended else None)
        print(answer, file=answers, flush=True)


def _become(command: list[str], log: str) -> NoReturn:
    """As `python -m` with this command would be."""
    os.setpgid(0, 0)
    with Path(os.devnull).open("rb") as nothing, Path(log).open("ab") as output:
        for opened, number in [(nothing, 0), (output, 1), (output, 2)]:
            os.dup2(opened.fileno(), number)
    sys.argv = command
    runpy.run_module(command[0], run_name="__main__", alter_sys=True)
    sys.exit()


def _run(code: str) -> str:
    reader, writer = os.pipe()
    if not (child := os.fork()):
        _answer(code, writer)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        answer = pipe.read()
    _pid, status = os.waitpid(child, 0)
    return answer or json.dumps({"error": f"the code ended with status {status}"})


def _answer(code: str, writer: int) -> NoReturn:
    signal.alarm(LIMIT)
    space: dict[str, Any] = {}
    try:
        exec(code, space)  # noqa: S102 - the code is a test's own
        answer = json.dumps({"result": space.get("result")}, default=str)
    except BaseException:
        answer = json.dumps({"error": traceback.format_exc()})
    with os.fdopen(writer, "w") as pipe:
        pipe.write(answer)
    sys.stdout.flush()
    os._exit(0)  # the parent's loop goes on in the parent alone


if __name__ == "__main__":
    main()
