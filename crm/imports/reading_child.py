"""Reads one file from standard input, as a process of its own: `python -I reading_child.py FORMAT MEGABYTES`.

A workbook of 5 kB can ask for gigabytes (one far cell makes a dense sheet) and calamine then aborts, so
memory is limited here and the caller lives on. Prints the sheets as JSON; exit code 3 for "too large".
"""

import contextlib
import datetime
import io
import json
import resource
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

sys.path.insert(0, str(Path(__file__).parents[2]))

from crm.imports.sheets import MOST_COLUMNS, MOST_ROWS
from crm.imports.textfiles import NotText, decode, records

UNREADABLE, TOO_LARGE = 2, 3


def text_of(value: Any) -> str:
    """A cell as a person sees it: dates in ISO, whole numbers without ".0", text untouched."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime.datetime):
        midnight = value.time() == datetime.time()
        return value.date().isoformat() if midnight else value.isoformat(" ", "minutes")
    return value.isoformat() if isinstance(value, datetime.date | datetime.time) else str(value)


def workbook(data: bytes) -> Iterator[tuple[str, Iterator[tuple[int, list[str]]]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    for about in book.sheets_metadata:
        if about.typ == SheetTypeEnum.WorkSheet and about.visible == SheetVisibleEnum.Visible:
            sheet = book.get_sheet_by_name(about.name)
            first = (sheet.start or (0, 0))[0]
            rows = (
                sheet.to_python(skip_empty_area=True)
                if sheet.total_height * sheet.total_width < 4e6
                else None
            )
            if rows is None:
                raise MemoryError
            yield (
                about.name,
                ((first + at, [text_of(cell) for cell in row]) for at, row in enumerate(rows, 1)),
            )


def not_empty(rows: Iterator[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
    kept: list[tuple[int, list[str]]] = []
    for number, cells in rows:
        cells = [cell.replace("\0", "") for cell in cells]  # PostgreSQL takes none
        while cells and not cells[-1].strip():
            cells.pop()
        if len(cells) > MOST_COLUMNS or len(kept) > MOST_ROWS:
            raise MemoryError
        if cells:
            kept.append((number, cells))
    return kept


def main(kind: str, megabytes: int) -> int:
    size = megabytes * 1024 * 1024
    with contextlib.suppress(ValueError, OSError):  # a lower limit is in force already
        resource.setrlimit(resource.RLIMIT_AS, (size, size))
    data = sys.stdin.buffer.read()
    try:
        sheets = [("", records(decode(data)))] if kind == "text" else workbook(data)
        found = [[name, not_empty(iter(rows))] for name, rows in sheets]
        sys.stdout.write(json.dumps(found))
    except MemoryError:
        return TOO_LARGE
    except NotText:
        return UNREADABLE
    except Exception as error:
        sys.stderr.write(type(error).__name__)
        return UNREADABLE
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
