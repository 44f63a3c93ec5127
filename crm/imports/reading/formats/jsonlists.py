"""A list of records in JSON as a table: one row per record, one column per name that occurs in any of them.

The list stands by itself, or is the first list in an object, as in what Kwartet exports. Numbers stay as they
are written. A name that a record holds twice is two columns, as a heading that stands there twice would be.
"""

import re
from collections import Counter
from collections.abc import Iterator
from json import JSONDecoder
from pathlib import Path
from typing import Any, TextIO

from crm.imports.reading.formats.encodings import open_text
from crm.imports.reading.formats.limits import Limits, Refused, Row, cell_name

_BLOCK = 1 << 16
_BLANK = re.compile(r"[ \t\r\n]*")
# Half of a sign beyond the first 65,536, which no database takes.
_LONE = re.compile("[\ud800-\udfff]")
# Which column holds a name, by how often it occurred before in the same record.
Columns = dict[tuple[str, int], int]


class _Record(list[tuple[str, Any]]):
    """An object as its pairs, so that none is lost."""


_DECODER = JSONDecoder(object_pairs_hook=_Record, parse_int=str, parse_float=str, parse_constant=str)


def rows(path: Path, limits: Limits) -> Iterator[Row]:
    """The names as headings, then each record with its place in the list; Refused when there is no list."""
    columns = _columns(path, limits)
    yield 0, [name for name, _earlier in columns]
    for number, record in _records(path, limits):
        cells = [""] * len(columns)
        for key, value in _numbered(record):
            cells[columns[key]] = _cell(value, number)
        yield number, cells


def _columns(path: Path, limits: Limits) -> Columns:
    """All names, in the order in which they occur; what is too much is refused here already."""
    columns: Columns = {}
    for number, record in _records(path, limits):
        for key, _value in _numbered(record):
            columns.setdefault(key, len(columns))
            if len(columns) > limits.columns:
                raise Refused("columns", cell_name(number, len(columns)))
        if number >= limits.rows:  # the headings are a row
            raise Refused("rows")
    return columns


def _numbered(record: _Record) -> Iterator[tuple[tuple[str, int], Any]]:
    seen: Counter[str] = Counter()
    for name, value in record:
        yield (name, seen[name]), value
        seen[name] += 1


def _cell(value: Any, number: int) -> str:
    if isinstance(value, str):
        return _LONE.sub("\ufffd", value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, _Record) or any(isinstance(one, list) for one in value):
        raise Refused("no list", str(number))
    return "; ".join(_cell(one, number) for one in value)


def _records(path: Path, limits: Limits) -> Iterator[tuple[int, _Record]]:
    """The records one by one, the first is number 1."""
    with open_text(path) as text:
        source = _Source(text, limits.record_characters)
        _enter_list(source)
        number = 0
        while source.sign() == "{":
            number += 1
            yield number, source.value()
            if source.sign() != ",":
                break
            source.skip(",")
        if source.sign() not in ("]", ""):
            raise Refused("no list", str(number + 1))
        source.skip("]")


def _enter_list(source: "_Source") -> None:
    """To the first record of the list."""
    if source.sign() == "{":
        source.skip("{")
        while source.sign() == '"':
            source.value()
            source.skip(":")
            if source.sign() == "[":
                break
            source.value()
            if source.sign() != ",":
                break
            source.skip(",")
    if source.sign() != "[":
        raise Refused("no list", "1")
    source.skip("[")


class _Source:
    """The text of a file from some place on; what lies before that is forgotten."""

    def __init__(self, text: TextIO, longest: int) -> None:
        self._text = text
        self._longest = longest
        self._ahead = ""
        self._at = 0
        self._complete = False

    def sign(self) -> str:
        """The next character that is not blank, which stays the next one; "" at the end."""
        while True:
            found = _BLANK.match(self._ahead, self._at)
            self._at = found.end() if found else self._at
            if self._at < len(self._ahead) or self._complete:
                return self._ahead[self._at : self._at + 1]
            self._read_on()

    def skip(self, sign: str) -> None:
        """Pass this character, which must stand here."""
        if self.sign() != sign:
            raise Refused("damaged")
        self._at += 1

    def value(self) -> Any:
        """The value that begins here, once it is there as a whole; then pass it."""
        while True:
            try:
                value, end = _DECODER.raw_decode(self._ahead, self._at)
            except RecursionError:
                raise Refused("no list", "1") from None
            except ValueError:
                end = len(self._ahead)
                if self._complete:
                    raise Refused("damaged") from None
            if end < len(self._ahead) or self._complete:
                self._at = end
                return value
            self._read_on()

    def _read_on(self) -> None:
        """Twice as much each time, so that a long value is not begun anew too often."""
        left = len(self._ahead) - self._at
        if left > self._longest:
            raise Refused("record")
        size = max(_BLOCK, left)
        block = self._text.read(size)
        self._ahead, self._at = self._ahead[self._at :] + block, 0
        self._complete = len(block) < size
