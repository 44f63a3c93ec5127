"""Workbooks of the old Excel (XLS) with their number formats, which xlrd reads besides the values."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import xlrd

from crm.imports.reading.formats.limits import Limits, Refused, Row
from crm.imports.reading.formats.notes import Notes
from crm.imports.reading.formats.numberformats import built_in, plain, shown
from crm.imports.reading.formats.xlsx import Merges

# xlrd holds a sheet as a whole; a larger one would not fit into the memory of the child process.
_MOST_BYTES = 12 << 20


class Book:
    """An opened workbook; `sheets` are the names of the visible sheets, in their order."""

    def __init__(self, path: Path, limits: Limits) -> None:
        if path.stat().st_size > _MOST_BYTES:
            raise Refused("unpacked")
        self._limits = limits
        self.notes = Notes()
        try:
            self._book = xlrd.open_workbook(
                str(path), formatting_info=True, on_demand=True, ragged_rows=True, logfile=_Silence()
            )
        except MemoryError:
            raise
        except xlrd.XLRDError as error:
            raise Refused("password" if "encrypted" in str(error) else "damaged") from None
        except Exception:  # xlrd stumbles over damage in many ways
            raise Refused("damaged") from None
        self.sheets = list(self._visible())

    def _visible(self) -> Iterator[str]:
        hidden = getattr(self._book, "_sheet_visibility", [])
        for at, name in enumerate(self._book.sheet_names()):
            if at >= len(hidden) or not hidden[at]:
                yield name

    def rows(self, sheet: str) -> Iterator[Row]:
        try:
            found = self._book.sheet_by_name(sheet)
        except MemoryError:
            raise
        except Exception:
            raise Refused("damaged") from None
        areas = [(top + 1, bottom, left, right - 1) for top, bottom, left, right in found.merged_cells]
        yield from Merges(areas).filled(self._rows(found))
        self._book.unload_sheet(sheet)

    def _rows(self, sheet: Any) -> Iterator[Row]:
        for at in range(sheet.nrows):
            cells = [self._text(cell) for cell in sheet.row(at)]
            while cells and not cells[-1]:
                cells.pop()
            if cells and getattr(sheet.rowinfo_map.get(at), "hidden", False):
                self.notes.note_hidden(at + 1)
            yield at + 1, cells

    def _text(self, cell: Any) -> str:
        if cell.ctype == xlrd.XL_CELL_TEXT:
            return str(cell.value)
        if cell.ctype in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
            code = self._code(cell.xf_index)
            return (
                plain(cell.value)
                if code == "General"
                else shown(cell.value, code, epoch_1904=bool(self._book.datemode))
            )
        if cell.ctype == xlrd.XL_CELL_BOOLEAN:
            return "TRUE" if cell.value else "FALSE"
        if cell.ctype == xlrd.XL_CELL_ERROR:
            return str(xlrd.error_text_from_code.get(cell.value, "#N/A"))
        return ""

    def _code(self, index: int | None) -> str:
        try:
            key = self._book.xf_list[index].format_key
            known = self._book.format_map.get(key)
        except (IndexError, TypeError):
            return "General"
        # xlrd writes the built-in date in the order of the United States.
        return built_in(key) if key in range(14, 23) or not known else str(known.format_str)


class _Silence:
    def write(self, _text: str) -> None:
        """What xlrd has to say about odd files is of no use to anybody."""

    def flush(self) -> None:
        """There is nothing to flush."""
