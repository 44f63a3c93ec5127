"""Where in a sheet the table is: its heading row and its data rows, without titles, totals and repeats."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from crm.imports.mapping import Mapping, map_columns, recognised
from crm.imports.sheets import ReadingError, Sheet, SheetRow
from crm.text import fold, words

# Above the headings stand a title, a date, a logo's text; never a page full.
_HIGHEST_HEADING = 40
_TOTAL = re.compile(
    r"(sub|eind|grand )?(totaal|total|totals|totalen|aantal|som|sum|count|gemiddelde|average)\b[^a-z]*"
    r"((van|of) )?(the )?(aantal|relaties|contacten|contacts|rijen|rows|records|personen|regels)?[^a-z]*"
)
_FOOTNOTE = re.compile(
    r"(bron|source|legenda|toelichting|bijgewerkt|laatst bijgewerkt|pagina|page|einde|let op)\b.*"
)
_NUMBER = re.compile(r"[\d.,\s%€=-]+")


@dataclass(frozen=True)
class Table:
    """Its rows come from one sheet, or from several with the same headings."""

    sheets: list[str]
    mapping: Mapping
    rows: list[SheetRow]


@dataclass(frozen=True)
class _Part:
    sheet: str
    headings: list[str]
    rows: list[SheetRow]


def find_table(sheets: Sequence[Sheet]) -> Table:
    """The table with the most headings that mean something, on every sheet that has those headings.

    ReadingError when no sheet has any.
    """
    parts = [part for sheet in sheets if (part := _part_in(sheet))]
    if not parts:
        raise ReadingError(
            _("No row with column headings was found: a heading like “Name” or “Organisation” is needed.")
        )
    best = max(parts, key=lambda part: recognised(part.headings))
    alike = [part for part in parts if part.headings == best.headings]
    rows = [row for part in alike for row in part.rows]
    return Table(
        [part.sheet for part in alike], map_columns(best.headings, [row.cells for row in rows]), rows
    )


def _part_in(sheet: Sheet) -> _Part | None:
    top = sheet.rows[:_HIGHEST_HEADING]
    scores = [recognised(row.cells) for row in top]
    if not scores or not max(scores):
        return None
    at = scores.index(max(scores))
    headings = [" ".join(cell.split()) for cell in top[at].cells]
    rows = [row for row in sheet.rows[at + 1 :] if not _is_decoration(row.cells, headings)]
    return _Part(sheet.name, headings, rows)


def _is_decoration(cells: list[str], headings: list[str]) -> bool:
    """A total, a footnote, a ruler of dashes, or the headings once more on the next page."""
    filled = [fold(cell) for cell in cells if cell.strip()]
    if not any(words(cell) for cell in filled) or [" ".join(cell.split()) for cell in cells] == headings:
        return True
    if len(filled) == 1 and _FOOTNOTE.fullmatch(filled[0]):
        return True
    totals = [cell for cell in filled if _TOTAL.fullmatch(cell)]
    return bool(totals) and all(cell in totals or _NUMBER.fullmatch(cell) for cell in filled)
