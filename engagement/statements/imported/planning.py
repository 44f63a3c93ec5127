"""What each row of a list of statements will do."""

from collections import Counter
from collections.abc import Iterable, Sequence

from crm.base.said import Said
from crm.base.text import fold
from crm.imports.columns.rows import RowReading
from crm.imports.kinds import Planner
from crm.imports.models import ImportRow
from crm.imports.planning.planned import PlannedRow
from engagement.codes.models import Code
from engagement.statements.imported.columns import Values
from engagement.statements.models import Statement
from engagement.statements.said import NEW_CODES, NO_TEXT, OTHER_WORDS, SAME_STATEMENT

Action = ImportRow.Action
# What a statement is known by when it comes in once more: its code elsewhere and its words; without such a
# code its words and where it comes from.
Identity = tuple[str, str, str]


def identity(external_id: str, passage: str, wording: str, origin: str) -> Identity:
    return (external_id, passage, "") if external_id else ("", passage or wording, origin)


def of_row(values: Values) -> Identity:
    return identity(values["external_id"], values["passage"], values["wording"], values["origin"])


class StatementPlanner(Planner):
    """Decides row after row. Without a code elsewhere the same words may have been said by several people: of
    three such rows two are known when two such statements are there.
    """

    def __init__(self) -> None:
        self._there: Counter[Identity] = Counter()
        self._ids: set[str] = set()
        # What was looked up already, by code elsewhere or by words.
        self._asked: set[tuple[str, str]] = set()
        # The first row with each code elsewhere and its words.
        self._rows: dict[Identity, PlannedRow] = {}
        self._codes = set(Code.objects.in_use().values_list("key", flat=True))
        self._new_codes: dict[str, str] = {}

    def plan(self, piece: Sequence[tuple[PlannedRow, RowReading]]) -> None:
        self._look_up(row.values for row, _reading in piece)
        for row, reading in piece:
            self._decide(row, reading.nobody)

    def resume(self, rows: Sequence[PlannedRow]) -> None:
        self._look_up(row.values for row in rows)
        for row in rows:
            self._decide(row, [Said("", {})] if row.action == Action.REFUSED else [])

    def remarks(self) -> list[Said]:
        return [NEW_CODES(names=list(self._new_codes.values()))] if self._new_codes else []

    def _look_up(self, every: Iterable[Values]) -> None:
        """The statements of the database that rows of this piece can be."""
        keys = [("id", one["external_id"]) if one["external_id"] else ("words", _words(one)) for one in every]
        fresh = set(keys) - self._asked
        self._asked |= fresh
        ids = [text for kind, text in fresh if kind == "id"]
        texts = [text for kind, text in fresh if kind == "words"]
        with_id = Statement.objects.filter(external_id__in=ids)
        without = Statement.objects.filter(external_id="")
        for found in (
            with_id,
            without.filter(passage__in=texts),
            without.filter(passage="", wording__in=texts),
        ):
            for one in found.order_by().values_list("external_id", "passage", "wording", "origin"):
                self._there[identity(*one)] += 1
                self._ids.add(one[0])

    def _decide(self, row: PlannedRow, why_not: Sequence[Said]) -> None:
        values = row.values
        key = of_row(values)
        if not _words(values):
            row.refuse(NO_TEXT())
        elif why_not:
            row.refuse(*why_not)
        elif self._there[key]:
            row.action = Action.SAME
            self._there[key] -= not values["external_id"]
        elif values["external_id"] and key in self._rows:
            row.action, row.repeats = Action.REPEATED, self._rows[key]
            row.reason = [SAME_STATEMENT(**row.repeats.place())]
        else:
            self._new(row, key)

    def _new(self, row: PlannedRow, key: Identity) -> None:
        row.action, self._rows[key] = Action.NEW, row
        if row.values["external_id"] in self._ids - {""}:
            row.reason = [OTHER_WORDS(code=row.values["external_id"])]
        for name in row.values["codes"]:
            if fold(name) not in self._codes:
                self._new_codes.setdefault(fold(name), name)


def _words(values: Values) -> str:
    return str(values["passage"] or values["wording"])
