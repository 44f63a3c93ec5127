"""What each row of a list of statements will do."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from crm.base.said import Said
from crm.base.text import fold
from crm.imports.columns.rows import RowReading
from crm.imports.kinds import Planner
from crm.imports.models import ImportRow
from crm.imports.planning.planned import PlannedRow
from engagement.codes.models import Code
from engagement.statements.imported.columns import Values, blank
from engagement.statements.models import Statement
from engagement.statements.said import (
    NEW_CODES,
    NO_TEXT,
    OTHER_WORDS,
    SAME_STATEMENT,
    WORDS_KEPT,
)

Action = ImportRow.Action
# What a statement is known by when it comes in once more: its code elsewhere and its words; without such a
# code its words and where it comes from.
Identity = tuple[str, str, str]


def identity(external_id: str, passage: str, wording: str, origin: str) -> Identity:
    return (external_id, passage, "") if external_id else ("", passage or wording, origin)


def uuid_of(values: Values) -> UUID | None:
    """The key that a statement of this Kwartet goes by in its exports; None where the row has no such key."""
    try:
        return UUID(values["number"] or values["external_id"])
    except ValueError:
        return None


def named_by(row: ImportRow) -> Statement | None:
    """The statement that a row names by its key, locked."""
    uuid = uuid_of({**blank(), **row.values})
    return Statement.objects.select_for_update(of=("self",)).filter(uuid=uuid).first() if uuid else None


def as_said(statement: Statement) -> Values:
    """What a row can change of a statement, as it is now."""
    codes = [one.code.name for one in statement.coded.all()]
    return {"codes": codes, "stance": statement.stance, "aspect": statement.aspect}


def differences(there: Values, values: Values) -> dict[str, list[Any]]:
    """What the row changes, {field: [old, new]}: an empty cell leaves what is there."""
    changes: dict[str, list[Any]] = {}
    if values["codes"] and set(map(fold, values["codes"])) != set(map(fold, there["codes"])):
        changes["codes"] = [there["codes"], values["codes"]]
    for name in ("stance", "aspect"):
        if values[name] not in ("", there[name]):
            changes[name] = [there[name], values[name]]
    return changes


def of_row(values: Values) -> Identity:
    return identity(values["external_id"], values["passage"], values["wording"], values["origin"])


class StatementPlanner(Planner):
    """Decides row after row. A statement of an export is known by its key, keeps its words and takes over the
    codes, kind and aspect of the row. Without a code elsewhere the same words may have been said by several
    people: of three such rows two are known when two such statements are there.
    """

    def __init__(self) -> None:
        self._there: Counter[Identity] = Counter()
        self._ids: set[str] = set()
        # What was looked up already, by code elsewhere or by words.
        self._asked: set[tuple[str, str]] = set()
        # The statements that rows name by their key, and the first row of each.
        self._by_key: dict[UUID, Statement] = {}
        self._keyed: dict[UUID, PlannedRow] = {}
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
        every = list(every)
        named = {key for one in every if (key := uuid_of(one))} - self._by_key.keys()
        for found in Statement.objects.filter(uuid__in=named).prefetch_related("coded__code"):
            self._by_key[found.uuid] = found
        keys = [("id", one["external_id"]) if one["external_id"] else ("words", _words(one)) for one in every]
        fresh = set(keys) - self._asked
        self._asked |= fresh
        ids = [text for kind, text in fresh if kind == "id"]
        texts = [text for kind, text in fresh if kind == "words"]
        with_id = Statement.objects.filter(external_id__in=ids)
        without = Statement.objects.filter(external_id="")
        for rows in (
            with_id,
            without.filter(passage__in=texts),
            without.filter(passage="", wording__in=texts),
        ):
            for one in rows.order_by().values_list("external_id", "passage", "wording", "origin"):
                self._there[identity(*one)] += 1
                self._ids.add(one[0])

    def _decide(self, row: PlannedRow, why_not: Sequence[Said]) -> None:
        values = row.values
        key = of_row(values)
        if not _words(values):
            row.refuse(NO_TEXT())
        elif why_not:
            row.refuse(*why_not)
        elif (uuid := uuid_of(values)) and uuid in self._by_key:
            self._known(row, self._by_key[uuid])
        elif self._there[key]:
            row.action = Action.SAME
            self._there[key] -= not values["external_id"]
        elif values["external_id"] and key in self._rows:
            row.action, row.repeats = Action.REPEATED, self._rows[key]
            row.reason = [SAME_STATEMENT(**row.repeats.place())]
        else:
            self._new(row, key)

    def _known(self, row: PlannedRow, statement: Statement) -> None:
        first = self._keyed.setdefault(statement.uuid, row)
        if first is not row:
            row.action, row.repeats = Action.REPEATED, first
            row.reason = [SAME_STATEMENT(**first.place())]
            return
        row.changes = differences(as_said(statement), row.values)
        row.action = Action.CHANGED if row.changes else Action.SAME
        if row.values["passage"] not in ("", statement.passage, statement.words):
            row.reason = [WORDS_KEPT()]
        self._note_codes(row.changes.get("codes", [[], []])[1])

    def _new(self, row: PlannedRow, key: Identity) -> None:
        row.action, self._rows[key] = Action.NEW, row
        if row.values["external_id"] in self._ids - {""}:
            row.reason = [OTHER_WORDS(code=row.values["external_id"])]
        self._note_codes(row.values["codes"])

    def _note_codes(self, names: Iterable[str]) -> None:
        for name in names:
            if fold(name) not in self._codes:
                self._new_codes.setdefault(fold(name), name)


def _words(values: Values) -> str:
    return str(values["passage"] or values["wording"])
