"""Bringing statements of a spreadsheet into the database, many in a few statements."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from crm.accounts.models import User
from crm.base.said import Said
from crm.base.text import fold
from crm.imports.applying.pieces import write_together
from crm.imports.models import ImportBatch, ImportRow, ImportRowQuerySet
from crm.texts.services import keep_texts
from engagement.codes.services import codes_named
from engagement.statements.imported.columns import Values, blank
from engagement.statements.imported.planning import Identity, as_said, identity, named_by, of_row
from engagement.statements.models import Statement, StatementCode
from engagement.statements.said import NOBODY_BROUGHT_IT, STATEMENT_ADDED, STATEMENT_OTHERWISE
from engagement.statements.services import Draft, change_statement

_BATCH = 500
# The clocks of two machines differ a little, and what was begun before the plan may be committed during it.
_MARGIN = timedelta(minutes=1)
_FIELDS = ("passage", "wording", "stance", "aspect", "external_id", "origin")


def write_statements(batch: ImportBatch, rows: ImportRowQuerySet, first: int, last: int) -> None:
    write_together(lambda here: _write(batch, here), rows, first, last)


def _write(batch: ImportBatch, rows: ImportRowQuerySet) -> None:
    found = [(row, {**blank(), **row.values}) for row in rows.order_by("position")]
    if batch.created_by is None:
        _refuse([row for row, _values in found], NOBODY_BROUGHT_IT())
        return
    for row, _values in found:
        if row.action == ImportRow.Action.CHANGED:
            _change(batch, batch.created_by, row)
    found = [one for one in found if one[0].action == ImportRow.Action.NEW]
    since = _added_since(batch)
    late = [row for row, values in found if since[of_row(values)]]
    _refuse(late, STATEMENT_ADDED())
    _create(batch, batch.created_by, [one for one in found if one[0] not in late])


def _change(batch: ImportBatch, by: User, row: ImportRow) -> None:
    """Give a statement that is known the codes, kind and aspect of the row."""
    row.keep_to_choice()
    statement = named_by(row)
    if statement is None or not said_as(statement, row, 0):
        row.changes = {}
        row.save(update_fields=["changes"])
        _refuse([row], STATEMENT_OTHERWISE())
        return
    say(statement, row, 1, by=by, batch=batch)


def said_as(statement: Statement, row: ImportRow, side: int) -> bool:
    """Whether it says what the row changes as it was before (side 0), or as the row made it (side 1)."""
    there = as_said(statement)
    wanted = {name: pair[side] for name, pair in row.changes.items()}
    codes = wanted.pop("codes", there["codes"])
    same_codes = set(map(fold, codes)) == set(map(fold, there["codes"]))
    return same_codes and all(there[name] == value for name, value in wanted.items())


def say(statement: Statement, row: ImportRow, side: int, *, by: User, batch: ImportBatch) -> None:
    """Let it say what the row changes as on that side."""
    wanted = {name: pair[side] for name, pair in row.changes.items()}
    if "codes" in wanted:
        wanted["codes"] = codes_named(wanted["codes"], batch=batch)
    change_statement(statement=statement, draft=Draft.of(statement, **wanted), by=by)


def _create(batch: ImportBatch, by: User, rows: Sequence[tuple[ImportRow, Values]]) -> None:
    statements = Statement.objects.bulk_create(
        [
            Statement(import_row=row, created_by=by, **{name: values[name] for name in _FIELDS})
            for row, values in rows
        ],
        batch_size=_BATCH,
    )
    names = {fold(name): name for _row, values in rows for name in values["codes"]}
    codes = dict(zip(names, codes_named(names.values(), batch=batch), strict=True))
    StatementCode.objects.bulk_create(
        [
            StatementCode(statement=statement, code=codes[fold(name)], coder=by, position=position)
            for statement, (_row, values) in zip(statements, rows, strict=True)
            for position, name in enumerate(values["codes"])
        ],
        batch_size=_BATCH,
    )
    keep_texts(Statement, [statement.pk for statement in statements])


def _added_since(batch: ImportBatch) -> Counter[Identity]:
    """The statements that others brought in after the plan of `batch` was begun."""
    begun = (batch.planned_at or batch.created_at) - _MARGIN
    others = Statement.objects.filter(created_at__gte=begun).exclude(import_row__batch=batch)
    return Counter(
        identity(*one) for one in others.values_list("external_id", "passage", "wording", "origin")
    )


def _refuse(rows: Sequence[ImportRow], why: Said) -> None:
    for row in rows:
        row.action, row.reason = ImportRow.Action.REFUSED, [why]
    ImportRow.objects.bulk_update(rows, ["action", "reason"], batch_size=_BATCH)
