"""A database with every migration done, so that the others of a run begin as copies of it.

Migrating an empty database takes longer than all else that a stack, or a run of tests, needs before it can
begin. `make test` makes one of SQLite and one of PostgreSQL and names them in the environment of its parts;
stacks in a run that was told no name share one that the first of them makes.
"""

import atexit
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import ExitStack, closing
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

import django
from django.core.management import call_command
from django.db import connection

from tests.harness.services import ROOT, new_database

SQLITE, POSTGRES = "MIGRATED_SQLITE", "MIGRATED_POSTGRES"
_kept = ExitStack()
atexit.register(_kept.close)


def copy_sqlite(path: Path) -> None:
    shutil.copyfile(os.environ.get(SQLITE) or _own_sqlite(), path)


def template_on(server: str) -> str:
    """The name of a migrated database on this PostgreSQL server."""
    return os.environ.get(POSTGRES) or _own_postgres(server)


def fill(connection: Any, **_kwargs: Any) -> None:
    """Make the new, empty database in memory that Django just connected to a copy of the migrated one."""
    if not connection.is_in_memory_db() or connection.introspection.table_names():
        return
    with closing(sqlite3.connect(os.environ[SQLITE])) as migrated:
        migrated.backup(connection.connection)


@cache
def _own_sqlite() -> Path:
    path = Path(_kept.enter_context(TemporaryDirectory(prefix="kw-migrated-"))) / "migrated.sqlite3"
    _migrate(f"sqlite:///{path}")
    return path


@cache
def _own_postgres(server: str) -> str:
    url = _kept.enter_context(new_database(server))
    _migrate(url)
    return urlsplit(url).path.strip("/")


def _migrate(url: str) -> None:
    """In a process of its own, which needs none of the settings that the shell may have for another one."""
    with TemporaryDirectory(prefix="kw-") as folder:
        env = {"PATH": os.environ["PATH"], "DATABASE_URL": url, "VAR_DIR": folder}
        subprocess.run([sys.executable, "-m", "tests.harness.migrated"], cwd=ROOT, env=env, check=True)


def main() -> None:
    """Migrate the database of DATABASE_URL."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "backend.settings"
    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            # One file without a write-ahead log beside it, which would have to be copied too.
            cursor.execute("PRAGMA journal_mode=DELETE")


if __name__ == "__main__":
    main()
