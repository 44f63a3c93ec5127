"""Where in a sheet the table is: its headings and its data rows, without titles, totals and repeats."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from crm.base.text import fold, words
from crm.imports.columns.mapping import recognised
from crm.imports.reading.formats.headers import find_headings

_TOTAL = re.compile(
    r"(sub|eind|grand )?(totaal|total|totals|totalen|aantal|som|sum|count|gemiddelde|average)\b[^a-z]*"
    r"((van|of) )?(the )?(aantal|relaties|contacten|contacts|rijen|rows|records|personen|regels)?[^a-z]*"
)
# "12 deelnemers", "Aantal deelnemers: 12".
_COUNT = re.compile(
    r"(sub|eind|grand )?(totaal|total|totals|totalen|aantal|number of|count|som"
    r"|sum)\b[a-z ]*[:=]? *\d+[^a-z]*"
    r"|(totaal:? |total:? )?\d+ (personen|deelnemers|relaties|contact\w*|leden|rijen|rows|records"
    r"|namen|people|members"
    r"|persons|participants|regels|organisaties|genodigden|aanmeldingen|inschrijvingen|results|resultaten)\b[^a-z]*"
)
_FOOTNOTE = re.compile(
    r"(bron|source|legenda|toelichting|bijgewerkt|laatst bijgewerkt|last updated|pagina|page|einde"
    r"|end of|let op"
    r"|peildatum|afgedrukt|geprint|printed|uitgedraaid|gegenereerd|generated|geexporteerd|exported|vertrouwelijk"
    r"|confidential|disclaimer|copyright|noot|voetnoot)\b.*"
    r"|(stand|datum|date|versie|version|export|uitdraai|blad|n\.?b\.?|opgesteld|gemaakt op|created"
    r"|legend)\b.*[\d:].*"
    r"|[*©†].*"
)
_WORD = re.compile(r"[^\W_]")
# Without one of these in it a row of several cells is no total.
_HINT = re.compile(r"tot[aá]|aantal|som\b|sum\b|count|gemiddeld|average", re.IGNORECASE)
_NUMBER = re.compile(r"[\d.,\s%€=-]+")
# A table with so many headings that mean something is a list of people or organisations.
_LIST = 2


@dataclass(frozen=True)
class Part:
    """The table on one sheet: its headings, how many rows stand above them, where the data begins.

    `guessed` says that nothing tells the headings from the data.
    """

    sheet: str
    headings: list[str]
    above: int
    after: int
    guessed: bool = False

    @cached_property
    def known(self) -> int:
        """How many of the headings mean something."""
        return recognised(self.headings)

    def is_decoration(self, cells: list[str]) -> bool:
        """A total, a footnote, a ruler of dashes, or the headings once more on the next page.

        In a table of figures a total is a row like the others.
        """
        if self.headings and _is_repeat(cells, self.headings):
            return True
        return self.known >= _LIST and _is_nobody(cells)

    def order_from(self, other: "Part") -> list[int] | None:
        """For each column of `other` the column here with the same heading; None when the headings differ."""
        if self.headings == other.headings:
            return list(range(len(self.headings)))
        mine, theirs = [fold(text) for text in self.headings], [fold(text) for text in other.headings]
        while mine and not mine[-1]:
            mine.pop()
        if not all(mine) or len(set(mine)) < len(mine) or sorted(mine) != sorted(filter(None, theirs)):
            return None
        return [mine.index(text) for text in theirs if text]


def find_part(sheet: str, rows: Sequence[tuple[int, list[str]]]) -> Part:
    """The table on a sheet that begins with `rows`; a reader that knows its headings calls them row 0."""
    if rows and rows[0][0] == 0:
        return Part(sheet, rows[0][1], 0, 1)
    found = find_headings(rows, recognised, merging=bool(sheet))
    return Part(sheet, found.cells, found.first, found.after, found.guessed)


def _is_repeat(cells: list[str], headings: list[str]) -> bool:
    if len(cells) > len(headings) or _plain(cells[:1]) != headings[:1]:
        return False
    texts = _plain(cells)
    return texts + [""] * (len(headings) - len(texts)) == headings


def _plain(cells: list[str]) -> list[str]:
    return [" ".join(cell.split()) for cell in cells]


def _is_nobody(cells: list[str]) -> bool:
    """Whether a row of a list is about nobody; most rows are passed after one look."""
    whole = "\n".join(cells)
    if "@" in whole:
        return False
    filled = [cell for cell in cells if cell.strip()]
    if len(filled) > 1 and _WORD.search(whole) and not _HINT.search(whole):
        return False
    filled = [fold(cell) for cell in filled]
    if not any(words(cell) for cell in filled):
        return True
    alone = len(filled) == 1 and (_FOOTNOTE.fullmatch(filled[0]) or _COUNT.fullmatch(filled[0]))
    return bool(alone) or _is_total(filled)


def _is_total(filled: list[str]) -> bool:
    totals = [cell for cell in filled if _TOTAL.fullmatch(cell)]
    return bool(totals) and all(cell in totals or _NUMBER.fullmatch(cell) for cell in filled)
