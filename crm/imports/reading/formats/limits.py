"""How much of a file is read, and what a reader says when it stops. The figures come from the settings."""

from collections.abc import Iterator
from dataclasses import dataclass

Row = tuple[int, list[str]]


class Refused(Exception):
    """A file that is not read; `reason` is one of the keys of reading.REASONS, `about` fills its sentence."""

    def __init__(self, reason: str, about: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.about = about


def cell_name(row: int, column: int) -> str:
    """ "C5" for row 5 and column 3, as spreadsheet programs say it."""
    letters = ""
    while column > 0:
        column, letter = divmod(column - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row}"


@dataclass
class Tally:
    """What was read so far, of all sheets together."""

    rows: int = 0
    cells: int = 0


@dataclass(frozen=True)
class Limits:
    rows: int
    cells: int
    columns: int
    cell_characters: int
    record_characters: int
    unpacked_bytes: int

    def checked(self, rows: Iterator[Row], read: Tally) -> Iterator[Row]:
        """`rows` without the empty ones and without NUL, which PostgreSQL does not take; what `read` counts
        goes on with them, so that no row is read behind the one that is too many.
        """
        for number, cells in rows:
            if any("\0" in cell for cell in cells):
                cells = [cell.replace("\0", "") for cell in cells]
            if not any(cells) or not any(cell.strip() for cell in cells):
                continue
            if len(cells) > self.columns and not any(cell.strip() for cell in cells[self.columns :]):
                cells = cells[: self.columns]
            read.rows, read.cells = read.rows + 1, read.cells + len(cells)
            if read.cells > self.cells:
                raise Refused("cells")
            self._check(read.rows, number, cells)
            yield number, cells

    def _check(self, count: int, number: int, cells: list[str]) -> None:
        if count > self.rows:
            raise Refused("rows")
        if len(cells) > self.columns:
            raise Refused("columns", cell_name(number, len(cells)))
        if max(map(len, cells)) > self.cell_characters:
            raise Refused("cell", str(number))
