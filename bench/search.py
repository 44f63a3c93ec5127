"""How quick searching 100,000 contacts is: `make bench-search`; on SQLite, and on PostgreSQL where it runs.

Prints a table, then one line of JSON. PostgreSQL is the server of DATABASE_URL, else that of bin/services;
the people live in a database of their own, dropped afterwards.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

import psycopg

from backend.environment import ROOT
from bin.suite import ask_services

PEOPLE = os.environ.get("BENCH_PEOPLE", "100000")
GOAL = 15  # milliseconds, p95
PAGE_GOAL = 3  # times the list of Django's admin with the same queries and columns
CHILD = "from bench.search_measuring import main; main"
NAME = "kwartet_bench_search"


def main() -> None:
    with TemporaryDirectory(prefix="kw-bench-") as folder:
        results = [measured(f"sqlite:///{folder}/bench.sqlite3", folder)]
        server = os.environ.get("DATABASE_URL") or ask_services("start", os.environ).get("DATABASE_URL", "")
        if server.startswith("postgres"):
            with own_database(server) as url:
                results.append(measured(url, folder))
    print(
        f"{'database':12} {'question':28} {'found':>6} {'p50 ms':>8} {'p95 ms':>8}"
        f" {'whole page':>11} {'admin list':>11}"
    )
    for result in results:
        for row in [*result["questions"], result["all"]]:
            print(
                f"{result['database']:12} {row['question']:28} {row['found']:>6}"
                f" {row['p50']:8.1f} {row['p95']:8.1f} {row['page']:11.1f} {row['peer']:11.1f}"
            )
    summary = {one["database"]: one["all"] for one in results}
    print(json.dumps({"people": int(PEOPLE), "goal": GOAL, "x_peer_goal": PAGE_GOAL, **summary}))


def measured(url: str, folder: str) -> dict[str, Any]:
    """In a process of its own: the settings know one database."""
    env = {**os.environ, "DATABASE_URL": url, "VAR_DIR": folder}
    env.pop("REDIS_URL", None)
    command = [sys.executable, "manage.py", "shell", "-v", "0", "-c", f"{CHILD}({int(PEOPLE)})"]
    done = subprocess.run(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True, check=True)
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


@contextmanager
def own_database(server: str) -> Iterator[str]:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {NAME}")
        connection.execute(f"CREATE DATABASE {NAME}")
        try:
            yield urlsplit(server)._replace(path=f"/{NAME}").geturl()
        finally:
            connection.execute(f"DROP DATABASE {NAME} WITH (FORCE)")


if __name__ == "__main__":
    main()
