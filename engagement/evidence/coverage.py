"""Who carries a part of the strategy: how many organisations of each O, and what is thin about that."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from crm.base.sectors import Sector
from engagement.evidence.models import Evidence
from engagement.statements.models import Statement, Visibility
from engagement.strategy.models import StrategyItem


class Flag(StrEnum):
    """What is thin about a part, the worst first."""

    NO_EVIDENCE = "no-evidence"
    ONE_ORGANISATION = "one-organisation"
    ONE_SECTOR = "one-sector"
    NONE_APPROVED = "none-approved"
    HARDWARE_ONLY = "hardware-only"


FLAG_NAMES = {
    Flag.NO_EVIDENCE: _("No evidence"),
    Flag.ONE_ORGANISATION: _("Rests on one organisation"),
    Flag.ONE_SECTOR: _("Rests on one O"),
    Flag.NONE_APPROVED: _("Nobody agreed yet"),
    Flag.HARDWARE_ONLY: _("Hardware without software"),
}


@dataclass(frozen=True)
class Coverage:
    """Who carries a part, and all that is under it.

    `statements` carry it, `rejected` were linked but not adopted; the figures count nothing that may not
    leave the core team. `sectors` are the numbers of distinct organisations that somebody spoke for in
    that O, in the order of Sector; somebody without an organisation counts as one of their own.
    """

    statements: int
    rejected: int
    organisations: int
    sectors: Mapping[Sector, int]
    flags: tuple[Flag, ...]

    @property
    def flag_names(self) -> list[str]:
        return [str(FLAG_NAMES[flag]) for flag in self.flags]

    @property
    def in_words(self) -> str:
        return carried_by(self.statements, self.organisations)

    @property
    def worst(self) -> Flag | None:
        return self.flags[0] if self.flags else None


def carried_by(statements: int, organisations: int) -> str:
    """ "13 statements of 10 organisations"."""
    said = ngettext("%(count)d statement", "%(count)d statements", statements) % {"count": statements}
    who = ngettext("%(count)d organisation", "%(count)d organisations", organisations)
    return gettext("%(statements)s of %(organisations)s") % {
        "statements": said,
        "organisations": who % {"count": organisations},
    }


def coverage(items: Iterable[StrategyItem], also: Iterable[Evidence] = ()) -> dict[int, Coverage]:
    """The coverage of each of `items` by its key, in two queries; it must hold all parts under each.

    `also` is evidence that is not stored: what the coverage would be with it.
    """
    items = list(items)
    below = _inside(items)
    rows = _rows(also)
    return {item.pk: _coverage(item, [row for key in below[item.pk] for row in rows[key]]) for item in items}


def _inside(items: Collection[StrategyItem]) -> dict[int, list[int]]:
    """For each part the keys of itself and of all under it."""
    parents = {item.pk: item.parent_id for item in items}
    inside: dict[int, list[int]] = defaultdict(list)
    for key in parents:
        above: int | None = key
        while above is not None:
            inside[above].append(key)
            above = parents.get(above)
    return inside


@dataclass(frozen=True)
class _Row:
    statement: int
    carries: bool
    approved: bool
    organisation: Hashable
    sectors: frozenset[str]


def _rows(also: Iterable[Evidence]) -> dict[int, list[_Row]]:
    """The evidence that may leave the core team, by the key of its part."""
    approved = set(Statement.objects.approved().filter(evidence__isnull=False).values_list("pk", flat=True))
    found: dict[int, list[_Row]] = defaultdict(list)
    shown = Evidence.objects.shown().select_related("statement__speaker")
    for one in shown.prefetch_related("statement__speaker__organisation__sectors"):
        found[one.item_id].append(_row(one, approved))
    for one in also:
        if one.statement.allowed != Visibility.TEAM:
            found[one.item_id].append(_row(one, approved))
    return found


def _row(one: Evidence, approved: set[int]) -> _Row:
    return _Row(
        one.statement_id,
        one.outcome != Evidence.Outcome.NOT_ADOPTED,
        one.statement_id in approved,
        organisation_of(one.statement),
        sectors_of(one.statement),
    )


def sectors_of(statement: Statement) -> frozenset[str]:
    """The O's that it counts for: the one that was spoken for, else all those of the organisation."""
    speaker = statement.speaker
    if speaker is None:
        return frozenset()
    if speaker.sector or speaker.organisation is None:
        return frozenset(filter(None, [speaker.sector]))
    return frozenset(sector.sector for sector in speaker.organisation.sectors.all())


def organisation_of(statement: Statement) -> Hashable:
    """Whom it counts as: the organisation that was spoken for, else the person by themselves."""
    speaker = statement.speaker
    if speaker is None:
        return "statement", statement.pk
    if speaker.organisation_id:
        return "organisation", speaker.organisation_id
    return ("contact", speaker.contact_id) if speaker.contact_id else ("speaker", speaker.pk)


def _coverage(item: StrategyItem, rows: list[_Row]) -> Coverage:
    carrying = [row for row in rows if row.carries]
    organisations = {row.organisation for row in carrying}
    sectors = {
        sector: len({row.organisation for row in carrying if sector in row.sectors}) for sector in Sector
    }
    return Coverage(
        statements=len({row.statement for row in carrying}),
        rejected=len({row.statement for row in rows} - {row.statement for row in carrying}),
        organisations=len(organisations),
        sectors=sectors,
        flags=tuple(_flags(item, carrying, organisations, sectors)),
    )


def _flags(
    item: StrategyItem, carrying: list[_Row], organisations: set[Hashable], sectors: Mapping[Sector, int]
) -> Iterable[Flag]:
    if not carrying:
        yield Flag.NO_EVIDENCE
    if len(organisations) == 1:
        yield Flag.ONE_ORGANISATION
    if carrying and sum(1 for count in sectors.values() if count) <= 1:
        yield Flag.ONE_SECTOR
    if carrying and not any(row.approved for row in carrying):
        yield Flag.NONE_APPROVED
    if item.aspect == StrategyItem.Aspect.HARDWARE:
        yield Flag.HARDWARE_ONLY
