"""A theme as a steering group reads it in two minutes: who was heard, what they said, what became of it, and
where that is thin. Everything in it is as it may leave the core team, whoever reads it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from django.utils import timezone

from crm.base.sectors import Sector
from crm.contacts.models import Affiliation
from crm.organisations.models import OrganisationSector
from crm.themes.models import Theme
from engagement.codes.models import Code
from engagement.codes.tree import on_themes
from engagement.decisions.models import Decision
from engagement.evidence.coverage import FLAG_NAMES, Coverage, Flag, coverage
from engagement.evidence.models import Evidence
from engagement.statements.attribution import Attribution, released
from engagement.statements.models import Stance, Statement, StatementQuerySet
from engagement.strategy.models import StrategyItem

QUOTES, LOOSE, DISAGREEMENTS = 3, 5, 3


@dataclass(frozen=True)
class Said:
    """A sentence as it may leave the house; `evidence` is what became of it in the part where it is shown."""

    statement: Statement
    by: Attribution
    evidence: Evidence | None = None


@dataclass(frozen=True)
class Heard:
    """How many organisations of an O were heard on the theme, of all that have it as theirs."""

    sector: Sector
    heard: int
    concerned: int


@dataclass
class Part:
    """A part of the strategy; `said` are some of the sentences on the theme that it rests on, `more` says how
    many others there are. `coverage` counts all themes.
    """

    item: StrategyItem
    coverage: Coverage
    said: Sequence[Said] = ()
    more: int = 0
    below: list[Part] = field(default_factory=list)

    @property
    def flag_names(self) -> list[str]:
        """What is thin about it, the worst first."""
        return [str(FLAG_NAMES[flag]) for flag in self.coverage.flags]

    @property
    def flag_name(self) -> str:
        return next(iter(self.flag_names), "")

    @property
    def number(self) -> int:
        """Of the sentences on the theme that it rests on."""
        return len(self.said) + self.more

    def walk(self) -> Iterable[Part]:
        yield self
        for part in self.below:
            yield from part.walk()


@dataclass(frozen=True)
class Disagreement:
    """A code on which some O's name opportunities and no concern, others the reverse; a sentence of each."""

    code: Code
    hopeful: Sequence[Sector]
    worried: Sequence[Sector]
    hope: Said
    worry: Said


class Briefing:
    """What there is to tell about one theme; every part of it is read once, when it is asked for."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme

    @cached_property
    def statements(self) -> list[Statement]:
        """All on the theme that may leave the core team, the last ones first."""
        return list(_spoken_on([self.theme.pk]))

    @cached_property
    def organisations(self) -> set[int]:
        return {one.speaker.organisation_id for one in self.statements if one.speaker} - {None}  # type: ignore[return-value]

    @cached_property
    def heard(self) -> list[Heard]:
        spoke = _by_sector(self.statements)
        concerned = _concerned(self.theme)
        return [
            Heard(sector, len(spoke[sector]), len(spoke[sector] | concerned[sector])) for sector in Sector
        ]

    @cached_property
    def _evidence(self) -> dict[int, list[Evidence]]:
        """What the parts rest on of this theme, by their keys."""
        known = {one.pk: one for one in self.statements}
        found: dict[int, list[Evidence]] = defaultdict(list)
        for one in Evidence.objects.filter(statement__in=known).select_related("item").order_by("pk"):
            one.statement = known[one.statement_id]
            found[one.item_id].append(one)
        return found

    @cached_property
    def pillars(self) -> list[Part]:
        """The parts that rest on what was said on the theme, with those beside them that rest on nothing."""
        items = list(StrategyItem.objects.select_related("owner"))
        below: dict[int | None, list[StrategyItem]] = defaultdict(list)
        for item in items:
            below[item.parent_id].append(item)
        return self._parts(None, below, coverage(items))

    def _parts(
        self,
        parent: int | None,
        below: Mapping[int | None, Sequence[StrategyItem]],
        covered: Mapping[int, Coverage],
    ) -> list[Part]:
        parts = []
        for item in below.get(parent, ()):
            rests_on = self._evidence.get(item.pk, [])
            some = _some(rests_on)
            part = Part(item, covered[item.pk], some, len(rests_on) - len(some))
            part.below = self._parts(item.pk, below, covered)
            if rests_on or part.below:
                parts.append(part)
        if parts:
            there = {part.item.pk for part in parts}
            parts += [
                Part(item, covered[item.pk])
                for item in below[parent]
                if item.pk not in there and _is_bare_measure(item, covered[item.pk])
            ]
        return parts

    @property
    def parts(self) -> list[Part]:
        return [part for pillar in self.pillars for part in pillar.walk()]

    @property
    def measures(self) -> list[Part]:
        return [part for part in self.parts if part.item.kind == StrategyItem.Kind.MEASURE]

    @property
    def thin(self) -> list[Part]:
        return [part for part in self.measures if part.coverage.flags]

    @property
    def silent(self) -> list[Sector]:
        """The O's of which nobody was heard on the theme."""
        return [one.sector for one in self.heard if not one.heard]

    @cached_property
    def decisions(self) -> list[Decision]:
        """About these parts, the last one first; what is on the agenda comes before."""
        rows = Decision.objects.filter(items__in=[part.item.pk for part in self.parts]).distinct()
        return list(rows.select_related("body", "organisation").prefetch_related("items"))

    @property
    def taken(self) -> list[Decision]:
        return [one for one in self.decisions if not one.is_to_come(self.today)]

    @property
    def agenda(self) -> list[Decision]:
        return [one for one in reversed(self.decisions) if one.is_to_come(self.today)]

    @cached_property
    def today(self) -> date:
        return timezone.localdate()

    @cached_property
    def loose(self) -> list[Statement]:
        """Those that no part of the strategy rests on."""
        used = {one.statement_id for rows in self._evidence.values() for one in rows}
        return [one for one in self.statements if one.pk not in used]

    @property
    def everything(self) -> list[Said]:
        """All sentences, once for each part that rests on them; those that none rests on come last."""
        rows = [one for part in self.parts for one in self._evidence.get(part.item.pk, [])]
        linked = [Said(one.statement, released(one.statement), one) for one in rows]
        return linked + [Said(one, released(one)) for one in self.loose]

    @property
    def some_loose(self) -> list[Said]:
        return [Said(one, released(one)) for one in sorted(self.loose, key=_first_shown)[:LOOSE]]

    @cached_property
    def disagreements(self) -> list[Disagreement]:
        """The codes with most statements first."""
        by_code: dict[Code, list[Statement]] = defaultdict(list)
        for one in self.statements:
            for coded in one.coded.all():
                if coded.code_id in self._codes:
                    by_code[coded.code].append(one)
        ordered = sorted(by_code.items(), key=lambda pair: (-len(pair[1]), pair[0].pk))
        found = [_disagreement(code, said) for code, said in ordered]
        return [one for one in found if one][:DISAGREEMENTS]

    @cached_property
    def _codes(self) -> set[int]:
        return on_themes([self.theme.pk])


