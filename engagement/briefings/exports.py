"""A briefing as a table: each sentence in each part of the strategy, as it may leave the core team."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from crm.base.sectors import Sector
from crm.base.tables import Cell, Table, made_on
from engagement.briefings.briefing import Briefing, Said


def briefing_table(briefing: Briefing) -> Table:
    headings = [
        *(_("Part of the strategy"), _("Title"), _("What was said"), _("Literally or approved"), _("Who")),
        *(_("O"), _("Kind"), _("What became of it"), _("Why"), _("Why, in English")),
    ]
    return Table(str(briefing.theme), headings, _rows(briefing), [made_on()])


def _rows(briefing: Briefing) -> Iterator[list[Cell]]:
    for said in briefing.everything:
        evidence = said.evidence
        yield [
            evidence.item.code if evidence else "",
            evidence.item.title if evidence else "",
            *_sentence(said),
            evidence.get_outcome_display() if evidence else _("not used yet"),
            evidence.reason_nl if evidence else "",
            evidence.reason_en if evidence else "",
        ]


def _sentence(said: Said) -> list[Cell]:
    statement = said.statement
    return [
        statement.words,
        _("yes") if said.by.quoted else _("no"),
        said.by.called,
        str(Sector(said.by.sector).label) if said.by.sector else "",
        statement.get_stance_display(),
    ]
