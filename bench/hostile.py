"""What files made to break a reader cost: `make bench-hostile`.

The files of tests/crm/imports/test_hostile.py and some that are to be read in spite of what they say. Each is
read by `manage.py read_spreadsheet` and, beside it in the same run, by the reader that django-import-export
has for its format, and a workbook by calamine. Every reader is a process of its own that may take 4 GB of
address space and 30 s. Memory is what it and its children hold together, seconds include starting Python.

Prints a table, then one line of JSON: the most that each reader took, how many files it failed on (killed,
or ended by an error that is not about the file) and how many were beyond 5 s or 300 MB.
"""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import django

from backend.environment import ROOT
from bench.importing import family, megabytes

ADDRESS_SPACE = 4 << 30
SECONDS = 30
GOAL_SECONDS, GOAL_MEGABYTES = 5, 300
IMPORT_EXPORT = """
import django, sys
django.setup()
from import_export.formats import base_formats
path = sys.argv[1]
reader = getattr(base_formats, path.rsplit(".", 1)[1].upper())()
with open(path, "r" + ("b" if reader.is_binary() else ""), newline=None) as stream:
    print(len(reader.create_dataset(stream.read())))
"""
CALAMINE = """
import sys, python_calamine
book = python_calamine.CalamineWorkbook.from_path(sys.argv[1])
print(sum(len(book.get_sheet_by_index(at).to_python()) for at in range(len(book.sheet_names))))
"""
READERS: dict[str, tuple[list[str], set[str]]] = {
    "kwartet": ([sys.executable, "manage.py", "read_spreadsheet"], {"csv", "json", "ods", "vcf", "xlsx"}),
    "import_export": ([sys.executable, "-c", IMPORT_EXPORT], {"csv", "json", "ods", "xlsx"}),
    "calamine": ([sys.executable, "-c", CALAMINE], {"ods", "xlsx"}),
}


class Cost(NamedTuple):
    seconds: float
    megabytes: float
    end: str  # "read", "refused" or "failed"

    def is_within(self) -> bool:
        return self.end != "failed" and self.seconds <= GOAL_SECONDS and self.megabytes <= GOAL_MEGABYTES


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "backend.settings"
    django.setup()
    costs: dict[str, dict[str, Cost]] = {name: {} for name in READERS}
    with TemporaryDirectory(prefix="kw-bench-") as folder:
        for number, (what, (make, name)) in enumerate(files().items()):
            path = Path(folder) / f"{number}-{name}"
            path.write_bytes(make())
            for reader, (command, kinds) in READERS.items():
                if path.suffix[1:] in kinds:
                    costs[reader][what] = cost(command, path)
            print_line(what, path, [costs[reader].get(what) for reader in READERS])
            path.unlink()
    print(json.dumps({reader: summary(list(found.values())) for reader, found in costs.items()}))


def files() -> dict[str, tuple[Callable[[], bytes], str]]:
    """What it is: (what makes it, a name)."""
    from tests.crm.imports import test_hostile as hostile  # noqa: PLC0415 -- it needs Django to be set up
    from tests.crm.imports.workbooks import SHEET, repacked, workbook  # noqa: PLC0415

    def lying() -> bytes:
        said = b'<dimension ref="A1:XFD1048576"'
        return repacked(workbook(), SHEET, lambda old: [old.replace(b'<dimension ref="A1:B3"', said)])

    found = {what: (make, name) for what, (make, name, _words) in hostile.REFUSED.items()}
    return found | {
        "a workbook that lies about its size": (lying, "a.xlsx"),
        "a cell in the last row": (partial(hostile.far, "A1048576"), "a.xlsx"),
        "quotes that do not close": (lambda: b"Naam;E-mail\n" + b'"Jan;\n' * 20_000, "a.csv"),
    }


def cost(command: list[str], path: Path) -> Cost:
    """Of reading `path` with `command`."""
    started = time.monotonic()
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "backend.settings", "PYTHONPATH": str(ROOT)}
    child = subprocess.Popen(
        [*command, str(path)],
        cwd=ROOT,
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        preexec_fn=_limit,
        text=True,
    )
    most = 0.0
    while child.poll() is None and time.monotonic() < started + SECONDS:
        most = max(most, sum(megabytes(pid) for pid in family(child.pid)))
        time.sleep(0.02)
    seconds = time.monotonic() - started
    child.kill()
    _out, errors = child.communicate()
    end = "read" if child.returncode == 0 else "refused" if errors.startswith("CommandError") else "failed"
    return Cost(seconds, most, end)


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))


def print_line(what: str, path: Path, found: list[Cost | None]) -> None:
    kind, size = path.suffix[1:], path.stat().st_size / 1000
    cells = [f"{one.end:7} {one.seconds:5.1f} s {one.megabytes:6.0f} MB" if one else "" for one in found]
    print(f"{what[:46]:46} {kind:4} {size:9.1f} kB  " + "  ".join(f"{cell:26}" for cell in cells), flush=True)


def summary(found: list[Cost]) -> dict[str, float]:
    return {
        "files": len(found),
        "failed": sum(one.end == "failed" for one in found),
        "beyond": sum(not one.is_within() for one in found),
        "most_seconds": round(max(one.seconds for one in found), 1),
        "most_mb": round(max(one.megabytes for one in found)),
    }


if __name__ == "__main__":
    main()
