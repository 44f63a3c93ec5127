"""The child of bench/importing.py: imports into the database of the settings and prints rates as JSON."""

import json
import os
import time
from collections.abc import Callable
from pathlib import Path

from django.core.management import call_command
from django.db import connection

from bench import import_peers
from bench.import_lists import TAGS
from bench.import_one import check, imported, planned, quiet
from crm.contacts.models import Contact
from crm.imports import background
from crm.themes.services import tags_called

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
_KEPT = {"crm_theme", "crm_tag", "django_migrations", "django_content_type", "auth_permission", "auth_group"}


def measure(files: str) -> None:
    """Everything in turn, the quick ones in several rounds: of each its rates, in rows per second.

    What is compared runs one after the other, since the speed of a machine drifts.
    """
    paths = {key: Path(path) for key, path in json.loads(files).items()}
    sizes = [int(size) for size in os.environ["BENCH_ROWS"].split(",")]
    slow = os.environ["BENCH_SLOW_ROWS"]
    prepare()
    _warm_up(paths[f"{sizes[0]}.csv"])
    rates: dict[str, list[float]] = {}
    for round_number in range(ROUNDS):
        for size in sizes:
            if connection.vendor == "postgresql":
                limit = f"COPY and set-based SQL {size}"
                _note(rates, limit, size, lambda: import_peers.set_based(paths[f"{size}.csv"]))  # noqa: B023
            _note(rates, f"kwartet csv {size}", size, lambda: imported(paths[f"{size}.csv"]))  # noqa: B023
            # The same file once more, before the tables are emptied.
            _note(rates, f"kwartet again {size}", size, lambda: again(paths[f"{size}.csv"]), keep=True)  # noqa: B023
            _note(rates, f"kwartet xlsx {size}", size, lambda: imported(paths[f"{size}.xlsx"]))  # noqa: B023
        if round_number == 0:
            path = paths[f"{slow}.csv"]
            bulk = f"import-export, use_bulk {slow}"
            _note(rates, bulk, int(slow), lambda: import_peers.import_export_bulk(path))  # noqa: B023
            admin = f"import-export, dry run and import {slow}"
            _note(rates, admin, int(slow), lambda: import_peers.import_export(path))  # noqa: B023
    print(json.dumps(rates))


def _warm_up(path: Path) -> None:
    """What is only slow the first time in a process is nobody's rate."""
    imported(path)
    if connection.vendor == "postgresql":
        _empty()
        import_peers.set_based(path)


def prepare() -> None:
    """A migrated database without people."""
    quiet()
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("load_reference", verbosity=0)
    import_peers.TAGS.update({tag.name: tag.pk for tag in tags_called(TAGS)})
    _empty()


def _note(
    rates: dict[str, list[float]], name: str, size: int, work: Callable[[], None], *, keep: bool = False
) -> None:
    """Empty tables, planner statistics as in use, then the clock."""
    if not keep:
        _empty()
    started = time.perf_counter()
    work()
    rates.setdefault(name, []).append(size / (time.perf_counter() - started))


def _empty() -> None:
    tables = [
        table
        for table in connection.introspection.table_names()
        if table.startswith("crm_") and table not in _KEPT and not table.startswith("crm_contact_fts")
    ]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY CASCADE")
            cursor.execute("VACUUM ANALYZE")
            return
        cursor.execute("PRAGMA foreign_keys = OFF")
        for table in tables:
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608 -- our own tables
        cursor.execute("PRAGMA foreign_keys = ON")


def again(path: Path) -> None:
    """What is known already: nothing may be written to a contact."""
    before = Contact.history.count(), Contact.objects.latest("updated_at").updated_at
    batch = planned(path)
    background.apply_now(batch=batch)
    check((Contact.history.count(), Contact.objects.latest("updated_at").updated_at) == before)
    counts = batch.rows.counts()
    check(counts["new"] == counts["changed"] == counts["refused"] == 0)
