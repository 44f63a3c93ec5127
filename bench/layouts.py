"""How well lists are read as their authors meant them: `make bench-layouts`.

A dozen lists of each kind of layout (tests/crm/imports/made_lists.py), of which every second one is held
out: who mends the reading does not look at those. Per kind the share of rows with every field right, of both
halves, and of the rows that are one person without a doubt the share that is asked about. Prints a table
and, as its last line, one line of JSON. With --seen it prints what is wrong in the lists that are not held
out, with --cases what became of each row of each list.
"""

import json
import os
import sys
from collections import defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory

import django

from tests.harness.migrated import copy_sqlite


def main() -> None:
    with TemporaryDirectory(prefix="kw-bench-") as folder:
        path = Path(folder, "bench.sqlite3")
        copy_sqlite(path)
        os.environ |= {"DATABASE_URL": f"sqlite:///{path}", "VAR_DIR": folder}
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")
        django.setup()
        measure()


def measure() -> None:
    from django.core.management import call_command  # noqa: PLC0415

    from crm.imports.models import ImportRow  # noqa: PLC0415 -- it needs Django to be set up
    from crm.imports.reading.sheets import ReadingError  # noqa: PLC0415
    from tests.crm.imports.made_lists import faults, made_lists  # noqa: PLC0415
    from tests.crm.imports.plans import make_plan  # noqa: PLC0415

    call_command("load_reference", verbosity=0)
    right: dict[tuple[str, bool], list[bool]] = defaultdict(list)
    asked: dict[bool, list[bool]] = defaultdict(list)
    for made in made_lists():
        try:
            plan = make_plan(made.data(), made.file_name)
            found, actions = faults(made, plan), [row.action for row in plan.rows]
        except ReadingError as error:
            found, actions = [[str(error)]] * len(made.rows), []
        except Exception as error:
            found, actions = [[repr(error)]] * len(made.rows), []
        right[made.kind, made.held_out] += [not row for row in found]
        if made.is_clean:
            asked[made.held_out] += [action == ImportRow.Action.DUPLICATE for action in actions]
        if "--cases" in sys.argv:
            print(
                f"  {made.kind:14}{made.number:3} {made.name:50.50}", *("x" if row else "." for row in found)
            )
        if "--seen" in sys.argv and not made.held_out:
            for row, wrong in enumerate(found, 1):
                if wrong:
                    print(f"  {made.kind} {made.number} {made.name}: row {row}:", *wrong, sep="\n      ")
    report(right, asked)


def share(values: list[bool]) -> float:
    return sum(values) / len(values) if values else 0.0


def report(right: dict[tuple[str, bool], list[bool]], asked: dict[bool, list[bool]]) -> None:
    found: dict[str, float] = {}
    print(f"{'rows right':16}{'seen':>8}{'held out':>10}")
    for kind in sorted({kind for kind, _held_out in right}):
        seen, held_out = (share(right[kind, half]) for half in (False, True))
        print(f"{kind:16}{seen:8.3f}{held_out:10.3f}")
        found |= {f"{kind}_seen": round(seen, 4), f"{kind}_held_out": round(held_out, 4)}
    for half, name in ((False, "seen"), (True, "held_out")):
        rows = [one for (_kind, held_out), values in right.items() if held_out == half for one in values]
        found |= {f"right_{name}": round(share(rows), 4), f"asked_{name}": round(share(asked[half]), 4)}
    print(f"{'all':16}{found['right_seen']:8.3f}{found['right_held_out']:10.3f}")
    print(f"{'asked, clean':16}{found['asked_seen']:8.3f}{found['asked_held_out']:10.3f}")
    print(json.dumps(found))


if __name__ == "__main__":
    main()
