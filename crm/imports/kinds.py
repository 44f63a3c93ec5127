"""What the rows of a spreadsheet can be: one kind each, registered by its noun in its file spreadsheets.py.

It imports nothing of the import itself, since everything there asks it; so its functions are typed loosely.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model
from django.utils.functional import Promise

from crm.base.said import Said

Label = Promise | str


class Planner(ABC):
    """Decides what each row does; see RowPlanner of planning/plans.py for what it is given."""

    @abstractmethod
    def plan(self, piece: Sequence[Any]) -> None:
        """Fill in what each (PlannedRow, RowReading) does and why."""

    @abstractmethod
    def resume(self, rows: Sequence[Any]) -> None:
        """Remember these PlannedRows, in file order, as if they had been planned here."""

    def remarks(self) -> list[Said]:
        """What is to be said of the file when all its rows are planned."""
        return []


@dataclass(frozen=True)
class Thing:
    """What a row is about when that is neither a contact nor an organisation: its words, its page ("" for
    none), (label, text) of what else a new row says, and (label, old, new) of what it changes.
    """

    words: str
    page: str = ""
    facts: Sequence[tuple[str, str]] = ()
    changes: Sequence[tuple[str, str, str]] = ()


def _as_it_is(_field: str, value: Any) -> str:
    return str(value)


def thing_of(
    words: str,
    page: str,
    labels: Mapping[str, Label],
    row: Any,
    *,
    in_words: Callable[[str, Any], str] = _as_it_is,
) -> Thing:
    """What an ImportRow says of the fields in `labels`, and what it changes of them."""
    facts = [(str(label), in_words(name, row.values.get(name, ""))) for name, label in labels.items()]
    changes = [
        (str(labels[name]), in_words(name, old), in_words(name, new))
        for name, (old, new) in row.changes.items()
    ]
    return Thing(words, page, [fact for fact in facts if fact[1]], changes)


def _nothing(_rows: Any) -> Mapping[int, Thing]:
    return {}


def _names_nothing(_heading: str) -> str:
    return ""


@dataclass(frozen=True)
class RowKind:
    """`name` is what a batch keeps. Of a list whose kind nobody said, the first one is taken, by `place`,
    which claims the mapping that `map_columns(headings, sample)` made.

    `fields` are the labels of fields that no other kind has; of those in `once` one column is enough, and
    a column whose field is not in `reads` is not used. `lacks` says what a mapping has too little of.
    `planner(layout, sample, earlier)` gives a Planner and what makes a RowReading of a SheetRow. `blank` are
    the values of an empty row. `brings` is the model of which a new row gets a number while it is planned,
    and where the row keeps that. `write(batch, rows, first, last)` applies those positions of `rows`;
    `undo(batch, rows)` takes rows back and notes on each what is kept. The caller owns the transaction.
    """

    name: str
    label: Label
    place: int
    map_columns: Callable[[Sequence[str], Sequence[Sequence[str]]], Any]
    claims: Callable[[Any], bool]
    lacks: Callable[[Any], Said | None]
    reads: frozenset[str]
    planner: Callable[[Any, Any, Any], tuple[Planner, Callable[[Any], Any]]]
    blank: Callable[[], dict[str, Any]]
    write: Callable[[Any, Any, int, int], None]
    undo: Callable[[Any, Any], None]
    fields: Mapping[str, Label] = field(default_factory=dict)
    once: frozenset[str] = frozenset()
    # What a heading means that no list of people has.
    field_of: Callable[[str], str] = _names_nothing
    brings: tuple[type[Model], str] | None = None
    # Whether somebody has to say which O they are when no column does.
    needs_sector: bool = False
    # Whether a row can be a heading of those below it.
    has_sections: bool = False
    # What rows are about, by their position.
    things: Callable[[Any], Mapping[int, Thing]] = _nothing


KINDS: dict[str, RowKind] = {}


def register(kind: RowKind) -> None:
    KINDS[kind.name] = kind


def kind_choices() -> list[tuple[str, Label]]:
    return [(kind.name, kind.label) for kind in _in_order()]


def claiming(headings: Sequence[str], sample: Sequence[Sequence[str]]) -> str:
    """The kind of a list of which nobody said it; the last one takes what no other claims."""
    order = _in_order()
    found = (kind.name for kind in order if kind.claims(kind.map_columns(headings, sample)))
    return next(found, order[-1].name)


def field_named(heading: str) -> str:
    """The field of some registered kind that this heading means, "" for none."""
    return next((found for kind in KINDS.values() if (found := kind.field_of(heading))), "")


def _in_order() -> list[RowKind]:
    return sorted(KINDS.values(), key=lambda kind: kind.place)
