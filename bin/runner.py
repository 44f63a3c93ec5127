"""Runs a few processes in the foreground and lets none outlive it: neither theirs nor their children's.

It ends everything on INT, TERM and HUP, when one process ends by itself, and when the `make` above it
is ending. It does not use honcho, which leaves children alive on HUP and when only make is interrupted.
"""

import ctypes
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import IO

GRACE = 10  # seconds a process gets to finish what it has in hand
TICK = 0.25
PR_SET_PDEATHSIG = 1
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Runner:
    """`services` (a broker, a mail server) start first and stop last, so that the others can finish."""

    def __init__(
        self,
        commands: Mapping[str, list[str]],
        *,
        env: Mapping[str, str],
        services: frozenset[str],
        out: IO[str] = sys.stdout,
    ) -> None:
        self._commands = commands
        self._env = dict(env)
        self._services = services
        self._out = out
        self._width = max(map(len, commands))
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._pipes = selectors.DefaultSelector()
        self._pending: dict[str, bytes] = {}
        self._signal = 0

    def run(self, each_tick: Callable[[], None]) -> int:
        """Return the exit status: 0 when it was asked to end, 1 when a process ended by itself."""
        for number in ENDING:
            # After nohup a closed terminal is meant to leave us alone.
            if signal.getsignal(number) != signal.SIG_IGN or number != signal.SIGHUP:
                signal.signal(number, self._remember)
        parent = os.getppid()
        try:
            for name, command in self._commands.items():
                self._start(name, command)
            while not (self._signal or _is_ending(parent) or self._ended()):
                each_tick()
                self._copy_output(TICK)
        finally:
            ended = self._ended()
            self._stop_all()
        if ended and not self._signal:
            self.say(f"{ended} ended by itself, so everything was stopped.")
            return 1
        self.say("Stopped.")
        return 0

    def say(self, line: str, name: str = "kwartet") -> None:
        with suppress(OSError):  # the terminal may be gone
            print(f"{name:<{self._width}} | {line}", file=self._out, flush=True)

    def _remember(self, number: int, frame: FrameType | None) -> None:
        self._signal = number

    def _start(self, name: str, command: list[str]) -> None:
        process = subprocess.Popen(
            command,
            env=self._env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            process_group=0,  # Ctrl-C reaches only us; we end them in order
            preexec_fn=_die_with_parent,
        )
        assert process.stdout  # noqa: S101 - for the type checker
        os.set_blocking(process.stdout.fileno(), False)
        self._pipes.register(process.stdout, selectors.EVENT_READ, name)
        self._running[name] = process

    def _ended(self) -> str:
        return next((name for name, process in self._running.items() if process.poll() is not None), "")

    def _copy_output(self, timeout: float) -> None:
        if not self._pipes.get_map():
            time.sleep(timeout)
        for key, _ in self._pipes.select(timeout):
            chunk = os.read(key.fd, 65536)
            if not chunk:
                self._pipes.unregister(key.fileobj)
            *lines, rest = (self._pending.get(key.data, b"") + chunk).split(b"\n")
            self._pending[key.data] = rest
            for line in lines:
                self.say(line.decode(errors="replace"), key.data)

    def _stop_all(self) -> None:
        self._stop([name for name in self._running if name not in self._services])
        self._stop([name for name in self._running if name in self._services])
        while self._pipes.get_map() and self._pipes.select(0):
            self._copy_output(0)

    def _stop(self, names: list[str]) -> None:
        """TERM to each leader, which ends its own children well; KILL to whatever is left of its group."""
        for name in names:
            self._running[name].terminate()
        deadline = time.monotonic() + GRACE
        while any(self._running[name].poll() is None for name in names) and time.monotonic() < deadline:
            self._copy_output(0.05)
        for name in names:
            with suppress(ProcessLookupError, PermissionError):  # macOS says EPERM of a group of zombies
                os.killpg(self._running[name].pid, signal.SIGKILL)
            self._running[name].wait()


def _die_with_parent() -> None:
    """On Linux a child gets TERM even when this runner is killed outright."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _is_ending(parent: int) -> bool:
    """Whether the make above us is gone, or was interrupted alone.

    GNU make passes TERM on but not INT or HUP: it then waits for us inside its signal handler, which shows
    as a blocked signal in its /proc status.
    """
    if os.getppid() != parent:
        return True
    try:
        status = Path(f"/proc/{parent}/status").read_text()
    except OSError:  # no /proc, as on macOS
        return False
    fields = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    blocked = int(fields["SigBlk"], 16)
    return fields["Name"] in {"make", "gmake"} and any(blocked >> (number - 1) & 1 for number in ENDING)
