"""Workbooks of Excel (XLSX, XLSM), read as a stream: a row is gone once it is handed on.

Nothing is believed of what a sheet says about its own size, and a cell far away costs no more than itself.
"""

import re
from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass, field

from crm.imports.reading.formats.archives import Archive
from crm.imports.reading.formats.limits import Limits, Refused, Row, cell_name
from crm.imports.reading.formats.notes import Notes
from crm.imports.reading.formats.numberformats import built_in, plain, shown
from crm.imports.reading.formats.xmlstream import feed, local, new_parser, parse

_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
_ESCAPE = re.compile(r"_x(00[01][0-9A-Fa-f]|005F)_")
_MOST_MERGES = 20_000
_MOST_STYLES = 70_000
# First and last row, first and last column.
Area = tuple[int, int, int, int]


@dataclass
class Styles:
    """Per style of a cell the number format; `dates_1904` when days are counted as on the old Macintosh."""

    codes: list[str] = field(default_factory=list)
    dates_1904: bool = False

    def text(self, value: str, style: str) -> str:
        """What a person sees of a stored number."""
        try:
            number = float(value)
            code = self.codes[int(style)] if style else "General"
        except (ValueError, IndexError):
            return value
        if code == "General":
            return value if value.isdigit() else plain(number)
        return shown(number, code, epoch_1904=self.dates_1904)


class Book:
    """An opened workbook; `sheets` are the names of the visible sheets, in their order."""

    def __init__(self, archive: Archive, limits: Limits) -> None:
        self._archive = archive
        self._limits = limits
        self.notes = Notes()
        root = self._relations("_rels/.rels", "")
        path = next((target for kind, target in root.values() if kind == "officeDocument"), "xl/workbook.xml")
        folder = path.rpartition("/")[0]
        relations = self._relations(f"{folder}/_rels/{path.rpartition('/')[2]}.rels", folder)
        self._styles = Styles()
        self._areas: dict[str, list[Area]] = {}
        self._paths = self._read_workbook(path, relations)
        by_kind = dict(relations.values())
        self._read_styles(by_kind.get("styles", ""))
        self._strings = self._read_strings(by_kind.get("sharedStrings", ""))

    @property
    def sheets(self) -> list[str]:
        return list(self._paths)

    def rows(self, sheet: str) -> Iterator[Row]:
        path = self._paths[sheet]
        if path not in self._areas:
            self._areas[path] = self._merged(path)
        reader = _SheetReader(self._strings, self._styles, self._limits, self.notes)
        return Merges(self._areas[path]).filled(feed(reader.parser, self._archive.blocks(path), reader.take))

    def _relations(self, path: str, folder: str) -> dict[str, tuple[str, str]]:
        """Per id (kind of relation, path of the part)."""
        found: dict[str, tuple[str, str]] = {}

        def start(name: str, about: dict[str, str]) -> None:
            if name == "Relationship":
                kind = about.get("Type", "").rpartition("/")[2]
                found[about.get("Id", "")] = kind, _resolved(folder, about.get("Target", ""))

        if path in self._archive:
            parse(self._archive.blocks(path), start)
        return found

    def _read_workbook(self, path: str, relations: dict[str, tuple[str, str]]) -> dict[str, str]:
        paths: dict[str, str] = {}

        def start(name: str, about: dict[str, str]) -> None:
            if name == "workbookPr":
                self._styles.dates_1904 = about.get("date1904") in ("1", "true")
            if name == "sheet" and about.get("state", "visible") == "visible":
                kind, target = relations.get(about.get("id", ""), ("", ""))
                if kind == "worksheet" and target in self._archive:
                    paths[about.get("name", "")] = target

        parse(self._archive.blocks(path), start)
        return paths

    def _read_styles(self, path: str) -> None:
        formats: dict[int, str] = {}
        inside = [""]

        def start(name: str, about: dict[str, str]) -> None:
            if name in ("cellXfs", "cellStyleXfs", "dxfs"):
                inside[0] = name
            elif name == "numFmt" and inside[0] != "dxfs":
                formats[_whole(about.get("numFmtId"))] = about.get("formatCode", "General")
            elif name == "xf" and inside[0] == "cellXfs":
                number = _whole(about.get("numFmtId"))
                self._styles.codes.append(formats.get(number) or built_in(number))
                if len(self._styles.codes) > _MOST_STYLES:
                    raise Refused("unpacked")

        if path in self._archive:
            parse(self._archive.blocks(path), start)

    def _read_strings(self, path: str) -> list[str]:
        if path not in self._archive:
            return []
        reader = _StringReader(self._limits)
        strings: list[str] = []
        strings.extend(feed(reader.parser, self._archive.blocks(path), reader.take))
        return strings

    def _merged(self, path: str) -> list[Area]:
        """The merged cells, which stand behind all rows: found by looking through the part beforehand."""
        found: list[tuple[bytes, ...]] = []
        tail = b""
        for block in self._archive.blocks(path):
            text = tail + block
            found += _MERGE.findall(text)
            tail = text[text.rfind(b"<") :][-500:]
            if len(found) > _MOST_MERGES:
                raise Refused("unpacked")
        return [
            (int(top), int(bottom), column_of(left.decode()), column_of(right.decode()))
            for left, top, right, bottom in found
        ]


