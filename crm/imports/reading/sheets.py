"""What a spreadsheet file holds once it is read, and what can be wrong with it. Knows no Django model."""

from dataclasses import dataclass, field

# More than any contact list here has; beyond it the file is refused in words, not in memory.
MOST_ROWS = 50_000
MOST_COLUMNS = 300


class ReadingError(ValueError):
    """The file cannot be imported; the message says why, in the language of the reader."""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """`number` is the row of the sheet, or the line where the CSV record begins (1 = first)."""

    number: int
    cells: list[str]
    sheet: str = ""


@dataclass(frozen=True)
class Sheet:
    name: str
    rows: list[SheetRow] = field(default_factory=list)
