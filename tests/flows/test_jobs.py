"""Leased work whose workers are killed."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.harness.migrated import copy_sqlite, template_on
from tests.harness.services import ROOT, new_database, postgres_server
from tests.harness.shell import Shell

pytestmark = [pytest.mark.processes, pytest.mark.kill]

LAST = 120
KILLS = 4


@pytest.fixture
def shell(stack_kind: str, tmp_path: Path) -> Iterator[Shell]:
    """Python beside a database that the children of a child can all reach."""
    with ExitStack() as resources:
        if stack_kind == "production":
            server = postgres_server()
            url = resources.enter_context(new_database(server, template_on(server)))
        else:
            copy_sqlite(tmp_path / "kwartet.sqlite3")
            url = f"sqlite:///{tmp_path / 'kwartet.sqlite3'}"
        own = {"DATABASE_URL": url, "VAR_DIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
        env = {**own, "PATH": "/usr/bin:/bin", "DJANGO_SETTINGS_MODULE": "backend.settings"}
        shell = Shell(env, tmp_path / "shell.log")
        resources.callback(shell.close)
        yield shell


def test_workers_killed_by_sigkill_lose_and_repeat_nothing(shell: Shell) -> None:
    shell.run(f"from tests.crm.base.counting import to_count; to_count({LAST})")
    counted = f"from tests.crm.base import counting; result = counting.count_through_kills({LAST}, {KILLS})"
    assert shell.run(counted) == list(range(1, LAST + 1))
