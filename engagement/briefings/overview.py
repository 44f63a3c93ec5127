"""All themes beside each other, in a few queries: how much was said on each, by organisations of which O."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from crm.base.sectors import Sector
from crm.contacts.models import Affiliation
from crm.organisations.models import OrganisationSector
from crm.themes.models import Theme
from engagement.codes.tree import in_order
from engagement.statements.models import Statement, StatementCode


@dataclass(frozen=True)
class ThemeHeard:
    """The figures of Briefing.statements and Briefing.heard, without reading the sentences: how many
    organisations of each O were heard, and how many the theme concerns.
    """

    theme: Theme
    statements: int
    sectors: Mapping[Sector, int]
    concerned: Mapping[Sector, int]


def overview() -> list[ThemeHeard]:
    theme_of = {branch.code.pk: branch.theme for branch in in_order()}
    statements: dict[int | None, set[int]] = defaultdict(set)
    heard: dict[tuple[int | None, str], set[int]] = defaultdict(set)
    speaks_for = _sectors_of_organisations()
    coded = StatementCode.objects.filter(statement__in=Statement.objects.releasable())
    for code, statement, organisation, sector in coded.values_list(
        "code", "statement", "statement__speaker__organisation", "statement__speaker__sector"
    ):
        theme = theme_of.get(code)
        statements[theme].add(statement)
        if organisation:
            for one in [sector] if sector else speaks_for[organisation]:
                heard[theme, one].add(organisation)
    concerned = _concerned(speaks_for)
    return [
        ThemeHeard(
            theme,
            len(statements[theme.pk]),
            {one: len(heard[theme.pk, one]) for one in Sector},
            {one: len(heard[theme.pk, one] | concerned[theme.pk, one]) for one in Sector},
        )
        for theme in Theme.objects.all()
    ]


def _concerned(speaks_for: Mapping[int, list[str]]) -> dict[tuple[int, str], set[int]]:
    """The organisations of which a contact has a theme, by the theme and their O."""
    found: dict[tuple[int, str], set[int]] = defaultdict(set)
    at = Affiliation.objects.current().filter(contact__themes__isnull=False)
    for theme, organisation in at.values_list("contact__themes", "organisation"):
        for sector in speaks_for[organisation]:
            found[theme, sector].add(organisation)
    return found


def _sectors_of_organisations() -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for organisation, sector in OrganisationSector.objects.values_list("organisation", "sector"):
        found[organisation].append(sector)
    return found
