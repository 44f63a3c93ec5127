"""How quick an import is, beside what others do with the same list: `make bench-import`.

Kwartet reads, plans and applies a list of 12 columns; beside it, in the same run and on the same tables, run
django-import-export (a dry run and then the import, as its admin does by default; and with use_bulk) and, as
the limit, COPY into a staging table with set-based SQL. Memory is what all processes of one import hold
together.

Prints a table with all rounds, then one line of JSON: of each ratio the median of the rounds. PostgreSQL is
the server of DATABASE_URL, else that of bin/services.
"""

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from backend.environment import ROOT
from bench.import_lists import made_rows, write_csv, write_xlsx
from bench.search import own_database
from bin.suite import ask_services

SIZES = [int(size) for size in os.environ.get("BENCH_ROWS", "20000,100000").split(",")]
# Rows for the one peer that takes minutes; its rate per row hardly depends on their number.
SLOW = int(os.environ.get("BENCH_SLOW_ROWS", "20000"))
CORPORA = ROOT.parent / "shared" / "corpora"
# Rates per round, by what was done.
Result = dict[str, list[float]]


def main() -> None:
    with TemporaryDirectory(prefix="kw-bench-") as folder:
        files = made_files(Path(folder))
        server = os.environ.get("DATABASE_URL") or ask_services("start", os.environ).get("DATABASE_URL", "")
        if not server.startswith("postgres"):
            sys.exit("bench-import needs PostgreSQL: set DATABASE_URL or run bin/services install")
        with own_database(server) as url:
            postgres = run(url, folder, files, "postgres")
            largest = SIZES[-1]
            memory = {kind: peak(url, folder, files[f"{largest}.{kind}"]) for kind in ("csv", "xlsx")}
        sqlite = run(f"sqlite:///{folder}/bench.sqlite3", folder, files, "sqlite")
    for name, result in (("PostgreSQL", postgres), ("SQLite", sqlite)):
        for what, rates in result.items():
            rounds = "  ".join(f"{rate:6.0f}" for rate in rates)
            print(f"{name:11} {what:42} {median(rates):7.0f} rows/s   {rounds if rates[1:] else ''}")
    print(json.dumps(summary(postgres, sqlite, memory)))


def made_files(folder: Path) -> dict[str, Path]:
    files = {}
    for size in sorted({*SIZES, SLOW}):
        rows = list(made_rows(CORPORA, size))
        for kind, write in (("csv", write_csv), ("xlsx", write_xlsx)):
            files[f"{size}.{kind}"] = path = folder / f"list-{size}.{kind}"
            write(path, rows)
    return files


def summary(postgres: Result, sqlite: Result, memory: dict[str, float]) -> dict[str, Any]:
    """Of several sizes the one that is worst for Kwartet. Who ran once is compared with every round."""

    def worst(result: Result, what: str, peer: str) -> float:
        return min(ratio(result[f"kwartet {what} {size}"], result[peer.format(size=size)]) for size in SIZES)

    slow = f"import-export, dry run and import {SLOW}"
    return {
        "rows": SIZES,
        "x_import_export": round(worst(postgres, "csv", slow), 1),
        "x_import_export_bulk": round(worst(postgres, "csv", f"import-export, use_bulk {SLOW}"), 2),
        "x_limit": round(worst(postgres, "csv", "COPY and set-based SQL {size}"), 3),
        "x_import_export_sqlite": round(worst(sqlite, "csv", slow), 1),
        "xlsx_to_csv": round(worst(postgres, "xlsx", "kwartet csv {size}"), 2),
        "x_reimport": round(worst(postgres, "again", "kwartet csv {size}"), 2),
        f"peak_mb_csv_{SIZES[-1] // 1000}k": memory["csv"],
        f"peak_mb_xlsx_{SIZES[-1] // 1000}k": memory["xlsx"],
    }


def ratio(ours: list[float], theirs: list[float]) -> float:
    rounds = zip(ours, theirs * (len(ours) if len(theirs) == 1 else 1), strict=True)
    return median(one / other for one, other in rounds)


def run(url: str, folder: str, files: dict[str, Path], name: str) -> Result:
    """The rates of everything on one database, rows per second."""
    child = started(
        url, folder, "import_measuring.measure", json.dumps({key: str(path) for key, path in files.items()})
    )
    out, _nothing = child.communicate()
    if child.returncode:
        sys.exit(f"measuring on {name} failed")
    result: Result = json.loads(out.splitlines()[-1])
    return result


def started(url: str, folder: str, what: str, *arguments: str) -> "subprocess.Popen[str]":
    """A process of its own: the settings know one database, and memory starts fresh."""
    env = {**os.environ, "DATABASE_URL": url, "VAR_DIR": folder, "BENCH_SLOW_ROWS": str(SLOW)}
    env |= {"BENCH_ROWS": ",".join(map(str, SIZES))}
    env.pop("REDIS_URL", None)
    module, function = what.split(".")
    code = f"from bench.{module} import {function}; {function}(*{arguments!r})"
    command = [sys.executable, "manage.py", "shell", "-v", "0", "-c", code]
    return subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True)


def peak(url: str, folder: str, path: Path) -> float:
    """Megabytes that an import and the processes it starts hold at most together (proportional set size).

    Another process makes the database ready, for no worker has a migration in its memory.
    """
    ready = started(url, folder, "import_measuring.prepare")
    ready.communicate()
    if ready.returncode:
        sys.exit("the database could not be made ready")
    child = started(url, folder, "import_one.once", str(path))
    seen: list[float] = []

    def watch() -> None:
        while child.poll() is None:
            seen.append(sum(megabytes(pid) for pid in family(child.pid)))
            time.sleep(0.05)

    watcher = threading.Thread(target=watch)
    watcher.start()
    child.communicate()
    watcher.join()
    if child.returncode:
        sys.exit(f"{path.name} was not imported")
    return round(max(seen), 1)


def family(pid: int) -> list[int]:
    """`pid` and all processes below it."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [pid, *(one for child in children for one in family(int(child)))]


def megabytes(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:  # gone meanwhile
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


if __name__ == "__main__":
    main()
