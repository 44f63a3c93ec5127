"""Statements with their codes, from a spreadsheet."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.imports.kinds import Planner, RowKind, Thing, register
from crm.imports.models import ImportRow
from crm.imports.planning.layouts import Layout
from engagement.statements.imported import columns
from engagement.statements.imported.applying import write_statements
from engagement.statements.imported.planning import StatementPlanner
from engagement.statements.imported.undoing import undo_statements
from engagement.statements.models import Aspect, Stance, Statement


def _planner(layout: Layout, _sample: Any, _earlier: Any) -> tuple[Planner, Callable[[Any], Any]]:
    return StatementPlanner(), columns.StatementReader(layout.mapping).read


def _things(rows: Sequence[ImportRow]) -> Mapping[int, Thing]:
    """What each row says, with the page of the statement that it became."""
    pages = {one.import_row_id: one for one in Statement.objects.filter(import_row__in=rows)}
    return {row.position: _thing(row, pages.get(row.pk)) for row in rows}


def _thing(row: ImportRow, statement: Statement | None) -> Thing:
    values = {**columns.blank(), **row.values}
    facts = [
        (str(_("codes")), ", ".join(values["codes"])),
        (str(_("kind")), str(Stance(values["stance"]).label) if values["stance"] else ""),
        (str(_("aspect")), str(Aspect(values["aspect"]).label) if values["aspect"] else ""),
        (str(_("from")), values["origin"]),
        (str(_("code elsewhere")), values["external_id"]),
    ]
    page = statement.get_absolute_url() if statement else ""
    words = values["wording"] or values["passage"]
    return Thing(words, page, [(label, text) for label, text in facts if text])


register(
    RowKind(
        name="statements",
        label=_("statements"),
        place=10,
        map_columns=columns.map_columns,
        claims=columns.claims,
        lacks=columns.lacks,
        reads=columns.READ,
        planner=_planner,
        blank=columns.blank,
        write=write_statements,
        undo=undo_statements,
        fields=columns.FIELDS,
        once=columns.ONCE,
        field_of=columns.field_of,
        things=_things,
    )
)