def _spoken_on(themes: Sequence[int]) -> StatementQuerySet:
    rows = Statement.objects.releasable().filter(codes__in=on_themes(themes)).distinct()
    rows = rows.select_related(
        "latest_response", "writeup", "speaker__contact", "speaker__organisation"
    ).prefetch_related("coded__code", "speaker__organisation__sectors")
    return rows.order_by("-created_at", "-pk")


def sectors_of(statement: Statement) -> list[Sector]:
    """The O that the speaker spoke for, else those of their organisation."""
    speaker = statement.speaker
    if speaker is None:
        return []
    if speaker.sector or speaker.organisation is None:
        return [Sector(speaker.sector)] if speaker.sector else []
    return [Sector(one.sector) for one in speaker.organisation.sectors.all()]


def _by_sector(statements: Iterable[Statement]) -> dict[Sector, set[int]]:
    """The organisations that somebody spoke for, per O."""
    found: dict[Sector, set[int]] = defaultdict(set)
    for one in statements:
        if one.speaker and one.speaker.organisation_id:
            for sector in sectors_of(one):
                found[sector].add(one.speaker.organisation_id)
    return found


def _concerned(theme: Theme) -> dict[Sector, set[int]]:
    """The organisations of which a contact has the theme, per O."""
    at = Affiliation.objects.current().filter(contact__themes=theme).values("organisation")
    found: dict[Sector, set[int]] = defaultdict(set)
    for key, sector in OrganisationSector.objects.filter(organisation__in=at).values_list(
        "organisation", "sector"
    ):
        found[Sector(sector)].add(key)
    return found


def _first_shown(statement: Statement) -> tuple[bool, bool, int]:
    """What was agreed to comes first, then what was said literally, then the last ones."""
    return (not statement.is_approved, not statement.is_literal, -statement.pk)


def _some(rests_on: Sequence[Evidence]) -> list[Said]:
    """A few sentences: one of each O before a second one of any."""
    ordered = sorted(rests_on, key=lambda one: _first_shown(one.statement))
    seen: dict[str, int] = defaultdict(int)
    ranked = []
    for place, one in enumerate(ordered):
        sector = one.statement.speaker.sector if one.statement.speaker else ""
        ranked.append((seen[sector], place, one))
        seen[sector] += 1
    chosen = [one for _turn, _place, one in sorted(ranked, key=lambda row: row[:2])[:QUOTES]]
    return [Said(one.statement, released(one.statement), one) for one in chosen]


def _is_bare_measure(item: StrategyItem, covered: Coverage) -> bool:
    return item.kind == StrategyItem.Kind.MEASURE and Flag.NO_EVIDENCE in covered.flags


def _disagreement(code: Code, said: Sequence[Statement]) -> Disagreement | None:
    hopes, worries = (
        [one for one in said if one.stance == stance] for stance in (Stance.OPPORTUNITY, Stance.CONCERN)
    )
    hoping, worrying = ({sector for one in some for sector in sectors_of(one)} for some in (hopes, worries))
    hopeful = [sector for sector in Sector if sector in hoping - worrying]
    worried = [sector for sector in Sector if sector in worrying - hoping]
    if not hopeful or not worried:
        return None
    return Disagreement(code, hopeful, worried, _one_of(hopes, hopeful), _one_of(worries, worried))


def _one_of(said: Iterable[Statement], sectors: Sequence[Sector]) -> Said:
    """The first sentence to show of somebody who speaks for one of these O's."""
    fitting = [one for one in said if set(sectors_of(one)) & set(sectors)]
    best = min(fitting, key=_first_shown)
    return Said(best, released(best))
