"""What a spreadsheet file holds once it is read, and what can be wrong with it. Knows no Django model."""

from dataclasses import dataclass

from crm.base.said import Said, told


class ReadingError(ValueError):
    """The file cannot be imported. `said` is why; as a text it is in the language of the reader."""

    def __init__(self, said: Said) -> None:
        super().__init__(said)
        self.said = said

    def __str__(self) -> str:
        return told([self.said])


@dataclass(frozen=True, slots=True)
class SheetRow:
    """`number` is the row of the sheet, or the line where the CSV record begins (1 = first).

    `remarks` is what has to be said of it before its cells are read.
    """

    number: int
    cells: list[str]
    sheet: str = ""
    remarks: tuple[Said, ...] = ()
