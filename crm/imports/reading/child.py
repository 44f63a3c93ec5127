"""Reads one file, as a process of its own: `python -I child.py PATH KIND LIMITS`.

A file of 5 kB can ask for gigabytes, so memory and time are limited here and the caller lives on. It first
prints the beginning of every sheet; then it waits for the names of the sheets that are wanted and prints
those as a whole. It writes as fast as it is read: the pipe holds it back. Each line is one JSON list.
"""

import contextlib
import json
import resource
import sys
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[3]))

from crm.imports.reading.formats.limits import Limits, Refused, Row, Tally
from crm.imports.reading.formats.notes import Notes

_HEAD = 600
_ROWS_PER_LINE = 200
_CHARACTERS_PER_LINE = 1 << 16
Open = tuple[list[str], Callable[[str], Iterator[Row]], Notes]


def opened(path: Path, kind: str, limits: Limits) -> Open:
    """(names of the visible sheets, what reads one, what it notices); a text is one sheet without a name."""
    if kind == "text":
        return [""], lambda _sheet: _format("delimited").rows(path), Notes()
    if kind == "vcard":
        vcards, text = _format("vcards"), _format("encodings").open_text
        # Counting is much cheaper than taking every card apart until there are too many; headings are a row.
        if vcards.has_cards(text(path), limits.rows):
            raise Refused("rows")
        return [""], lambda _sheet: vcards.rows(_format("delimited").lines(text(path))), Notes()
    if kind == "json":
        return [""], lambda _sheet: _format("jsonlists").rows(path, limits), Notes()
    if kind == "xls":
        book = _format("xls").Book(path, limits)
    else:
        archive = _format("archives").Archive(path, limits.unpacked_bytes)
        if kind == "qdpx":
            return [""], lambda _sheet: _format("refi").rows(archive), Notes()
        book = _format("ods" if kind == "ods" else "xlsx").Book(archive, limits)
    return book.sheets, book.rows, book.notes


def _format(name: str) -> Any:
    """Only what this file needs: loading all formats takes longer than reading most files."""
    return import_module(f"crm.imports.reading.formats.{name}")


def say(*message: Any) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def say_rows(rows: Iterable[Row]) -> None:
    """Several rows to a line, so that the lines stay of a size."""
    waiting: list[Row] = []
    size = 0
    for row in rows:
        waiting.append(row)
        size += sum(map(len, row[1]))
        if len(waiting) >= _ROWS_PER_LINE or size > _CHARACTERS_PER_LINE:
            say("rows", waiting)
            waiting, size = [], 0
    say("rows", waiting)


def main(path: Path, kind: str, limits: Limits) -> None:
    sheets, read, notes = opened(path, kind, limits)
    several = len(sheets) > 1
    for sheet in sheets:
        say("sheet", sheet)
        with placed(sheet if several else ""):
            say_rows(islice(limits.checked(read(sheet), Tally()), _HEAD))
    say("ready")
    notes.clear()
    tally = Tally()
    for sheet in json.loads(sys.stdin.readline() or "[]"):
        say("sheet", sheet)
        with placed(sheet if several else ""):
            say_rows(limits.checked(read(sheet), tally))
    say("end", notes.hidden, notes.unsolved)


@contextlib.contextmanager
def placed(sheet: str) -> Iterator[None]:
    """A cell that is refused is named with its sheet where there are several."""
    try:
        yield
    except Refused as refused:
        if refused.reason == "columns" and sheet:
            raise Refused("columns", f"{sheet}!{refused.about}") from None
        raise


def guarded(arguments: list[str]) -> None:
    settings = json.loads(arguments[2])
    size = settings.pop("megabytes") << 20
    with contextlib.suppress(ValueError, OSError):  # a lower limit is in force already
        resource.setrlimit(resource.RLIMIT_AS, (size, size))
    seconds = settings.pop("seconds")
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    try:
        main(Path(arguments[0]), arguments[1], Limits(**settings))
    except Refused as refused:
        say("refused", refused.reason, refused.about)
    except (MemoryError, RecursionError):
        say("refused", "unpacked", "")
    except Exception as error:
        say("refused", "damaged", type(error).__name__)


if __name__ == "__main__":
    guarded(sys.argv[1:])