class Merges:
    """Merged cells: what stands in the first one holds for the rows below it."""

    def __init__(self, areas: list[Area]) -> None:
        self._areas = sorted(area for area in areas if area[1] > area[0])
        self._tops = [area[0] for area in self._areas]
        self._texts: dict[int, str] = {}

    def filled(self, rows: Iterator[Row]) -> Iterator[Row]:
        if not self._areas:
            return rows
        return (self._filled(number, cells) for number, cells in rows)

    def _filled(self, number: int, cells: list[str]) -> Row:
        for at in range(bisect(self._tops, number)):
            top, bottom, column, _right = self._areas[at]
            if number == top:
                self._texts[at] = cells[column] if column < len(cells) else ""
            elif number <= bottom and (text := self._texts.get(at)):
                cells += [""] * (column + 1 - len(cells))
                cells[column] = cells[column] or text
        return number, cells


class _StringReader:
    """The shared strings: runs of formatted text joined, without the reading aids for Japanese."""

    def __init__(self, limits: Limits) -> None:
        self.parser = new_parser()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self._most = limits.cell_characters
        self._done: list[str] = []
        self._parts: list[str] = []
        self._length = 0
        self._phonetic = False

    def take(self) -> list[str]:
        done, self._done = self._done, []
        return done

    def _start(self, name: str, _about: dict[str, str]) -> None:
        name = local(name)
        if name == "si":
            self._parts, self._length = [], 0
        elif name == "rPh":
            self._phonetic = True
        elif name == "t" and not self._phonetic:
            self.parser.CharacterDataHandler = self._text

    def _text(self, text: str) -> None:
        self._length += len(text)
        if self._length > self._most:
            raise Refused("cell")
        self._parts.append(text)

    def _end(self, name: str) -> None:
        name = local(name)
        if name == "t":
            self.parser.CharacterDataHandler = None
        elif name == "rPh":
            self._phonetic = False
        elif name == "si":
            self._done.append(unescaped("".join(self._parts)))


class _SheetReader:
    """Handlers for the events of one sheet; the rows that are complete wait until they are taken."""

    def __init__(self, strings: list[str], styles: Styles, limits: Limits, notes: Notes) -> None:
        self.parser = new_parser()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self._strings = strings
        self._styles = styles
        self._limits = limits
        self._notes = notes
        self._hidden = False
        self._formula = False
        self._done: list[Row] = []
        self._cells: dict[int, str] = {}
        self._row = 0
        self._column = -1
        self._about: dict[str, str] = {}
        self._parts: list[str] = []
        self._columns: dict[str, int] = {}

    def take(self) -> list[Row]:
        done, self._done = self._done, []
        return done

    def _start(self, name: str, about: dict[str, str]) -> None:
        if ":" in name:
            name = local(name)
        if name == "c":
            self._about = about
            self._column = self._place(about.get("r", ""))
            self._parts = []
            self._formula = False
        elif name == "v" or name == "t":
            self.parser.CharacterDataHandler = self._text
        elif name == "f":
            self._formula = True
        elif name == "row":
            self._hidden = about.get("hidden") in ("1", "true")
            self._row = _whole(about.get("r")) or self._row + 1
            self._column = -1

    def _place(self, reference: str) -> int:
        letters = reference.rstrip("0123456789")
        if not letters:
            return self._column + 1
        column = self._columns.get(letters)
        if column is None:
            column = self._columns[letters] = column_of(letters)
        return column

    def _text(self, text: str) -> None:
        self._parts.append(text)
        if len(self._parts) > 1 and sum(map(len, self._parts)) > self._limits.cell_characters:
            raise Refused("cell", str(self._row))

    def _end(self, name: str) -> None:
        if ":" in name:
            name = local(name)
        if name == "v" or name == "t":
            self.parser.CharacterDataHandler = None
        elif name == "c":
            if self._parts:
                self._store()
            elif self._formula and self._about.get("t") != "str":  # a result that is an empty text
                self._notes.note_unsolved(cell_name(self._row, self._column + 1))
        elif name == "row" and self._cells:
            cells = self._cells
            if max(cells) == len(cells) - 1:
                line = [cells[index] for index in range(len(cells))]
            else:
                line = [cells.get(index, "") for index in range(max(cells) + 1)]
            self._done.append((self._row, line))
            self._cells = {}
            if self._hidden:
                self._notes.note_hidden(self._row)

    def _store(self) -> None:
        about, text = self._about, "".join(self._parts)
        kind = about.get("t", "n")
        if kind == "s":
            text = self._shared(text)
        elif kind == "n":
            text = self._styles.text(text, about.get("s", ""))
        elif kind == "b":
            text = "TRUE" if text.strip() in ("1", "true") else "FALSE"
        elif kind == "d":
            text = text.removesuffix("T00:00:00").replace("T", " ")
        else:
            text = unescaped(text)
        if text:
            self._keep(text)

    def _keep(self, text: str) -> None:
        if self._column >= self._limits.columns:
            if not text.strip():
                return
            raise Refused("columns", cell_name(self._row, self._column + 1))
        self._cells[self._column] = text

    def _shared(self, index: str) -> str:
        try:
            return self._strings[int(index)]
        except (ValueError, IndexError):
            raise Refused("damaged") from None


def unescaped(text: str) -> str:
    """Excel writes a control character as _x000D_."""
    if "_x" not in text:
        return text
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text).replace("\r\n", "\n").replace("\r", "\n")


def column_of(letters: str) -> int:
    """0 for "A", 26 for "AA"."""
    number = 0
    for letter in letters[:4]:
        number = number * 26 + ord(letter) % 32
    return number - 1


def _whole(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 10 else 0


def _resolved(folder: str, target: str) -> str:
    """The path of a part, from the folder of the part that names it."""
    if target.startswith("/"):
        return target[1:]
    steps: list[str] = folder.split("/") if folder else []
    for step in target.split("/"):
        if step == "..":
            steps = steps[:-1]
        elif step not in ("", "."):
            steps.append(step)
    return "/".join(steps)
