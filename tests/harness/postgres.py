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

_INITDB = ["--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "-U", "kwartet"]


class Cluster:
    """A server with fsync and synchronous_commit on, as in production; `url` is that of an empty database."""

    def __init__(self, programs: Path, home: Path) -> None:
        self._programs, self._home = programs, home
        self._port = free_port()
        self.url = f"postgres://kwartet@127.0.0.1:{self._port}/postgres"

    def create(self) -> None:
        _run([self._programs / "initdb", "-D", self._home / "data", *_INITDB])

    def start(self) -> None:
        options = f"-p {self._port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''"
        self._control("-o", options, "start")

    def stop(self, mode: str) -> None:
        """ "fast" ends every session and closes the files well, "immediate" is as good as a power cut."""
        self._control("-m", mode, "stop")

    def restart(self, mode: str) -> None:
        self.stop(mode)
        self.start()

    def _control(self, *words: str) -> None:
        command = [self._programs / "pg_ctl", "-D", self._home / "data", "-w", "-l", self._home / "log"]
        _run([*command, *words])


def has_postgres() -> bool:
    """Whether the server's own programs are installed, not only its client."""
    return any(Path("/usr/lib/postgresql").glob("*/bin/initdb"))


@contextmanager
def durable_postgres() -> Iterator[Cluster]:
    programs = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
    with TemporaryDirectory(prefix="kw-postgres-", dir="/var/tmp") as folder:
        home = Path(folder) / "home"
        home.mkdir(mode=0o700)
        _give(Path(folder), home)
        cluster = Cluster(programs, home)
        cluster.create()
        cluster.start()
        try:
            yield cluster
        finally:
            cluster.stop("immediate")


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
