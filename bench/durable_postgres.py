"""A PostgreSQL of one's own that waits for the disk, unlike the one for tests; thrown away afterwards."""

import os
import pwd
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.harness.processes import free_port


@contextmanager
def durable_postgres() -> Iterator[str]:
    """The URL of an empty database with fsync and synchronous_commit on, as in production."""
    programs = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
    port = free_port()
    with TemporaryDirectory(prefix="kw-postgres-", dir="/var/tmp") as folder:
        home = Path(folder) / "home"
        home.mkdir(mode=0o700)
        _give(Path(folder), home)
        data = home / "data"
        _run(
            [
                programs / "initdb",
                "-D",
                data,
                "-U",
                "kwartet",
                "--auth=trust",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
            ]
        )
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''"
        control = [programs / "pg_ctl", "-D", data, "-w", "-l", home / "log"]
        _run([*control, "-o", options, "start"])
        try:
            yield f"postgres://kwartet@127.0.0.1:{port}/postgres"
        finally:
            _run([*control, "-m", "immediate", "stop"])


def _give(*paths: Path) -> None:
    if os.getuid() == 0:
        owner = pwd.getpwnam("postgres")
        for path in paths:
            os.chown(path, owner.pw_uid, owner.pw_gid)


def _run(command: list[Any]) -> None:
    identity: dict[str, Any] = {}
    if os.getuid() == 0:  # PostgreSQL refuses to be root
        identity = {"user": "postgres", "group": pwd.getpwnam("postgres").pw_gid, "extra_groups": []}
    words = [str(word) for word in command]
    subprocess.run(
        words, check=True, cwd="/", stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL, **identity
    )
