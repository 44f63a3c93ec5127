"""`make up`: it comes up, it ends on every signal with all its processes, and it says what is in its way."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from bin.runner import Runner
from tests.harness.processes import free_port
from tests.harness.services import ROOT
from tests.harness.waiting import wait_until

OURS = {"ALLOWED_HOSTS", "BASE_URL", "DATABASE_URL", "DEBUG", "EMAIL_URL", "REDIS_URL", "SECRET_KEY"}
MAKEFILE = "up:\n\t@{python} {program}\n"
# In place of Kwartet three processes that start at once, two of them with a child that they end themselves.
LIGHT = """
import os
from bin.runner import Runner
parent = ["sh", "-c", "trap 'kill $child; exit' TERM; sleep 1000 & child=$!; wait"]
commands = {"broker": parent, "web": parent, "beat": ["sleep", "1000"]}
Runner(commands, env=os.environ, services=frozenset({"broker"})).run(lambda: None)
"""


class Up:
    """`make up` in a session of its own, with this Python in place of .venv's; or a lighter program so."""

    def __init__(self, folder: Path, program: str = "-m bin.up") -> None:
        self.folder = folder
        self.port = free_port()
        self.log = folder / "up.log"
        makefile = folder / "Makefile"
        makefile.write_text(MAKEFILE.format(python=sys.executable, program=program))
        env = {name: value for name, value in os.environ.items() if name not in OURS}
        env |= {"VAR_DIR": str(folder / "var"), "PORT": str(self.port), "PYTHONPATH": str(ROOT)}
        with self.log.open("wb") as log:
            self.popen = subprocess.Popen(
                ["make", "-f", makefile, "up"],
                cwd=ROOT,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_hear_signals,
            )

    def session(self) -> dict[int, str]:
        """Every living process of its session: pid and command line."""
        lines = subprocess.run(
            ["ps", "-s", str(self.popen.pid), "-o", "pid=,stat=,args="], capture_output=True, text=True
        ).stdout.splitlines()
        rows = [line.split(None, 2) for line in lines]
        return {int(pid): args for pid, stat, args in rows if not stat.startswith("Z")}

    def runner(self) -> int:
        return next(pid for pid, args in self.session().items() if args.startswith(sys.executable))

    def healthy(self) -> bool:
        assert self.popen.poll() is None, self.log.read_text()
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False

    def wait_until_healthy(self) -> None:
        """The first start makes the database and the demo, which takes a busy machine some minutes."""
        wait_until(self.healthy, timeout=300, every=0.3, what=f"/healthz of make up in {self.log}")

    def wait_until_gone(self) -> None:
        wait_until(lambda: not self.session(), what=f"the end of {self.session()}")


def _hear_signals() -> None:
    """As in a terminal, also when the tests run under nohup or in a background job."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One data folder for all, so that only the first start loads the demo."""
    return tmp_path_factory.mktemp("up")


@pytest.fixture(scope="module")
def started() -> Iterator[list[Up]]:
    ups: list[Up] = []
    yield ups
    for up in ups:
        end(up)


@pytest.fixture
def up(prepared: Path, started: list[Up]) -> Up:
    """The one that the test before left running, or a new one."""
    if not started or started[-1].popen.poll() is not None:
        for before in started:
            end(before)
        started.append(Up(prepared))
    return started[-1]


def end(up: Up) -> None:
    for pid in up.session():
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    up.popen.wait(10)


@pytest.mark.processes
def test_up_says_where_it_is_and_keeps_its_data(up: Up) -> None:
    up.wait_until_healthy()
    wait_until(lambda: "Stop with Ctrl-C" in up.log.read_text(), what="the announcement")
    text = up.log.read_text()
    assert f"http://127.0.0.1:{up.port}\n" in text
    demo = json.loads((ROOT / "fixtures" / "demo.json").read_text())
    assert all(user["email"] in text for user in demo["users"])
    mail = next(line.split()[-1] for line in text.splitlines() if "Its mail:" in line)
    with urllib.request.urlopen(mail, timeout=5) as answer:
        assert b"No mail yet" in answer.read()


@pytest.mark.processes
def test_up_a_second_time_on_the_same_data_says_so(up: Up) -> None:
    up.wait_until_healthy()
    second = Up(up.folder)
    assert second.popen.wait(20) != 0
    assert "Kwartet already runs with the data in" in second.log.read_text()


@pytest.mark.processes
def test_up_ends_every_process_with_ctrl_c(up: Up) -> None:
    up.wait_until_healthy()
    # make, runner, broker, mail, web with its child, worker with its child, beat
    wait_until(lambda: len(up.session()) == 9, what="nine processes")
    end_by_terminal(up, signal.SIGINT)


def end_by_terminal(up: Up, number: int) -> None:
    for pid in (up.popen.pid, up.runner()):  # the terminal's foreground group
        os.kill(pid, number)
    up.wait_until_gone()
    assert "Stopped." in up.log.read_text()


@pytest.fixture
def light(tmp_path: Path) -> Iterator[Up]:
    program = tmp_path / "light.py"
    program.write_text(LIGHT)
    up = Up(tmp_path, str(program))
    wait_until(lambda: len(up.session()) == 7, what="make, its runner and five processes")
    yield up
    end(up)


@pytest.mark.processes
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_runner_ends_every_process_when_its_terminal_signals(light: Up, number: int) -> None:
    end_by_terminal(light, number)


@pytest.mark.processes
@pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="needs /proc to see that make was interrupted"
)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_runner_ends_every_process_when_only_make_is_ended(light: Up, number: int) -> None:
    os.kill(light.popen.pid, number)
    light.wait_until_gone()


@pytest.mark.processes
def test_up_leaves_nothing_when_its_runner_is_killed(up: Up) -> None:
    up.wait_until_healthy()
    os.kill(up.runner(), signal.SIGKILL)
    up.wait_until_gone()


@pytest.mark.processes
def test_up_ends_with_its_first_lost_process_and_names_it(up: Up) -> None:
    up.wait_until_healthy()
    beat = next(pid for pid, args in up.session().items() if "backend beat" in args)
    os.kill(beat, signal.SIGKILL)
    up.wait_until_gone()
    assert "beat ended by itself" in up.log.read_text()


@pytest.mark.processes
def test_up_with_a_port_in_use_says_so(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        env = {name: value for name, value in os.environ.items() if name not in OURS}
        done = subprocess.run(
            [sys.executable, "-m", "bin.up"],
            cwd=ROOT,
            env={**env, "VAR_DIR": str(tmp_path), "PORT": str(port)},
            capture_output=True,
            text=True,
        )
    assert done.returncode == 1
    assert f"Port {port} cannot be used" in done.stderr
    assert "make up PORT=" in done.stderr


@pytest.mark.processes
def test_runner_kills_what_does_not_listen(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that ignores TERM, with a child that does too, is gone after the grace."""
    monkeypatch.setattr("bin.runner.GRACE", 0.5)
    stubborn = "trap '' TERM; (trap '' TERM; sleep 1234567) & sleep 1234567"
    runner = Runner(
        {"stubborn": ["sh", "-c", stubborn], "brief": ["sleep", "0.5"]},
        env=dict(os.environ),
        services=frozenset(),
    )
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)]
    try:
        assert runner.run(lambda: None) == 1
    finally:
        for number, handler in zip((signal.SIGINT, signal.SIGTERM, signal.SIGHUP), before, strict=True):
            signal.signal(number, handler)
    found = subprocess.run(["pgrep", "-f", "sleep 1234567"], capture_output=True, text=True).stdout
    assert found == ""
