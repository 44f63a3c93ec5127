"""Real processes of a test: each in its own process group, its output in a file, nothing left behind."""

import os
import signal
import socket
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from secrets import randbelow
from typing import Protocol


class Running(Protocol):
    """What is asked of a process, whoever started it; see subprocess.Popen."""

    pid: int

    def poll(self) -> int | None: ...
    def wait(self, timeout: float) -> int: ...
    def terminate(self) -> None: ...


class Process:
    """A process of a test; `kill()` ends its whole group as a crash would, `stop()` asks it first."""

    def __init__(self, name: str, running: Running, log: Path) -> None:
        self.name = name
        self.log = log
        self._running = running
        self.pid = running.pid

    @property
    def running(self) -> bool:
        return self._running.poll() is None

    def kill(self) -> None:
        self._signal_group(signal.SIGKILL)
        self._running.wait(10)

    def stop(self, grace: float = 10) -> None:
        self._running.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._running.wait(grace)
        self.kill()

    def output(self, lines: int = 60) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def _signal_group(self, number: int) -> None:
        with suppress(ProcessLookupError):  # it ended by itself
            os.killpg(self.pid, number)


class Started(Process):
    """A process of a command."""

    def __init__(self, name: str, command: Sequence[str | Path], env: Mapping[str, str], log: Path) -> None:
        with log.open("ab") as output:
            popen = subprocess.Popen(
                [str(part) for part in command],
                env=dict(env),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                process_group=0,
            )
        super().__init__(name, popen, log)


# Held as long as this process lives; see free_port().
_claims: list[socket.socket] = []


def free_port() -> int:
    """A port that nobody listens on, below those that the system gives to whoever connects somewhere: one of
    these would be taken by the tests beside before a server gets to it.

    For those tests it is also taken until the server listens, and while it is restarted: this process keeps
    a datagram socket of the same number, which is in no server's way.
    """
    while True:
        port = 10_000 + randbelow(20_000)
        claim = socket.socket(type=socket.SOCK_DGRAM)
        try:
            claim.bind(("127.0.0.1", port))
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", port))
        except OSError:
            claim.close()
            continue
        _claims.append(claim)
        return port
