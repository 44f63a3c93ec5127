"""Workbooks of LibreOffice (ODS), read as a stream. A cell carries the text that a person sees."""

import re
from collections.abc import Iterator

from crm.imports.reading.formats.archives import Archive
from crm.imports.reading.formats.limits import Limits, Refused, Row, cell_name
from crm.imports.reading.formats.notes import Notes
from crm.imports.reading.formats.numberformats import plain
from crm.imports.reading.formats.xmlstream import feed, local, new_parser

_CONTENT = "content.xml"
# What is drawn or noted beside the text of a cell.
_BESIDE = {"annotation", "frame", "shapes", "custom-shape", "note", "ruby-text"}
_DAY_FIRST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(.*)", re.DOTALL)


class Book:
    """An opened workbook; `sheets` are the names of the visible sheets, in their order."""

    def __init__(self, archive: Archive, limits: Limits) -> None:
        if b"encryption-data" in (
            archive.read("META-INF/manifest.xml") if "META-INF/manifest.xml" in archive else b""
        ):
            raise Refused("password")
        self._archive = archive
        self._limits = limits
        self.notes = Notes()
        reader = _Names()
        for _nothing in feed(reader.parser, archive.blocks(_CONTENT), list):
            pass
        self.sheets = reader.visible()

    def rows(self, sheet: str) -> Iterator[Row]:
        reader = _SheetReader(sheet, self._limits, self.notes)
        for row in feed(reader.parser, self._archive.blocks(_CONTENT), reader.take):
            if row is None:
                return
            yield row


class _Names:
    """The sheets, and which styles hide a sheet."""

    def __init__(self) -> None:
        self.parser = new_parser()
        self.parser.StartElementHandler = self._start
        self._style = ""
        self._hidden: set[str] = set()
        self._sheets: list[tuple[str, str]] = []

    def visible(self) -> list[str]:
        return list(dict.fromkeys(name for name, style in self._sheets if style not in self._hidden))

    def _start(self, name: str, about: dict[str, str]) -> None:
        if name == "style:style":
            self._style = about.get("style:name", "")
        elif name == "style:table-properties" and about.get("table:display") == "false":
            self._hidden.add(self._style)
        elif name == "table:table":
            self._sheets.append((about.get("table:name", ""), about.get("table:style-name", "")))


class _SheetReader:
    """Handlers for the events of one sheet; a final None says that the sheet is over."""

    def __init__(self, sheet: str, limits: Limits, notes: Notes) -> None:
        self.parser = new_parser()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self._sheet = sheet
        self._limits = limits
        self._notes = notes
        self._depth = 0
        self._beside = 0
        self._done: list[Row | None] = []
        self._number = 0
        self._cells: list[tuple[str, int]] = []
        self._cell: dict[str, str] = {}
        self._parts: list[str] = []
        self._length = 0
        self._spans: dict[int, tuple[str, int]] = {}

    def take(self) -> list[Row | None]:
        done, self._done = self._done, []
        return done

    def _start(self, name: str, about: dict[str, str]) -> None:
        if name == "table:table":
            inside = self._depth > 0 or about.get("table:name", "") == self._sheet
            self._depth += inside
        elif self._depth == 1:
            self._start_inside(local(name), about)

    def _start_inside(self, name: str, about: dict[str, str]) -> None:
        if self._beside or name in _BESIDE:
            self._beside += 1
        elif name == "table-row":
            self._row, self._cells = about, []
        elif name in ("table-cell", "covered-table-cell"):
            self._cell, self._parts, self._length = about, [], 0
        elif name == "p":
            self._add("\n" if self._parts else "")
            self.parser.CharacterDataHandler = self._add
        elif name == "s":
            self._add(" " * min(_count(about, "text:c"), 1000))
        elif name in ("tab", "line-break"):
            self._add("\t" if name == "tab" else "\n")

    def _add(self, text: str) -> None:
        self._length += len(text)
        if self._length > self._limits.cell_characters:
            raise Refused("cell", str(self._number + 1))
        self._parts.append(text)

    def _end(self, name: str) -> None:
        if name == "table:table" and self._depth:
            self._depth -= 1
            if not self._depth:
                self._done.append(None)
        elif self._depth == 1:
            self._end_inside(local(name))

    def _end_inside(self, name: str) -> None:
        if self._beside:
            self._beside -= 1
        elif name == "p":
            self.parser.CharacterDataHandler = None
        elif name in ("table-cell", "covered-table-cell"):
            self._cells.append((self._text(), _count(self._cell, "table:number-columns-repeated")))
            self._note_span()
            if "table:formula" in self._cell and not self._parts and "office:value-type" not in self._cell:
                column = sum(times for _text, times in self._cells[:-1]) + 1
                self._notes.note_unsolved(cell_name(self._number + 1, column))
        elif name == "table-row":
            self._finish_row(_count(self._row, "table:number-rows-repeated"))

    def _text(self) -> str:
        """What the person sees; the date itself where its form could be misread."""
        text, value = "".join(self._parts), self._cell.get("office:value", "")
        date = self._cell.get("office:date-value", "")
        if date and not _DAY_FIRST.fullmatch(text.strip()):
            return date.removesuffix("T00:00:00").replace("T", " ")
        if value and (not text or "#" in text or re.search(r"\dE[+-]?\d", text)):
            try:
                return plain(float(value))
            except ValueError:
                return text
        boolean = self._cell.get("office:boolean-value", "")
        return boolean.upper() or text or self._cell.get("office:string-value", "")

    def _note_span(self) -> None:
        """A merged cell: its text holds for the rows below."""
        rows = _count(self._cell, "table:number-rows-spanned")
        if rows > 1 and len(self._spans) < self._limits.columns:
            column = sum(times for _text, times in self._cells[:-1])
            self._spans[column] = self._cells[-1][0], rows

    def _finish_row(self, times: int) -> None:
        while self._cells and not self._cells[-1][0].strip():
            self._cells.pop()
        last = sum(count for _text, count in self._cells)
        if last > self._limits.columns:
            raise Refused("columns", cell_name(self._number + 1, last))
        cells = [text for text, count in self._cells for _ in range(count)]
        for column, (text, left) in list(self._spans.items()):
            cells += [""] * (column + 1 - len(cells))
            cells[column] = cells[column] or text
            self._spans[column] = text, left - times
            if left <= times:
                del self._spans[column]
        filled = min(times, self._limits.rows + 1) if any(cells) else 0
        self._done += [(self._number + at, cells) for at in range(1, filled + 1)]
        if filled and self._row.get("table:visibility") in ("collapse", "filter"):
            for at in range(1, filled + 1):
                self._notes.note_hidden(self._number + at)
        self._number += times


def _count(about: dict[str, str], name: str) -> int:
    text = about.get(name, "1")
    return int(text) if text.isdecimal() and 0 < len(text) < 9 and int(text) else 1
