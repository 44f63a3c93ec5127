"""Statements with their codes, from a spreadsheet."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.imports.kinds import Planner, RowKind, Thing, register
from crm.imports.models import ImportRow
from crm.imports.planning.layouts import Layout
from engagement.statements.imported import columns
from engagement.statements.imported.applying import write_statements
from engagement.statements.imported.planning import StatementPlanner, uuid_of
from engagement.statements.imported.undoing import undo_statements
from engagement.statements.models import Aspect, Stance, Statement


def _planner(layout: Layout, _sample: Any, _earlier: Any) -> tuple[Planner, Callable[[Any], Any]]:
    return StatementPlanner(), columns.StatementReader(layout.mapping).read


def _things(rows: Sequence[ImportRow]) -> Mapping[int, Thing]:
    """What each row says, with the page of the statement that it became."""
    named = {row.pk: uuid_of({**columns.blank(), **row.values}) for row in rows}
    found = Statement.objects.filter(Q(import_row__in=rows) | Q(uuid__in=filter(None, named.values())))
    pages: dict[object, Statement] = {}
    for one in found:
        pages |= {one.import_row_id: one, one.uuid: one}
    return {row.position: _thing(row, pages.get(row.pk) or pages.get(named[row.pk])) for row in rows}


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
    changes = [
        (str(_LABELS[name]), _in_words(name, old), _in_words(name, new))
        for name, (old, new) in row.changes.items()
    ]
    return Thing(words, page, [(label, text) for label, text in facts if text], changes)


_LABELS = {"codes": _("codes"), "stance": _("kind"), "aspect": _("aspect")}


def _in_words(name: str, value: Any) -> str:
    if name == "codes":
        return ", ".join(value)
    choices = Stance if name == "stance" else Aspect
    return str(choices(value).label) if value else ""


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
