"""`make test`: every linter, then the tests on each stack that is there; the status is 1 if anything failed.

All parts run even when one fails; the end says how each went. `make lint` stops before the tests.
Variables of the shell that would point the tests at somebody's data are left out.
"""

import os
import re
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from backend.environment import ROOT
from tests.harness import migrated
from tests.harness.services import new_database

ON_POSTGRESQL = "not without_database and not same_on_both"
Part = tuple[str, list[str], Mapping[str, str]]
PRODUCTION = {
    "BASE_URL": "https://kwartet.example.org",
    "SECRET_KEY": "only-for-the-deploy-check-0123456789-abcdefghijklmnopqrstuvwxyz",
    "DATABASE_URL": "postgres://kwartet:secret@127.0.0.1:5432/kwartet",
    "REDIS_URL": "redis://127.0.0.1:6379/0",
    "EMAIL_URL": "smtp+tls://user:secret@mail.example.org:587",
    "DEFAULT_FROM_EMAIL": "Kwartet <kwartet@example.org>",
}
OURS = {*PRODUCTION, "ALLOWED_HOSTS", "DEBUG", "DJANGO_SETTINGS_MODULE", "PORT", "VAR_DIR"}
COLLECT = """
import django
from bin.prepare import collect_static_files
django.setup()
collect_static_files()
"""


@dataclass
class Suite:
    env: dict[str, str]
    results: list[str] = field(default_factory=list)
    failed: bool = False

    def lint(self) -> None:
        python = [sys.executable, "manage.py"]
        templates = sorted(str(path.relative_to(ROOT)) for path in templates_of_the_project())
        self.part("ruff check", ["ruff", "check", "."])
        self.part("ruff format", ["ruff", "format", "--check", "."])
        self.part("djade", ["djade", "--check", "--target-version", "5.2", *templates])
        self.part("lint-imports", ["lint-imports", "--no-cache"])
        self.part("mypy", ["mypy"])
        self.part("migrations", [*python, "makemigrations", "--check", "--dry-run"])
        self.part("deploy check", [*python, "check", "--deploy", "--fail-level", "WARNING"], PRODUCTION)

    def lint_and_test(self, folder: Path) -> None:
        ran_before = ask_services("env", self.env)
        services = ask_services("start", self.env)
        with ExitStack() as resources, ThreadPoolExecutor() as pool:
            # The linters keep one core busy; the other makes ready what the tests begin with.
            linted = pool.submit(self.lint)
            self.prepare(folder, services, resources)
            self.test(services)
            linted.result()
        if not ran_before:
            ask_services("stop", self.env)

    def prepare(self, folder: Path, services: Mapping[str, str], resources: ExitStack) -> None:
        """Static files and migrated databases; where one cannot be made, each part tries it for itself."""
        django = {"DJANGO_SETTINGS_MODULE": "backend.settings"}
        self.part("static files", [sys.executable, "-c", COLLECT], django)
        path = folder / "migrated.sqlite3"
        if self._migrated(f"sqlite:///{path}"):
            self.env[migrated.SQLITE] = str(path)
        if "DATABASE_URL" in services:
            url = resources.enter_context(new_database(services["DATABASE_URL"]))
            if self._migrated(url):
                self.env[migrated.POSTGRES] = urlsplit(url).path.strip("/")

    def _migrated(self, url: str) -> bool:
        name = f"migrated {urlsplit(url).scheme}"
        command = [sys.executable, "-m", "tests.harness.migrated"]
        return self.part(name, command, {"DATABASE_URL": url})

    def test(self, services: Mapping[str, str]) -> None:
        """Three lanes beside each other: two that compute, and one that mostly waits for processes and fills
        their gaps. With more of them than cores each would take a quarter longer to compute the same.
        """
        pytest = [sys.executable, "-m", "pytest", "-q"]
        quick = [*pytest, "tests", "--ignore=tests/browser", "--ignore=tests/flows", "-m"]
        lanes: list[list[Part]] = [
            [("SQLite", [*quick, "not postgres"], {})],
            [("browser", [*pytest, "tests/browser"], {})],
            [("flows", [*pytest, "tests/flows"], {})],
        ]
        if len(services) == 2:
            lanes[1].append(("PostgreSQL", [*quick, ON_POSTGRESQL], services))
        else:
            self.failed |= bool(self.env.get("REQUIRE_SERVICES"))
            self.results.append("PostgreSQL: skipped, it or Redis is not here (bin/services install)")
        with ThreadPoolExecutor(len(lanes)) as pool:
            for lane in [pool.submit(self.one_by_one, lane) for lane in lanes]:
                lane.result()  # raises what went wrong in its thread

    def one_by_one(self, parts: Sequence[Part]) -> None:
        for part in parts:
            self.part(*part)

    def part(self, name: str, command: list[str], extra: Mapping[str, str] | None = None) -> bool:
        """Run one part, copy its output, and keep its status, pytest's closing line and whatever failed."""
        print(f"\n--- {name}", flush=True)
        start = time.monotonic()
        env = {**self.env, **(extra or {})}
        summary = ""
        failures = []
        with subprocess.Popen(
            command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as process:
            for line in process.stdout or ():
                print(f"{name} | {line}", end="", flush=True)
                if re.fullmatch(r"[= ]*\d+ \w+.* in [\d.]+s.*\n", line):
                    summary = "  " + line.strip(" =\n")
                if line.startswith(("FAILED ", "ERROR ")):
                    failures.append("  " + line.rstrip())
            # Asked here, since only whoever waits for a process hears what it and its own children used.
            _pid, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        self.failed |= process.returncode != 0
        state = "ok" if process.returncode == 0 else f"FAILED ({process.returncode})"
        clock, computed = time.monotonic() - start, used.ru_utime + used.ru_stime
        self.results.append(f"{name}: {state}, {clock:.0f} s, computed {computed:.0f} s{summary}")
        self.results.extend(failures)
        return process.returncode == 0


def templates_of_the_project() -> list[Path]:
    return [path for app in ("backend", "crm", "engagement") for path in (ROOT / app).rglob("*.html")]


def ask_services(action: str, env: Mapping[str, str]) -> dict[str, str]:
    """DATABASE_URL and REDIS_URL of the servers for tests, after `start` those that are installed."""
    command = [sys.executable, str(ROOT / "bin" / "services"), action]
    lines = subprocess.run(
        command, env=env, stdout=subprocess.PIPE, text=True, check=True
    ).stdout.splitlines()
    return dict(line.removeprefix("export ").split("=", 1) for line in lines)


def main() -> int:
    with TemporaryDirectory(prefix="kw-") as folder:
        env = {key: value for key, value in os.environ.items() if key not in OURS}
        # Without bytecode each of the hundreds of processes would compile Kwartet and its packages anew.
        env.pop("PYTHONDONTWRITEBYTECODE", None)
        env["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), env.get("PATH", os.defpath)])
        suite = Suite({**env, "VAR_DIR": folder, "PYTHONUNBUFFERED": "1"})
        if sys.argv[1:] == ["lint"]:
            suite.lint()
        else:
            suite.lint_and_test(Path(folder))
    print("\n" + "\n".join(suite.results))
    return int(suite.failed)


if __name__ == "__main__":
    sys.exit(main())
