"""What a reader noticed in a workbook that its rows do not show."""

from dataclasses import dataclass, field

# So many are named; a person looks at a few and knows enough.
_MOST = 20


@dataclass
class Notes:
    """Rows that were hidden, and cells with a formula of which no result is stored, by their places."""

    hidden: list[str] = field(default_factory=list)
    unsolved: list[str] = field(default_factory=list)

    def clear(self) -> None:
        """Forget what was noticed in the beginning of a sheet that is now read as a whole."""
        self.hidden.clear()
        self.unsolved.clear()

    def note_hidden(self, row: int) -> None:
        _note(self.hidden, str(row))

    def note_unsolved(self, cell: str) -> None:
        _note(self.unsolved, cell)


def _note(places: list[str], place: str) -> None:
    if len(places) < _MOST:
        places.append(place)
    elif len(places) == _MOST:
        places.append("…")
