"""Which delimiter and quote a text file uses: the pair that cuts its first lines into an even table.

Each candidate is tried. What counts: how many records have the usual number of cells, how many cells look
like one thing (a date, an address, plain words) and not like several, and how few quotes are broken.
"""

import re
from collections import Counter
from dataclasses import dataclass

from crm.imports.reading.formats.celltypes import EMPTY, ODD, TEXT, kind_of
from crm.imports.reading.formats.records import Dialect, Records

_WEIGHTS = {";": 1.0, ",": 1.0, "\t": 1.0, "|": 0.95, "^": 0.6, "~": 0.6, "#": 0.3, " ": 0.25, ":": 0.2}
_ONE_COLUMN = 0.25
_MOST_RECORDS = 200
_MOST_CELLS = 3000
_HINT = re.compile(r"sep=(.)\r?\n?", re.IGNORECASE)
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")


@dataclass(frozen=True)
class Found:
    """`width` is the usual number of cells, `hint` whether the first line only names the delimiter."""

    dialect: Dialect
    width: int
    hint: bool = False


def lines_of(text: str) -> list[str]:
    return _LINE.findall(text)


def find_dialect(sample: str, *, whole: bool) -> Found:
    """The dialect of the text that begins with `sample`; `whole` says that nothing follows it."""
    lines = lines_of(sample)
    if not whole and len(lines) > 1:
        lines.pop()  # cut off in the middle
    if lines and (hint := _HINT.fullmatch(lines[0])):
        dialect = Dialect(hint.group(1), '"')
        return Found(dialect, _Trial(lines[1:], dialect, whole).width, hint=True)
    best = max(_trials(lines, whole), key=lambda trial: trial.score, default=None)
    return Found(best.dialect, best.width) if best else Found(Dialect(""), 1)


def _trials(lines: list[str], whole: bool) -> list["_Trial"]:
    text = "".join(lines[:_MOST_RECORDS])
    trials = [_Trial(lines, Dialect("", '"' if '"' in text else ""), whole)]
    for delimiter in _WEIGHTS:
        if delimiter in text:
            trials += [_Trial(lines, dialect, whole) for dialect in _dialects(text, delimiter)]
    return trials


def _dialects(text: str, delimiter: str) -> list[Dialect]:
    """With the usual quote; with the apostrophe where cells begin and end with it."""
    cut = re.escape(delimiter)
    spaced = delimiter != " " and _is_spaced(text, cut)
    found = [Dialect(delimiter, '"', spaced)]
    opening = len(re.findall(rf"(?:^|{cut} ?)'", text, re.MULTILINE))
    closing = len(re.findall(rf"'(?:{cut}|\r|$)", text, re.MULTILINE))
    if min(opening, closing) >= 2 and min(opening, closing) * 2 >= max(opening, closing):
        found.append(Dialect(delimiter, "'", spaced))
    return found


def _is_spaced(text: str, cut: str) -> bool:
    """Whether (almost) every delimiter outside quotes is followed by a space."""
    bare = re.sub(r'"[^"]*"', "", text)
    every = len(re.findall(cut, bare))
    return every > 0 and len(re.findall(rf"{cut}(?: |[\r\n]|\Z)", bare)) >= 0.98 * every and " " in bare


class _Trial:
    """One candidate, tried on the first records."""

    def __init__(self, lines: list[str], dialect: Dialect, whole: bool) -> None:
        self.dialect = dialect
        records = Records(iter(lines), dialect)
        self._rows = []
        for _number, cells in records:
            if records.cut_off and not whole:
                break
            if any(cell.strip() for cell in cells):
                self._rows.append(cells)
            if len(self._rows) >= _MOST_RECORDS:
                break
        self._broken = records.broken
        self.width = self._usual_width()
        self.score = self._score()

    def _usual_width(self) -> int:
        counts = Counter(len(cells) for cells in self._rows)
        return max(counts, key=lambda width: (counts[width] * (width - 0.9), width), default=1)

    def _score(self) -> float:
        if not self._rows:  # nothing but delimiters
            return 1.0 if self.dialect.delimiter else 0.0
        cells = self._cells_like_one() + 0.2
        if not self.dialect.delimiter:
            return _ONE_COLUMN * cells
        if self.width < 2:
            return 0.0
        rows = self._without_titles()
        count = len(rows)
        even = sum(len(row) == self.width for row in rows) / count
        sound = max(1 - self._broken / count, 0.0)
        gain = ((self.width - 1) / self.width) ** 0.5
        return _WEIGHTS[self.dialect.delimiter] * even**2 * gain * cells * (0.5 + sound / 2)

    def _without_titles(self) -> list[list[str]]:
        """The rows from the first wide one on: what stands above a table is not cut as it is.

        A comma in the last of a few lines makes no table of them, unless there are several in it.
        """
        wide = (at for at, row in enumerate(self._rows[:40]) if 2 * len(row) > self.width)
        first = next(wide, 0)
        return self._rows[first:] if 2 * first <= len(self._rows) or self.width >= 4 else self._rows

    def _cells_like_one(self) -> float:
        every = [cell for row in self._rows for cell in row][:_MOST_CELLS]
        worth = {EMPTY: 0.5, TEXT: 0.7, ODD: 0.0}
        return sum(worth.get(kind_of(cell), 1.0) for cell in every) / len(every)
