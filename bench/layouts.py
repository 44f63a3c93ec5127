"""How well lists are read as their authors meant them: `make bench-layouts`.

A dozen lists of each kind of layout (tests/crm/imports/made_lists.py), of which every second one is held
out: who mends the reading does not look at those. Per kind the share of rows with every field right, of both
halves. Then the same of clean lists of made people (bench/clean_lists.py), with the share of rows that are
asked about. Prints two tables and, as its last line, one line of JSON. With --seen it prints what is wrong in
the lists that are not held out, with --clean what is wrong in the clean ones, with --cases what became of
each row of each list.
"""

import json
import os
import sys
from collections import defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import django

from tests.harness.migrated import copy_sqlite

if TYPE_CHECKING:
    from tests.crm.imports.made_lists import MadeList

CORPORA = Path(__file__).resolve().parents[2] / "shared" / "corpora"
PEOPLE = int(os.environ.get("BENCH_PEOPLE", "400"))
Found = dict[str, float]


def main() -> None:
    with TemporaryDirectory(prefix="kw-bench-") as folder:
        path = Path(folder, "bench.sqlite3")
        copy_sqlite(path)
        os.environ |= {"DATABASE_URL": f"sqlite:///{path}", "VAR_DIR": folder}
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")
        django.setup()
        from django.core.management import call_command  # noqa: PLC0415 -- it needs Django to be set up

        call_command("load_reference", verbosity=0, stdout=sys.stderr)
        print(json.dumps(made() | clean()))


def share(values: list[bool]) -> float:
    return sum(values) / len(values) if values else 0.0


def made() -> Found:
    """Of each kind of layout the share of rows that are right, in both halves."""
    from tests.crm.imports.made_lists import made_lists  # noqa: PLC0415

    right: dict[tuple[str, bool], list[bool]] = defaultdict(list)
    for one in made_lists():
        right[one.kind, one.held_out] += [not wrong for wrong in wrong_in(one)]
    found: Found = {}
    print(f"{'rows right':16}{'seen':>8}{'held out':>10}")
    for kind in [*sorted({kind for kind, _half in right}), "all"]:
        halves: dict[bool, list[bool]] = {False: [], True: []}
        for (of, half), rows in right.items():
            halves[half] += rows if kind in (of, "all") else []
        seen, held_out = share(halves[False]), share(halves[True])
        print(f"{kind:16}{seen:8.3f}{held_out:10.3f}")
        found |= {f"{kind}_seen": round(seen, 4), f"{kind}_held_out": round(held_out, 4)}
    return found


def wrong_in(one: "MadeList") -> list[list[str]]:
    """Per row what is wrong, printed where that was asked for."""
    from crm.imports.reading.sheets import ReadingError  # noqa: PLC0415
    from tests.crm.imports.made_lists import faults  # noqa: PLC0415
    from tests.crm.imports.plans import make_plan  # noqa: PLC0415

    try:
        found = faults(one, make_plan(one.data(), one.file_name))
    except (ReadingError, LookupError) as error:
        found = [[repr(error)]] * len(one.rows)
    if "--cases" in sys.argv:
        print(f"  {one.kind:14}{one.number:3} {one.name:50.50}", *("x" if row else "." for row in found))
    if "--seen" in sys.argv and not one.held_out:
        for row, wrong in enumerate(found, 1):
            if wrong:
                print(f"  {one.kind} {one.number} {one.name}: row {row}:", *wrong, sep="\n      ")
    return found


def clean() -> Found:
    """Of each clean layout the share of people who are right, and of those asked about."""
    from bench.clean_lists import LAYOUTS, clean_list, is_right, people  # noqa: PLC0415
    from crm.imports.models import ImportRow  # noqa: PLC0415
    from tests.crm.imports.plans import make_plan  # noqa: PLC0415

    everybody = people(CORPORA, PEOPLE)
    found: Found = {}
    print(f"{'clean lists':18}{'right':>8}{'asked':>8}")
    for name in LAYOUTS:
        rows = make_plan(clean_list(name, everybody), "lijst.csv").rows
        pairs = list(zip(everybody, rows, strict=False))
        right = [is_right(name, person, row.values) for person, row in pairs]
        asked = [row.action == ImportRow.Action.DUPLICATE for row in rows]
        print(f"{name:18}{share(right):8.3f}{share(asked):8.3f}")
        key = name.replace(" ", "_").lower()
        found |= {f"clean_{key}": round(share(right), 4), f"asked_{key}": round(share(asked), 4)}
        if "--clean" in sys.argv:
            for (person, row), good, question in zip(pairs, right, asked, strict=True):
                if question or not good:
                    print(
                        "    ",
                        row.original,
                        person.given,
                        person.infix,
                        person.family,
                        row.values,
                        row.reason,
                    )
    return found


if __name__ == "__main__":
    main()
