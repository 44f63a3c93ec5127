"""What the rows above say of a row: the organisation or the O that stands alone, or reaches down to it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from crm.base.text import words
from crm.exchange.cleaning import plain_cell, sector_of
from crm.imports.columns.headings import PERSON_FIELDS
from crm.imports.columns.mapping import Mapping
from crm.imports.columns.people import is_job, is_named_as_organisation
from crm.imports.reading.sheets import SheetRow

_SECTOR = re.compile(
    r"(?:de |het )?(?:(?:onderwijs|onderzoek|kennis)(?:instelling(?:en)?)?|ondernemers?|ondernemingen"
    r"|bedrijf(?:sleven)|bedrijven"
    r"|overheid|overheden|overheidsinstellingen|education|research"
    r"|(?:lokale|regionale|rijks|landelijke) ?overhe(?:id|den)|rijksoverheid|universiteiten"
    r"|hogescholen|scholen"
    r"|gemeenten|provincies|waterschappen|ministeries|mkb|startups|kennispartners|publieke sector"
    r"|private sector"
    r"|public sector|entrepreneurs|business(?:es)?|companies"
    r"|governments?)(?:sector|sinstanties|sorganisaties|spartijen| organisations| institutions)?"
)
# What stands before the name in such a row: its number, or a word for what it is.
_LABEL = re.compile(
    r"^(?:\d{1,2}[.)]|[A-Z][.)]|[-–•*])\s+"
    r"|^(?:(?:naam )?organi[sz]ati(?:e|on)|bedrijf|company|instelling|firma|werkgever|employer|sector"
    r"|groep|doelgroep)\s*:\s*",
    re.IGNORECASE,
)
# What stands behind it: how many rows follow. "Onderzoek (2)", "Overheid - 12", "Ondernemers: 3 leden".
_COUNTED = re.compile(
    r"\s*(?:[(\[]\s*(?:n\s*=\s*|totaal:? )?\d+(?:\s*x|\s[a-z]+)?\s*[)\]]|(?:[-–—:,=|]|\s)\s*\d+\s*"
    r"(?:x|perso(?:on|nen)|mensen|deelnemers?|lid|leden|relaties?|contacten|namen|stuks|people|persons?|members?)"
    r"|[-–—:=|]\s*\d+)$",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")
_BEFORE_A_NAME = {"initials", "titles_before", "form_of_address", "infix", "job_title", "department"}
# In a list of so few columns a name may well stand alone.
_FEWEST_COLUMNS = 3


@dataclass(frozen=True)
class Section:
    """The organisation, else the `sector`, of the rows below row `number`.

    `alone` says that nothing else stands in that row; else it is that of the person in it as well.
    """

    name: str
    number: int
    sector: str = ""
    alone: bool = True


class Sections:
    """Which rows of a table are such headings; where the first row is one, every row with one cell is.

    `count` are the rows that hold nothing but an organisation.
    """

    def __init__(self, mapping: Mapping, sample: Sequence[Sequence[str]]) -> None:
        self.count = 0
        wide = sum(map(bool, mapping.fields)) >= _FEWEST_COLUMNS
        names = ("organisation",) if mapping.has("organisation") else PERSON_FIELDS
        places = {at for name in names for at in mapping.columns_of(name)}
        # Whoever splits names writes such a heading in the first column, whatever part of a name that holds.
        first = next((at for at, name in enumerate(mapping.fields) if name), -1)
        if not mapping.has("organisation") and mapping.fields[first] in _BEFORE_A_NAME:
            places.add(first)
        if _is_numbering([cells[0] for cells in sample if len(cells) > 1 and any(map(str.strip, cells[1:]))]):
            places.add(0)
        self._places = places if wide else set()
        self._organisation = (mapping.columns_of("organisation") or [-1])[0]
        self._wide = wide
        alone = [self._alone(cells) for cells in sample]
        self._everywhere = self._are_everywhere(["" if sector_alone(name) else name for name in alone])
        self._people = {at for name in (*PERSON_FIELDS, "email") for at in mapping.columns_of(name)}
        self._reaches_down = self._reach_down([cells for cells in sample if self._is_of_somebody(cells)])

    def attached(self, rows: Iterator[SheetRow]) -> Iterator[tuple[SheetRow, list[Section]]]:
        """The rows of people, each with what the rows above say of it."""
        organisation: list[Section] = []
        sector: list[Section] = []
        sheet = ""
        for row in rows:
            if row.sheet != sheet:
                organisation, sector, sheet = [], [], row.sheet
            at, text = _only(row.cells)
            found = sector_alone(text) if self._wide else ""
            if found:
                organisation, sector = [], [Section("", row.number, found)]
                continue
            name = self._as_heading(at, text)
            if name and (self._everywhere or is_named_as_organisation(name)):
                organisation = [Section(name, row.number)]
                self.count += 1
                continue
            if self._reaches_down and (own := self._own(row.cells)):
                organisation = [Section(own, row.number, alone=False)]
            yield row, organisation + sector

    def _are_everywhere(self, alone: Sequence[str]) -> bool:
        """Whether the table begins with such a heading: no person by its form, or the first of several."""
        if not alone or not alone[0] or all(alone):
            return False
        adjacent = any(first and second for first, second in pairwise(alone))
        several = sum(map(bool, alone)) > 1 and not alone[-1] and not adjacent
        return several or " " not in alone[0] or is_named_as_organisation(alone[0])

    def _reach_down(self, people: Sequence[Sequence[str]]) -> bool:
        """Whether cells of organisations were merged downwards before the list was saved as text.

        Then each name stands once, at the head of its rows, and at least every second row is without one.
        """
        column = [self._own(cells) for cells in people]
        named = [name for name in column if name]
        if len(named) < 2 or not column[0] or 2 * len(named) > len(column):
            return False
        return len(set(named)) == len(named)

    def _is_of_somebody(self, cells: Sequence[str]) -> bool:
        filled = any(cells[at].strip() for at in self._people if at < len(cells))
        return filled and not self._alone(cells)

    def _own(self, cells: Sequence[str]) -> str:
        return plain_cell(cells[self._organisation]) if 0 <= self._organisation < len(cells) else ""

    def _alone(self, cells: Sequence[str]) -> str:
        return self._as_heading(*_only(cells))

    def _as_heading(self, at: int, text: str) -> str:
        """What stands alone in a row, if in a column in which names of organisations can stand."""
        return text if at in self._places and not is_job(text) else ""


def _is_numbering(column: Sequence[str]) -> bool:
    return bool(column) and all(cell.strip().isdigit() for cell in column if cell.strip())


def _only(cells: Sequence[str]) -> tuple[int, str]:
    filled = [at for at, cell in enumerate(cells) if cell.strip()]
    if len(filled) != 1:
        return -1, ""
    name = _LABEL.sub("", plain_cell(cells[filled[0]]), count=1)
    return filled[0], (_COUNTED.sub("", name) if _DIGIT.search(name) else name).rstrip(" :")


def sector_alone(text: str) -> str:
    """The O that `text` is a word for, "" where it says more: "Overheid", but not "Gemeente Hengelo"."""
    return sector_of(text) if text and _SECTOR.fullmatch(" ".join(words(text))) else ""
