"""Taking statements of a spreadsheet back: those that are still as it brought them in."""

from collections import defaultdict
from collections.abc import Sequence

from crm.base.said import Said
from crm.base.text import fold
from crm.imports.models import ImportBatch, ImportRow
from engagement.codes.models import Code
from engagement.statements.imported.applying import said_as, say
from engagement.statements.imported.planning import named_by
from engagement.statements.models import Statement
from engagement.statements.said import (
    STATEMENT_CHANGED,
    STATEMENT_CODED,
    STATEMENT_GONE,
    STATEMENT_LINKED,
    STATEMENT_USED,
)
from engagement.statements.services import resting_on


def undo_statements(batch: ImportBatch, rows: Sequence[ImportRow]) -> None:
    """With the last statement of a code that the import made goes that code."""
    for row in rows:
        if row.changes:
            row.kept = _change_back(batch, row)
    rows = [row for row in rows if not row.changes]
    locked = Statement.objects.select_for_update(of=("self",)).filter(import_row__in=rows)
    there = {one.import_row_id: one for one in locked.prefetch_related("coded", "alike", "parts")}
    codes = _codes_by_name()
    used = resting_on([one.pk for one in there.values()])
    gone = []
    for row in rows:
        statement = there.get(row.pk)
        if statement is None:
            row.kept = [STATEMENT_GONE()]
            continue
        row.kept = _why_kept(statement, [codes[fold(name)] for name in row.values.get("codes", [])])
        if statement.pk in used:
            row.kept = [STATEMENT_USED()]
        if not row.kept:
            gone.append(statement.pk)
    Statement.objects.filter(pk__in=gone).delete()
    Code.objects.made_for(batch).delete()


def _change_back(batch: ImportBatch, row: ImportRow) -> list[Said]:
    """Let a statement that was known before say what it said; what is kept, and why."""
    statement = named_by(row)
    if statement is None:
        return [STATEMENT_GONE()]
    if batch.created_by is None or not said_as(statement, row, 1):
        return [STATEMENT_CHANGED()]
    say(statement, row, 0, by=batch.created_by, batch=batch)
    return []


def _why_kept(statement: Statement, given: Sequence[set[int]]) -> list[Said]:
    """`given` are, for each code of the row, the keys that it can have by now."""
    if statement.version > 1:
        return [STATEMENT_CHANGED()]
    has = {one.code_id for one in statement.coded.all()}
    if has - set().union(*given) or not all(has & keys for keys in given):
        return [STATEMENT_CODED()]
    if statement.alike.all() or statement.parts.all():
        return [STATEMENT_LINKED()]
    return []


def _codes_by_name() -> dict[str, set[int]]:
    """The keys of the codes of each name, and of what they were merged into."""
    every = {code.pk: code for code in Code.objects.all()}
    found: defaultdict[str, set[int]] = defaultdict(set)
    for code in every.values():
        stays = code
        while stays.merged_into_id:
            stays = every[stays.merged_into_id]
        found[code.key].add(stays.pk)
    return found
