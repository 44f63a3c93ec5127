"""A mail server that hands over each mail through a pipe."""

import os
import subprocess
import sys

import pytest

from tests.engagement.inbox.test_mailboxes import LETTER
from tests.harness.migrated import copy_sqlite
from tests.harness.services import ROOT

pytestmark = pytest.mark.processes


def piped(raw: bytes, **env: str) -> "subprocess.CompletedProcess[bytes]":
    command = [sys.executable, "manage.py", "receive_mail"]
    return subprocess.run(
        command, input=raw, cwd=ROOT, env={**os.environ, **env}, capture_output=True, check=False
    )


@pytest.mark.parametrize("raw", [b"", b"\xff\x00nonsense", LETTER])
def test_pipe_takes_anything(tmp_path, raw):
    env = {"DATABASE_URL": f"sqlite:///{tmp_path}/pipe.sqlite3", "VAR_DIR": str(tmp_path)}
    copy_sqlite(tmp_path / "pipe.sqlite3")
    first, second = piped(raw, **env), piped(raw, **env)
    assert (first.returncode, first.stdout) == (second.returncode, second.stdout) == (0, b"none: nothing\n")


def test_pipe_asks_to_come_back_when_the_database_is_down(tmp_path):
    env = {"DATABASE_URL": "postgres://nobody:nothing@127.0.0.1:9/none", "VAR_DIR": str(tmp_path)}
    done = piped(LETTER, **env)
    assert (done.returncode, b"piet" in done.stderr) == (75, False)
