"""`manage.py read_spreadsheet FILE`: the table in a file, as UTF-8 CSV, its cells as they stand."""

import csv
import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from crm.base.said import told
from crm.imports.columns.mapping import filled_width
from crm.imports.reading.stream import ReadingError, TableStream, open_table


class Command(BaseCommand):
    help = "Print the table in a spreadsheet as UTF-8 CSV with commas, its headings first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--sheet", default="", help="the number (1 is the first) or the name of a sheet")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            with open_table(path, path.name, sheet=options["sheet"]) as table:
                self._print(table)
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from None
        except ReadingError as error:
            raise CommandError(f"{path.name}: {error}") from None
        for remark in table.remarks:
            self.stderr.write(told([remark]))

    def _print(self, table: TableStream) -> None:
        """By way of a file: which columns of a sheet are filled shows only when all rows are read.

        The rows of a text are as wide as they stand there.
        """
        with tempfile.TemporaryFile("w+", encoding="utf-8") as kept:
            width, used = len(table.headings), {at for at, text in enumerate(table.headings) if text}
            for row in table.rows():
                kept.write(json.dumps(row.cells) + "\n")
                width = max(width, filled_width(row.cells))
                used |= {at for at, cell in enumerate(row.cells) if cell}
            writer = csv.writer(self._output())
            if table.sheets == [""]:
                writer.writerow(_pick(_headings(table.headings, width), list(range(width))))
                writer.writerows(_kept(kept))
                return
            columns = sorted(used)
            writer.writerow(_pick(_headings(table.headings, width), columns))
            writer.writerows(_pick(cells, columns) for cells in _kept(kept))

    def _output(self) -> Any:
        stream = getattr(self.stdout, "_out", self.stdout)
        if stream is sys.stdout:
            sys.stdout.reconfigure(encoding="utf-8", newline="")
        return stream


def _headings(headings: list[str], width: int) -> list[str]:
    """A table without any headings gets names by number, so that the first line is one of headings."""
    if any(headings):
        return headings
    return [f"col_{at}" for at in range(width)]


def _kept(file: IO[str]) -> Iterator[list[str]]:
    file.seek(0)
    return (json.loads(line) for line in file)


def _pick(cells: list[str], columns: list[int]) -> list[str]:
    return [cells[at] if at < len(cells) else "" for at in columns]
