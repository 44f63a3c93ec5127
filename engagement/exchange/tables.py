"""Statements and codes as tables that a spreadsheet program opens, and that read back as the same."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from crm.base.sectors import Sector
from crm.base.tables import Cell, Table, made_on
from engagement.codes.tree import in_order
from engagement.evidence.models import Evidence
from engagement.statements.attribution import released
from engagement.statements.models import Statement, StatementQuerySet


def statement_table(statements: StatementQuerySet) -> Table:
    """As they may leave the core team, whoever takes them out."""
    headings = [
        *(_("Literally"), _("In our words"), _("Codes"), _("Kind"), _("Aspect"), _("Said by")),
        *(_("Organisation"), _("O"), _("Approved"), _("What became of it"), _("Kwartet number")),
    ]
    return Table(_("Statements"), headings, _statements(statements.releasable()), [made_on()])


def _statements(statements: StatementQuerySet) -> Iterator[list[Cell]]:
    rows = statements.select_related(
        "speaker__contact", "speaker__organisation", "latest_response"
    ).prefetch_related("coded__code", "evidence__item")
    # In the order of keys that say nothing, so that neighbours are not what one person said.
    for one in rows.order_by("uuid"):
        yield _row(one)


def _row(one: Statement) -> list[Cell]:
    by = released(one)
    outcomes = [f"{link.item.code}: {link.get_outcome_display()}" for link in one.evidence.all()]
    return [
        *(one.passage, one.wording, "; ".join(str(link.code) for link in one.coded.all())),
        *(one.get_stance_display(), one.get_aspect_display(), by.name, by.organisation_name),
        str(Sector(by.sector).label) if by.sector else "",
        _("yes") if by.approved else _("no"),
        *("; ".join(outcomes), str(one.uuid)),
    ]


def outcome_table() -> Table:
    """A row for each statement and part of the strategy that rests on it."""
    headings = [
        *(_("Kwartet number"), _("Statement"), _("Part of the strategy"), _("What became of it")),
        *(_("Why"), _("Why, in English")),
    ]
    return Table(_("What became of statements"), headings, _outcomes(), [made_on()])


def _outcomes() -> Iterator[list[Cell]]:
    rows = Evidence.objects.shown().select_related("statement", "item")
    for one in rows.order_by("statement__uuid", "item__position"):
        part = f"{one.item.code} {one.item.title}"
        said = (one.get_outcome_display(), one.reason_nl, one.reason_en)
        yield [str(one.statement.uuid), one.statement.words, part, *said]


def code_table() -> Table:
    """The tree of codes: each with the code that it is part of, and the theme that it hangs on itself."""
    headings = [_("Code"), _("Part of"), _("Theme"), _("When to use it")]
    rows = (
        [str(one.code), str(one.code.parent or ""), str(one.code.theme or ""), one.code.description]
        for one in in_order()
    )
    return Table(_("Codes"), headings, rows, [made_on()])
