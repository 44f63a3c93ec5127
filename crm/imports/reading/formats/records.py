"""The records of delimited text, one by one, each with the line on which it begins.

Most records are what the standard says. The others are read as a person would: with the width of the table in
mind, the one reading of the quotes that gives as many cells as there are columns.
"""

import csv
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

# A quoted cell may hold line breaks; a quote that is never closed must not swallow the rest of the file.
_MOST_LINES = 500
_SALVAGED_LINES = 10
_LONGEST_SALVAGE = 100_000
_MOST_QUOTES = 1000
# A quote after a backslash, by the quote that is used.
csv.field_size_limit(1 << 24)  # the limits on cells are checked elsewhere, in words
_ESCAPED = {quote: re.compile(rf"(?<!\\)((?:\\\\)*)\\({quote})") for quote in ('"', "'")}


@dataclass(frozen=True)
class Dialect:
    """`delimiter` is "" where a line is one cell; `quote` is "" where quotes mean nothing."""

    delimiter: str = ","
    quote: str = '"'
    skip_space: bool = False


class Records:
    """Iterates over (line number, cells).

    `broken` counts the records that break the standard, `cut_off` says that one wanted more than there is.
    """

    def __init__(self, lines: Iterator[str], dialect: Dialect, width: int = 0, line: int = 0) -> None:
        self.broken = 0
        self.cut_off = False
        self._source = lines
        self._ahead: deque[str] = deque()
        self._dialect = dialect
        self._width = width
        self._line = line

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        while lines := self._take():
            number = self._line + 1
            cells, used = self._record(lines)
            self._ahead.extendleft(reversed(lines[used:]))
            self._line += used
            yield number, cells

    def _next(self) -> str:
        return self._ahead.popleft() if self._ahead else next(self._source, "")

    def _take(self) -> list[str]:
        line = self._next()
        return [line] if line else []

    def _record(self, lines: list[str]) -> tuple[list[str], int]:
        """(cells, how many of `lines` they take); `lines` grows by what had to be looked at."""
        first = lines[0]
        dialect = self._dialect
        if not dialect.delimiter:
            return [_whole(first, dialect.quote)], 1
        if not dialect.quote or dialect.quote not in first:
            return self._plain(first), 1
        found = self._strict(lines)
        if found and (found[1] == 1 or not self._width or len(found[0]) == self._width):
            return found
        return self._repaired(lines, found)

    def _plain(self, line: str) -> list[str]:
        cells = line.rstrip("\r\n").split(self._dialect.delimiter)
        return [cell.lstrip(" ") for cell in cells] if self._dialect.skip_space else cells

    def _strict(self, lines: list[str], *, escaped: bool = False) -> tuple[list[str], int] | None:
        """The record as the standard reads it, taking further lines as quotes ask for; None when broken."""
        dialect = self._dialect
        reader = csv.reader(
            self._feed(lines, escaped),
            delimiter=dialect.delimiter,
            quotechar=dialect.quote,
            skipinitialspace=dialect.skip_space,
            strict=True,
        )
        try:
            return next(reader, []), reader.line_num
        except csv.Error:
            return None

    def _feed(self, lines: list[str], escaped: bool) -> Iterator[str]:
        for at in range(_MOST_LINES):
            if at == len(lines):
                lines.extend(self._take())
            if at == len(lines):
                self.cut_off = True
                return
            yield _ESCAPED[self._dialect.quote].sub(r"\1\2\2", lines[at]) if escaped else lines[at]

    def _repaired(self, lines: list[str], found: tuple[list[str], int] | None) -> tuple[list[str], int]:
        self.broken += 1
        if _ESCAPED[self._dialect.quote].search(lines[0]):
            again = self._strict(lines, escaped=True)
            if again and (not self._width or len(again[0]) == self._width):
                return again
        for used in range(1, min(len(lines), _SALVAGED_LINES) + 1):
            text = "".join(lines[:used]).rstrip("\r\n")
            if cells := salvage(text, self._dialect, self._width):
                return cells, used
        return found or (self._plain(lines[0]), 1)


def _whole(line: str, quote: str) -> str:
    text = line.rstrip("\r\n")
    if quote and len(text) > 1 and text[0] == text[-1] == quote:
        return text[1:-1].replace(quote * 2, quote)
    return text


def salvage(text: str, dialect: Dialect, width: int) -> list[str] | None:
    """The reading of a broken record that has exactly `width` cells, None when there is none."""
    if width < 2 or len(text) > _LONGEST_SALVAGE or text.count(dialect.quote) > _MOST_QUOTES:
        return None
    return _Salvage(text, dialect).cells(width)


class _Salvage:
    """Tries, from left to right, each place where a cell may end; it remembers what led nowhere."""

    def __init__(self, text: str, dialect: Dialect) -> None:
        self._text = text
        self._dialect = dialect
        quote, delimiter = re.escape(dialect.quote), re.escape(dialect.delimiter)
        self._closing = [found.start() for found in re.finditer(rf"{quote}(?=\s*(?:{delimiter}|\Z))", text)]
        self._hopeless: set[tuple[int, int]] = set()

    def cells(self, width: int) -> list[str] | None:
        """An iterative search: a record may have more cells than Python's stack is deep."""
        chosen: list[tuple[str, int]] = []
        trail = [self._options(0)]
        while trail:
            step = next(trail[-1], None)
            if step is None:
                trail.pop()
                if chosen:
                    self._hopeless.add((chosen.pop()[1], width - len(chosen)))
                continue
            cell, after = step
            left = width - len(chosen) - 1
            if after > len(self._text):
                if left == 0:
                    return [one for one, _ in chosen] + [cell]
            elif left > 0 and (after, left + 1) not in self._hopeless:
                chosen.append(step)
                trail.append(self._options(after))
        return None

    def _options(self, at: int) -> Iterator[tuple[str, int]]:
        """(cell, where the next one begins) for each way to read the cell at `at`, the likeliest first."""
        text, quote, delimiter = self._text, self._dialect.quote, self._dialect.delimiter
        start = at
        while self._dialect.skip_space and text[start : start + 1] == " ":
            start += 1
        if text[start : start + 1] == quote:
            closings = [close for close in self._closing if close > start]
            sound = [close for close in closings if _is_sound(text[start + 1 : close], quote)]
            for close in dict.fromkeys([*sound[:1], *closings]):
                end = text.find(delimiter, close)
                inner = text[start + 1 : close].replace(quote * 2, quote)
                yield inner, (len(text) if end < 0 else end) + 1
        end = text.find(delimiter, start)
        end = len(text) if end < 0 else end
        if "\n" not in text[start:end]:
            yield text[start:end], end + 1


def _is_sound(inner: str, quote: str) -> bool:
    return quote not in inner.replace(quote * 2, "")
