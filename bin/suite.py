"""`make test`: every linter, then the tests on each stack that is there; the status is 1 if anything failed.

All parts run even when one fails; the end says how each went. `make lint` stops before the tests.
Variables of the shell that would point the tests at somebody's data are left out.
"""

import os
import re
import subprocess
import sys
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from backend.environment import ROOT

QUICK = "not processes and not kill and not browser"
SLOW = "processes or kill or browser"
PRODUCTION = {
    "BASE_URL": "https://kwartet.example.org",
    "SECRET_KEY": "only-for-the-deploy-check-0123456789-abcdefghijklmnopqrstuvwxyz",
    "DATABASE_URL": "postgres://kwartet:secret@127.0.0.1:5432/kwartet",
    "REDIS_URL": "redis://127.0.0.1:6379/0",
    "EMAIL_URL": "smtp+tls://user:secret@mail.example.org:587",
    "DEFAULT_FROM_EMAIL": "Kwartet <kwartet@example.org>",
}
OURS = {*PRODUCTION, "ALLOWED_HOSTS", "DEBUG", "PORT", "VAR_DIR"}


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

    def test(self) -> None:
        pytest = [sys.executable, "-m", "pytest", "-q"]
        parallel = [*pytest, "-n", "2"]
        self.part("SQLite + Valkey", [*parallel, "-m", f"{QUICK} and not postgres"])
        ran_before = ask_services("env", self.env)
        services = ask_services("start", self.env)
        if len(services) == 2:
            marks = f"{QUICK} and not without_database"
            self.part("PostgreSQL + Redis", [*parallel, "-m", marks], services)
        else:
            self.failed |= bool(self.env.get("REQUIRE_SERVICES"))
            self.results.append("PostgreSQL + Redis: skipped, not here (bin/services install)")
        others = ["tests", "--ignore", "tests/flows", "--ignore", "tests/browser"]
        parts = {"flows": ["tests/flows"], "browser": ["tests/browser"], "processes": others}
        # They wait for processes most of the time, so they do that together.
        with ThreadPoolExecutor() as pool:
            for name, where in parts.items():
                pool.submit(self.part, name, [*pytest, "-m", SLOW, *where], prefix=f"{name} | ")
        if not ran_before:
            ask_services("stop", self.env)

    def part(
        self, name: str, command: list[str], extra: Mapping[str, str] | None = None, *, prefix: str = ""
    ) -> None:
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
                print(prefix + line, end="", flush=True)
                if re.fullmatch(r"[= ]*\d+ \w+.* in [\d.]+s.*\n", line):
                    summary = "  " + line.strip(" =\n")
                if line.startswith(("FAILED ", "ERROR ")):
                    failures.append("  " + line.rstrip())
        self.failed |= process.returncode != 0
        state = "ok" if process.returncode == 0 else f"FAILED ({process.returncode})"
        self.results.append(f"{name}: {state}, {time.monotonic() - start:.0f} s{summary}")
        self.results.extend(failures)


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
        env["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), env.get("PATH", os.defpath)])
        suite = Suite({**env, "VAR_DIR": folder, "PYTHONUNBUFFERED": "1"})
        suite.lint()
        if sys.argv[1:] != ["lint"]:
            suite.test()
    print("\n" + "\n".join(suite.results))
    return int(suite.failed)


if __name__ == "__main__":
    sys.exit(main())
