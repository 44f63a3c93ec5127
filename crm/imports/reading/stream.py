"""A file as one table, read row by row: what it is, where its headings are, what was left out."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from types import TracebackType

from django.conf import settings

from crm.base.said import Said
from crm.imports.columns.mapping import filled_width
from crm.imports.reading.filetypes import SUFFIXES, kind_of_file, remarks_on_name
from crm.imports.reading.process import ReadingProcess
from crm.imports.reading.said import (
    HEADINGS_GUESSED,
    HIDDEN_ROWS,
    LINES_ABOVE,
    NO_RESULT,
    PASSED_OVER,
    SHEETS_NOT_READ,
    refusal,
)
from crm.imports.reading.sheets import ReadingError, SheetRow
from crm.imports.reading.tables import Part, find_part

__all__ = ["SUFFIXES", "ReadingError", "TableStream", "most_megabytes", "open_table"]

_SAMPLE = 500


def most_megabytes() -> int:
    """The largest file that is accepted; real contact lists stay under 2 MB."""
    return int(settings.IMPORT_MEGABYTES)


# Of the rows that were passed over.
_MOST_NAMED = 3


@dataclass
class TableStream:
    """A table while it is read: what is known beforehand, and its data rows, once.

    `headings` has one text per column ("" without one), `sample` the first data rows; `skipped` counts the
    totals, repeated headings and footnotes that were passed over, once all rows are read.
    """

    sheets: list[str]
    all_sheets: list[str]
    headings: list[str]
    sample: list[SheetRow]
    remarks: list[Said]
    skipped: int = 0
    # Number and text of the first few of those.
    _passed: list[list[str | int]] = field(default_factory=list)
    _process: ReadingProcess = field(kw_only=True)
    _parts: list[Part] = field(kw_only=True)

    def __enter__(self) -> "TableStream":
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._process.close()

    def rows(self) -> Iterator[SheetRow]:
        """All data rows, once; ReadingError when the rest of the file cannot be read."""
        parts = {part.sheet: part for part in self._parts}
        arranged = {part.sheet: _arranger(part, self._parts[0]) for part in self._parts}
        seen = dict.fromkeys(parts, 0)
        for sheet, (number, cells) in self._process.rows(self.sheets):
            seen[sheet] += 1
            if seen[sheet] <= parts[sheet].after:
                continue
            if parts[sheet].is_decoration(cells):
                self._pass_over(number, cells)
                continue
            yield SheetRow(number, arranged[sheet](cells), sheet)
        if self.skipped:
            self.remarks.append(PASSED_OVER(count=self.skipped, rows=self._passed))
        if self._process.hidden:
            self.remarks.append(HIDDEN_ROWS(rows=", ".join(self._process.hidden)))
        if self._process.unsolved:
            self.remarks.append(NO_RESULT(cells=", ".join(self._process.unsolved)))

    def _pass_over(self, number: int, cells: list[str]) -> None:
        self.skipped += 1
        if len(self._passed) < _MOST_NAMED:
            text = " ".join(" ".join(cells).split())
            self._passed.append([number, text[:40]])


def open_table(path: Path, file_name: str, *, sheet: str = "") -> TableStream:
    """The table of a file, or of its sheet of that name or number (1 = first); ReadingError in words."""
    kind = _checked_kind(path, file_name)
    process = ReadingProcess(path, kind)
    try:
        return _stream(process, sheet, remarks_on_name(file_name, kind))
    except BaseException:
        process.close()
        raise


def _checked_kind(path: Path, file_name: str) -> str:
    suffix = PurePath(file_name).suffix.lower()
    if suffix not in SUFFIXES:
        raise refusal("suffix", suffix or file_name)
    size = path.stat().st_size
    if size > most_megabytes() << 20:
        raise refusal("megabytes")
    return kind_of_file(path, suffix)


def _stream(process: ReadingProcess, sheet: str, remarks: list[Said]) -> TableStream:
    filled = [name for name, rows in process.heads.items() if rows]
    chosen = [_chosen(sheet, list(process.heads))] if sheet else filled
    parts = [find_part(name, process.heads[name]) for name in chosen if process.heads[name]]
    if not parts:
        raise refusal("nothing")
    best = max(parts, key=lambda part: part.known)
    alike = [part for part in parts if part is best or (best.headings and part.order_from(best) is not None)]
    alike.sort(key=lambda part: part is not best)
    sample = _sample(process, [best, *(part for part in parts if part in alike and part is not best)])
    width = max([len(best.headings), *(filled_width(row.cells) for row in sample)])
    stream = TableStream(
        sheets=[part.sheet for part in parts if part in alike],
        all_sheets=filled,
        headings=[*best.headings, *[""] * (width - len(best.headings))],
        sample=sample,
        remarks=remarks,
        _process=process,
        _parts=alike,
    )
    unread = [name for name in chosen if process.heads[name] and name not in stream.sheets]
    stream.remarks += _remarks(process, best, unread)
    return stream


def _chosen(sheet: str, names: list[str]) -> str:
    if sheet in names:
        return sheet
    if sheet.isdecimal() and 0 < int(sheet) <= len(names):
        return names[int(sheet) - 1]
    raise refusal("sheet", sheet)


def _sample(process: ReadingProcess, parts: list[Part]) -> list[SheetRow]:
    found: list[SheetRow] = []
    for part in parts:
        arranged = _arranger(part, parts[0])
        for number, cells in process.heads[part.sheet][part.after :]:
            if len(found) == _SAMPLE:
                return found
            if not part.is_decoration(cells):
                found.append(SheetRow(number, arranged(cells), part.sheet))
    return found


def _arranger(part: Part, best: Part) -> Callable[[list[str]], list[str]]:
    """What puts the cells of a sheet in the order of the first one."""
    order = part.order_from(best)
    if order is None or order == list(range(len(order))):
        return lambda cells: cells
    rest = len(order)

    def arrange(cells: list[str]) -> list[str]:
        return [cells[at] if at < len(cells) else "" for at in order] + cells[rest:]

    return arrange


def _remarks(process: ReadingProcess, best: Part, unread: list[str]) -> list[Said]:
    remarks = [LINES_ABOVE(count=best.above)] if best.above else []
    if best.guessed:
        remarks.append(HEADINGS_GUESSED(headings=", ".join(filter(None, best.headings))[:200]))
    if unread:
        remarks.append(SHEETS_NOT_READ(sheets=[[name, _count(process.heads[name])] for name in unread]))
    return remarks


def _count(rows: list[tuple[int, list[str]]]) -> str:
    return f"{len(rows)}+" if len(rows) >= 600 else str(len(rows))
