"""How well the tables in delimited text are found: `make bench-read`.

Two samples of Pollock (Vitagliano and others, VLDB 2023): real files of open data and one file polluted in
many ways, each with the clean version that it should give. Beside Kwartet, in the same run: clevercsv and
the csv.Sniffer of Python, each in the better of two ways (the first row is the heading, or its own guess).
Prints a table and, as its last line, one line of JSON.

Per file, F1 of what was read against the clean version, as multisets; the mean over the files counts:
header (the headings), record (the data rows), cell (the filled cells of the data rows). Compared are texts
without spaces around them, rows without empty cells at their end; rows without any filled cell are no rows.
The strict figures compare rows as they stand: empty cells count, also those at the end of a row.
"""

import csv
import io
import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from functools import partial
from pathlib import Path

import clevercsv
import django
from django.core.management import CommandError, call_command

CORPORA = Path(__file__).resolve().parents[2] / "shared" / "corpora"
SAMPLES = {
    "survey": CORPORA / "pollock-survey-sample" / "survey_sample",
    "polluted": CORPORA / "pollock-sample" / "polluted_files",
}
MEASURES = ("header", "record", "cell", "strict_header", "strict_record", "strict_cell")
Rows = list[list[str]]
Reader = Callable[[Path], Rows]
Guessing = Callable[..., Rows]
Scores = dict[str, float]


def f1(found: Iterable[Hashable], wanted: Iterable[Hashable]) -> float:
    """The harmonic mean of precision and recall; 1 where nothing was to be found and nothing was."""
    here, there = Counter(found), Counter(wanted)
    total = here.total() + there.total()
    return 2 * (here & there).total() / total if total else 1.0


def tidy(rows: Iterable[list[str]], strict: bool = False) -> list[tuple[str, ...]]:
    found = []
    for row in rows:
        cells = ["\n".join(cell.split()) for cell in row]
        while cells and not cells[-1] and not strict:
            cells.pop()
        if any(cells):
            found.append(tuple(cells))
    return found


def scores(read: Rows, clean: Rows) -> Scores:
    every: Scores = {}
    for strict in (False, True):
        found, wanted = tidy(read, strict), tidy(clean, strict)
        values = {
            "header": f1(cells_of(found[:1], strict), cells_of(wanted[:1], strict)),
            "record": f1(found[1:], wanted[1:]),
            "cell": f1(cells_of(found[1:], strict), cells_of(wanted[1:], strict)),
        }
        every |= {f"strict_{name}" if strict else name: value for name, value in values.items()}
    return every


def cells_of(rows: Iterable[tuple[str, ...]], strict: bool) -> list[str]:
    return [cell for row in rows for cell in row if cell or strict]


def text_of(path: Path) -> str:
    """The peers get the text with plain line ends, so that none fails on those or on the encoding."""
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def with_headings(rows: Rows, has_header: bool) -> Rows:
    """The rows, under names by number where there is no heading, as the clean versions have them."""
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    width = max(map(len, rows), default=0)
    return rows if has_header else [[f"col_{at}" for at in range(width)], *rows]


def by_clevercsv(path: Path, guess: bool) -> Rows:
    text = text_of(path)
    detector = clevercsv.Detector()
    dialect = detector.detect(text)
    if dialect is None:
        return []
    rows = list(clevercsv.reader(io.StringIO(text), dialect))
    return with_headings(rows, not guess or bool(detector.has_header(text)))


def by_sniffer(path: Path, guess: bool) -> Rows:
    text = text_of(path)
    sniffer = csv.Sniffer()
    try:
        dialect: type[csv.Dialect] = sniffer.sniff(text)
    except csv.Error:
        dialect = csv.excel
    rows = list(csv.reader(io.StringIO(text), dialect))
    return with_headings(rows, not guess or sniffer.has_header(text))


def by_kwartet(path: Path) -> Rows:
    """What `manage.py read_spreadsheet` prints."""
    out = io.StringIO(newline="")
    try:
        call_command("read_spreadsheet", path, stdout=out, stderr=io.StringIO())
    except CommandError:
        return []
    return list(csv.reader(io.StringIO(out.getvalue(), newline="")))


def quietly(reader: Reader) -> Reader:
    """A file that a reader cannot read at all gives nothing."""

    def read(path: Path) -> Rows:
        try:
            return reader(path)
        except Exception as error:
            print(f"  {path.name}: {type(error).__name__}", file=sys.stderr)
            return []

    return read


def measured(sample: str, reader: Reader, show: bool = False) -> Scores:
    folder = SAMPLES[sample]
    every = []
    for path in sorted((folder / "csv").iterdir()):
        text = (folder / "clean" / path.name).read_text("utf-8")
        clean = list(csv.reader(io.StringIO(text, newline="")))
        every.append(scores(reader(path), clean))
        if show and min(every[-1].values()) < 0.98:
            print(f"  {path.name:50.50}", *(f"{every[-1][name]:.3f}" for name in MEASURES))
    return {name: sum(one[name] for one in every) / len(every) for name in MEASURES}


def better(sample: str, reader: Guessing) -> Scores:
    """The better of its two ways to take the headings."""
    ways = [measured(sample, quietly(partial(reader, guess=guess))) for guess in (False, True)]
    return max(ways, key=lambda found: sum(found.values()))


def main() -> None:
    csv.field_size_limit(1 << 24)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")
    django.setup()
    found: dict[str, float] = {}
    print(f"{'sample':10}{'reader':12}" + "".join(f"{name:>14}" for name in MEASURES))
    for sample in SAMPLES:
        rows = {
            "": measured(sample, by_kwartet, show="--files" in sys.argv),
            "_clevercsv": better(sample, by_clevercsv),
            "_sniffer": better(sample, by_sniffer),
        }
        for suffix, measures in rows.items():
            label = suffix.strip("_") or "kwartet"
            print(f"{sample:10}{label:12}" + "".join(f"{measures[name]:14.3f}" for name in MEASURES))
            found |= {f"{sample}_{name}{suffix}": round(measures[name], 4) for name in MEASURES}
    print(json.dumps(found))


if __name__ == "__main__":
    main()
