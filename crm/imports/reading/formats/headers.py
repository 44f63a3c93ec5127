"""Where in a sheet the headings are: below titles, above the data, sometimes on several lines.

Two things tell: words that people put above columns, and the difference in form between a heading and what
stands under it ("Year" above 2004, 2005).
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from crm.imports.reading.formats.celltypes import EMPTY, ODD, TEXT, kind_of
from crm.imports.reading.formats.limits import Row

# Above the headings stand a title, a date, a logo's text; never a page full.
HIGHEST = 40
_LOOKED_AT = 100
_MOST_LINES = 5
# A cell of such a form is no heading of a second line; years may be.
_DATA = {"number", "date", "time", "email", "url", "phone", "postcode"}
# "J. Bos", "Jan van den Berg", "dhr.": nobody calls a column so.
_PERSON = re.compile(
    r"(?:[A-Z]\.){1,6} ?(?:[a-z' ]+ )?[A-Z]\S+"
    r"|[A-Z]\S+ (?:van|de|den|der|ten|ter|'t|op|in)(?: [a-z']+)* [A-Z]\S+"
    r"|(?:dhr|mevr|mw|heer|mevrouw|drs|ing|ir)\.?"
)
# Two or three words with capitals, as names are written and some headings.
_CAPITALS = re.compile(r"[A-Z][\w'’-]*[a-z](?: [A-Z][\w'’-]*[a-z]){1,2}")
# A column in which so many cells have the form of the first is one of names.
_MOST = 0.8


@dataclass(frozen=True)
class Headings:
    """`first` and `after` are places in the list of rows: of the first heading line and of the first data.

    `guessed` says that they are as like the data as can be.
    """

    cells: list[str]
    first: int
    after: int
    guessed: bool = False


def find_headings(
    rows: Sequence[Row], recognised: Callable[[list[str]], int], *, merging: bool = False
) -> Headings:
    """The headings of a sheet that begins with `rows`; without headings `cells` is empty.

    `recognised` says how many of the cells of a row are headings with a known meaning, `merging` whether the
    file can have merged cells.
    """
    top = [cells for _number, cells in rows[:_LOOKED_AT]]
    if not top:
        return Headings([], 0, 0)
    known = [recognised(cells) for cells in top[:HIGHEST]]
    start = _first_table_row(rows[:_LOOKED_AT], known)
    kinds = _column_kinds(top[start + 1 :])
    best = known.index(max(known))
    likely = max(known) >= 2 and _is_heading(top[best], _column_kinds(top[best + 1 :]), known[best])
    at = best if likely else start
    if not likely and not _is_heading(top[at], kinds, known[at]):
        return Headings([], at, at)
    if not known[at] and _is_like_data(top[at], top[at + 1 :]):
        return Headings([], at, at)
    found = _block(rows, at, recognised, merging)
    return replace(found, guessed=not known[at] and set(kinds) <= {TEXT, ODD, EMPTY})


def _filled(cells: Sequence[str]) -> int:
    return sum(1 for cell in cells if cell.strip())


def _first_table_row(rows: Sequence[Row], known: Sequence[int]) -> int:
    """The first row that is no title: not one cell alone above rows of several.

    In a list of one column it is the one that means something, below two titles at most.
    """
    filled = [_filled(cells) for _number, cells in rows]
    usual = sorted(filled)[len(filled) * 4 // 5]
    if usual < 2:
        return next((at for at, meaning in enumerate(known[:3]) if meaning), 0)
    limit = min(HIGHEST, len(rows) - 1)
    wide = next((at for at in range(limit) if filled[at] >= 2 and 3 * filled[at] >= usual), 0)
    return wide if _only_titles(rows[:wide]) else 0


def _only_titles(rows: Sequence[Row]) -> bool:
    return all(_filled(cells) <= 2 for _number, cells in rows)


def _column_kinds(rows: Sequence[list[str]]) -> list[str]:
    """Per column the kind that nearly all its filled cells have, TEXT when they differ."""
    width = max(map(len, rows), default=0)
    found = []
    for index in range(width):
        kinds = [kind for row in rows if index < len(row) and (kind := kind_of(row[index])) != EMPTY]
        kinds = [kind for kind in kinds if kind != "nothing"] or kinds
        if len(set(kinds)) > 1:  # years among other numbers are numbers
            kinds = ["number" if kind == "year" else kind for kind in kinds]
        usual = max(set(kinds), key=kinds.count, default=EMPTY)
        found.append(usual if kinds.count(usual) >= 0.8 * len(kinds) else TEXT)
    return found


def _is_heading(cells: list[str], kinds: list[str], known: int) -> bool:
    """Whether `cells` are the headings of columns of these kinds; without any sign they are."""
    here = [kind_of(cell) for cell in cells]
    if "email" in here or "url" in here:
        return False
    pairs = [
        (kind, below) for kind, below in zip(here, kinds, strict=False) if below not in (TEXT, ODD, EMPTY)
    ]
    differing = sum(kind != below for kind, below in pairs if kind != EMPTY)
    alike = sum(kind == below for kind, below in pairs)
    if known:
        return differing >= alike
    numbers = sum(kind in ("number", "date", "time") for kind in here)
    return differing > alike or (alike == 0 and 2 * numbers < len(here))


def _is_like_data(cells: list[str], below: Sequence[list[str]]) -> bool:
    """Whether the first row of a table of words is one of its rows: a name, or a word that comes back."""
    for index, cell in enumerate(map(str.strip, cells)):
        column = [row[index].strip() for row in below if index < len(row) and row != cells]
        filled = [other for other in column if other]
        if cell and (_PERSON.fullmatch(cell) or cell in filled):
            return True
        alike = sum(bool(_CAPITALS.fullmatch(other)) for other in filled)
        if _CAPITALS.fullmatch(cell) and filled and alike >= _MOST * len(filled):
            return True
    return False


def _block(rows: Sequence[Row], at: int, recognised: Callable[[list[str]], int], merging: bool) -> Headings:
    """The heading lines around `at`, joined: a group above its columns, a second line below."""
    first, after = at, at + 1
    while after - first < _MOST_LINES and after < len(rows) - 1:
        below = _column_kinds([cells for _number, cells in rows[after + 1 : after + 30]])
        shared = merging and _shares_merged_cell(rows[after - 1][1], rows[after][1])
        if not shared and not _continues(rows[after - 1], rows[after], below, recognised):
            break
        after += 1
    while first > 0 and after - first < _MOST_LINES and _is_group_line(rows[first - 1], rows[first]):
        first -= 1
    lines = [cells for _number, cells in rows[first:after]]
    return Headings(_joined(lines), first, after)


def _continues(previous: Row, row: Row, below: list[str], recognised: Callable[[list[str]], int]) -> bool:
    """Whether `row` is a further line of headings: it names columns that `above` groups or leaves open."""
    above, cells = previous[1], row[1]
    if row[0] - previous[0] > 1 + sum(cell.count("\n") for cell in above):
        return False  # an empty row lies between
    filled = [index for index, cell in enumerate(cells) if cell.strip()]
    named = [index for index in filled if index < len(above) and above[index].strip()]
    here = [kind_of(cells[index]) for index in filled]
    if any(kind in _DATA for kind in here):
        return False
    pairs = [(kind, below[index]) for kind, index in zip(here, filled, strict=True) if index < len(below)]
    contrast = sum(under not in (TEXT, ODD, EMPTY, kind) for kind, under in pairs)
    grouped = _filled(above) < len(cells) and len(named) < len(filled)
    if grouped and (2 * contrast >= len(pairs) or recognised(cells) >= max(2, min(3, len(filled) // 2))):
        return contrast > 0 or recognised(cells) >= 2
    return 0 < len(filled) <= len(cells) // 3 and contrast == len(pairs) > 0


def _shares_merged_cell(above: list[str], cells: list[str]) -> bool:
    """Whether a heading reaches down into `cells`, which are otherwise other words."""
    pairs = [(high, low) for high, low in zip(above, cells, strict=False) if high.strip() and low.strip()]
    alike = sum(high == low for high, low in pairs)
    plain = all(kind_of(cell) in (EMPTY, TEXT, "yes or no") for cell in cells)
    return plain and 0 < alike < _filled(cells)


def _is_group_line(row: Row, below: Row) -> bool:
    """Groups over several columns: fewer than the headings, more than a title, right above them."""
    if below[0] - row[0] > 1 + sum(cell.count("\n") for cell in row[1]):
        return False
    filled = [index for index, cell in enumerate(row[1]) if cell.strip()]
    if not filled or len(filled) >= _filled(below[1]) or any("@" in cell for cell in row[1]):
        return False
    return filled[0] > 0 or len(filled) >= 2


def _joined(lines: list[list[str]]) -> list[str]:
    """One heading per column: the group (which reaches to the next one) and what stands below it."""
    width = max(map(len, lines))
    joined: list[list[str]] = [[] for _ in range(width)]
    for depth, line in enumerate(lines):
        group, last = "", depth == len(lines) - 1
        for index in range(width):
            own = " ".join(line[index].split()) if index < len(line) else ""
            group = own or group
            under = any(index < len(lower) and lower[index].strip() for lower in lines[depth + 1 :])
            text = own or ("" if last or not under else _reach(group, lines, depth, index))
            if text and text not in joined[index]:
                joined[index].append(text)
    return [" ".join(parts) for parts in joined]


def _reach(group: str, lines: list[list[str]], depth: int, index: int) -> str:
    """`group` where it stands over this column too: nothing higher up begins anew between them."""
    for higher in lines[:depth]:
        if index < len(higher) and higher[index].strip():
            return ""
    return group
