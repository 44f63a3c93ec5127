"""What became of statements, and codes: kinds of rows that the import knows."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.imports.kinds import Planner, RowKind, Thing, register, thing_of
from crm.imports.models import ImportRow
from crm.imports.planning.layouts import Layout
from engagement.evidence.models import Evidence
from engagement.exchange import codes, outcomes
from engagement.statements.models import Statement

_FIELDS = {
    "part": _("part of the strategy"),
    "outcome": _("what became of it"),
    "reason_nl": _("why"),
    "reason_en": _("why, in English"),
}


def _planner(layout: Layout, _sample: Any, _earlier: Any) -> tuple[Planner, Callable[[Any], Any]]:
    return outcomes.OutcomePlanner(), outcomes.OutcomeReader(layout.mapping).read


def _things(rows: Sequence[ImportRow]) -> Mapping[int, Thing]:
    """The statement of each row, with what the row says of it."""
    found = Statement.objects.in_bulk([row.values.get("statement", 0) for row in rows])
    return {row.position: _thing(row, found.get(row.values.get("statement", 0))) for row in rows}


def _thing(row: ImportRow, statement: Statement | None) -> Thing:
    words = statement.words if statement else ""
    page = statement.get_absolute_url() if statement else ""
    return thing_of(words, page, _FIELDS, row, in_words=_in_words)


def _in_words(name: str, value: str) -> str:
    return str(Evidence.Outcome(value).label) if name == "outcome" and value else value


register(
    RowKind(
        name="outcomes",
        label=_("what became of statements"),
        # A list of them holds words of statements as well, so it is asked first.
        place=5,
        map_columns=outcomes.map_columns,
        claims=outcomes.claims,
        lacks=outcomes.lacks,
        reads=outcomes.READ,
        planner=_planner,
        blank=outcomes.blank,
        write=outcomes.write,
        undo=outcomes.undo,
        fields=_FIELDS,
        once=outcomes.READ,
        things=_things,
    )
)

_CODE_FIELDS = {
    "code_name": _("code"),
    "code_parent": _("part of"),
    "code_theme": _("hangs on the theme"),
    "code_description": _("when to use it"),
}


def _code_planner(layout: Layout, _sample: Any, _earlier: Any) -> tuple[Planner, Callable[[Any], Any]]:
    return codes.CodePlanner(), codes.CodeReader(layout.mapping).read


def _codes(rows: Sequence[ImportRow]) -> Mapping[int, Thing]:
    labels = {name: _CODE_FIELDS[name] for name in codes.SAYS}
    return {row.position: thing_of(row.values.get("code_name", ""), "", labels, row) for row in rows}


register(
    RowKind(
        name="codes",
        label=_("codes"),
        place=6,
        map_columns=codes.map_columns,
        claims=codes.claims,
        lacks=codes.lacks,
        reads=codes.READ,
        planner=_code_planner,
        blank=codes.blank,
        write=codes.write,
        undo=codes.undo,
        fields=_CODE_FIELDS,
        once=codes.READ,
        things=_codes,
    )
)
