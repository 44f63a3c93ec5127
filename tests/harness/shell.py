"""Runs Python inside a stack: one process that has loaded Kwartet, and a child of it for each question.

Loading takes longer than most answers do, and a test asks often. A child begins as a new process would: the
parent never opens a connection to the database or the broker, and what a child changes ends with it.
"""

import json
import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

import django

LIMIT = 300  # seconds for one answer


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
        assert self._popen.stdin
        assert self._popen.stdout
        print(json.dumps(code), file=self._popen.stdin, flush=True)
        line = self._popen.stdout.readline()
        if not line:
            raise AssertionError(f"the shell ended by itself:\n{self._log.read_text()}")
        answer = json.loads(line)
        if "error" in answer:
            raise AssertionError(f"{answer['error']}\n{self._log.read_text()}")
        return answer["result"]

    def close(self) -> None:
        self._popen.kill()
        self._popen.communicate()


def main() -> None:
    """A line of JSON with code comes in, a line of JSON with its outcome goes out."""
    django.setup()
    import_module("tests.factories")  # most of what is asked begins with it
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what the code prints must not look like an answer
    for line in sys.stdin:
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            _answer(json.loads(line), writer)
        os.close(writer)
        with os.fdopen(reader) as pipe:
            answer = pipe.read()
        _pid, status = os.waitpid(child, 0)
        print(
            answer or json.dumps({"error": f"the code ended with status {status}"}), file=answers, flush=True
        )


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
