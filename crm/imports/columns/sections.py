"""Rows that hold nothing but the name of an organisation, which is that of the people below them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from crm.base.text import fold
from crm.exchange.cleaning import plain_cell
from crm.imports.columns.mapping import PERSON_FIELDS, Mapping
from crm.imports.reading.sheets import SheetRow

_ORGANISATION = re.compile(
    r".*\b(?:b\.?v\.?|n\.?v\.?|v\.?o\.?f\.?|gmbh|ltd|inc|llc|stichting|vereniging|cooperatie|gemeente|provincie"
    r"|ministerie|waterschap|hoogheemraadschap|roc|bank|groep|group|holding|foundation|university|college|museum"
    r"|bibliotheek|ziekenhuis|kamer van|\w*(?:universiteit|school|instituut|institute|bedrijf|bureau|academie"
    r"|centrum|dienst|regio))(?:\b|$).*"
)
# In a list of so few columns a name may well stand alone.
_FEWEST_COLUMNS = 3


@dataclass(frozen=True)
class Section:
    """The organisation of the rows below row `number`."""

    name: str
    number: int


class Sections:
    """Which rows of a table are such headings; where the first row is one, every row with one cell is."""

    def __init__(self, mapping: Mapping, sample: Sequence[Sequence[str]]) -> None:
        self.count = 0
        wide = sum(map(bool, mapping.fields)) >= _FEWEST_COLUMNS
        names = ("organisation",) if mapping.has("organisation") else PERSON_FIELDS
        self._places = {at for name in names for at in mapping.columns_of(name)} if wide else set()
        self._everywhere = self._are_everywhere([self._alone(cells) for cells in sample])

    def attached(self, rows: Iterator[SheetRow]) -> Iterator[tuple[SheetRow, Section | None]]:
        """The rows of people, each with the organisation that stands above it."""
        section, sheet = None, ""
        for row in rows:
            if row.sheet != sheet:
                section, sheet = None, row.sheet
            name = self._alone(row.cells)
            if name and (self._everywhere or _ORGANISATION.fullmatch(fold(name))):
                section = Section(name, row.number)
                self.count += 1
                continue
            yield row, section

    def _are_everywhere(self, alone: Sequence[str]) -> bool:
        """Whether the table begins with such a heading: no person by its form, or the first of several."""
        if not alone or not alone[0] or all(alone):
            return False
        adjacent = any(first and second for first, second in pairwise(alone))
        several = sum(map(bool, alone)) > 1 and not alone[-1] and not adjacent
        return several or " " not in alone[0] or bool(_ORGANISATION.fullmatch(fold(alone[0])))

    def _alone(self, cells: Sequence[str]) -> str:
        """What stands alone in a row, in a column in which names of organisations can stand."""
        filled = [at for at, cell in enumerate(cells) if cell.strip()]
        return plain_cell(cells[filled[0]]) if len(filled) == 1 and filled[0] in self._places else ""
