"""`make up`: Kwartet on this machine, in the foreground, until Ctrl-C."""

import fcntl
import http.client
import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import FrameType
from typing import IO

from django.core.exceptions import ImproperlyConfigured

from backend.environment import ROOT, Environment, read_environment
from bin.runner import Runner

SERVICES = frozenset({"broker", "mail"})


def main() -> int:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _end)
    env = child_environment(os.environ)
    environment = read_environment(env)
    commands = read_procfile(ROOT / "Procfile.dev", env)
    for name, variable in (("broker", "REDIS_URL"), ("mail", "EMAIL_URL")):
        if variable in os.environ:  # the machine has its own
            del commands[name]
    _refuse_taken_ports(env, mail="mail" in commands)
    with _sole_user(environment.var_dir):
        subprocess.run([sys.executable, "-m", "bin.prepare"], env=env, cwd=ROOT, check=True, process_group=0)
        runner = Runner(commands, env=env, services=SERVICES)
        return runner.run(Announcement(runner, environment, env, mail="mail" in commands))


def child_environment(given: Mapping[str, str]) -> dict[str, str]:
    """What every process gets: one PORT decides the addresses of all, so that two copies can run."""
    text = given.get("PORT") or "8000"
    if not re.fullmatch(r"[0-9]+", text) or not 1 <= int(text) <= 65535:
        raise SystemExit(f"PORT is {text!r}; expected a number from 1 to 65535.")
    port = int(text)
    mail = port + 25 if port + 26 <= 65535 else port - 27
    env = {
        "BASE_URL": f"http://127.0.0.1:{port}",
        "EMAIL_URL": f"smtp://127.0.0.1:{mail}",
        "DJANGO_SETTINGS_MODULE": "backend.settings",
        "PYTHONUNBUFFERED": "1",
        **given,
        "PORT": str(port),
        "MAIL_PORT": str(mail),
        "MAIL_WEB_PORT": str(mail + 1),
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), given.get("PATH", os.defpath)]),
    }
    return {**env, "REDIS_URL": read_environment(env).redis_url}


def read_procfile(path: Path, env: Mapping[str, str]) -> dict[str, list[str]]:
    """The commands by name; $VARIABLES come from `env`."""
    commands = {}
    for line in path.read_text().splitlines():
        name, _, command = line.partition(":")
        filled = re.sub(r"\$(\w+)", lambda found: env[found[1]], command)
        commands[name.strip()] = shlex.split(filled)
    return commands


def _refuse_taken_ports(env: Mapping[str, str], *, mail: bool) -> None:
    for variable in ("PORT", "MAIL_PORT", "MAIL_WEB_PORT") if mail else ("PORT",):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", int(env[variable])))
            except OSError as error:
                raise SystemExit(
                    f"Port {env[variable]} cannot be used ({error.strerror}). "
                    f"Stop what uses it, or choose another one: make up PORT={_other_port(int(env['PORT']))}"
                ) from None


def _other_port(port: int) -> int:
    return port + 100 if port < 60000 else 8100


def _sole_user(var_dir: Path) -> IO[str]:
    """Hold the data folder; two brokers and two beats on one folder would get in each other's way."""
    lock = (var_dir / "up.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise SystemExit(f"Kwartet already runs with the data in {var_dir}.") from None
    return lock


def _end(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


class Announcement:
    """Says where everything is, once everything answers."""

    def __init__(
        self, runner: Runner, environment: Environment, env: Mapping[str, str], *, mail: bool
    ) -> None:
        self._say = runner.say
        self._port = int(env["PORT"])
        self._next_look = 0.0
        self._lines = ["", f"Kwartet is up:  {environment.base_url}"]
        if mail:
            self._lines.append(f"Its mail:       http://127.0.0.1:{env['MAIL_WEB_PORT']}")
        demo = json.loads((ROOT / "fixtures" / "demo.json").read_text())
        self._lines += [f"Log in as:      {login['email']}  ({login['role']})" for login in demo["users"]]
        self._lines += [f"Password:       {demo['password']}  (all four)", "Stop with Ctrl-C.", ""]

    def __call__(self) -> None:
        if not self._lines or time.monotonic() < self._next_look:
            return
        self._next_look = time.monotonic() + 1
        if _is_healthy(self._port):
            for line in self._lines:
                self._say(line)
            self._lines = []


def _is_healthy(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except ImproperlyConfigured as error:
        sys.exit(str(error))
    except subprocess.CalledProcessError as error:
        sys.exit(error.returncode)
