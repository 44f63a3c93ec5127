"""The whole strategy on one page: who carries each measure, where that is thin, and what lands nowhere."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from engagement.decisions.models import Decision
from engagement.evidence.coverage import FLAG_NAMES, Coverage, Flag, coverage
from engagement.statements.models import Statement
from engagement.strategy.models import StrategyItem
from engagement.strategy.tree import Branch, whole

Aspect = StrategyItem.Aspect
# What a measure of this aspect is shown under.
ASPECTS = {Aspect.HARDWARE: {Aspect.HARDWARE, Aspect.BOTH}, Aspect.SOFTWARE: {Aspect.SOFTWARE, Aspect.BOTH}}


@dataclass(frozen=True)
class Line:
    """A part with who carries it. `flag` is the one to show, `next` the first decision that is on an agenda,
    `spine` is how its line is drawn: "carried", "by-one" organisation or O, or "by-nobody".
    """

    item: StrategyItem
    coverage: Coverage
    flag: Flag | None = None
    next: Decision | None = None

    @property
    def flag_name(self) -> str:
        return str(FLAG_NAMES[self.flag]) if self.flag else ""

    @property
    def spine(self) -> str:
        if Flag.NO_EVIDENCE in self.coverage.flags:
            return "by-nobody"
        thin = {Flag.ONE_ORGANISATION, Flag.ONE_SECTOR} & set(self.coverage.flags)
        return "by-one" if thin else "carried"


@dataclass(frozen=True)
class Goal:
    """`measures` are those asked for, the ones that nobody carries last."""

    line: Line
    measures: Sequence[Line]


@dataclass(frozen=True)
class Pillar:
    line: Line
    goals: Sequence[Goal]


@dataclass(frozen=True)
class Overview:
    """`flags` counts the measures that have each, `thin` those that have any."""

    pillars: Sequence[Pillar]
    goals: int
    measures: int
    thin: int
    flags: Counter[Flag]
    unused: int


def overview(*, flag: Flag | None = None, aspect: str = "") -> Overview:
    """All of it; of the measures those with `flag` and of `aspect` only. Its figures count all measures."""
    tree = whole()
    branches = [branch for pillar in tree for branch in pillar.walk()]
    covered = coverage(branch.item for branch in branches)
    measures = [item for pillar in tree for item in pillar.measures()]
    asked = {
        item.pk
        for item in measures
        if (flag is None or flag in covered[item.pk].flags)
        and (aspect not in ASPECTS or item.aspect in ASPECTS[Aspect(aspect)])
    }
    to_come = _to_come()

    def line(item: StrategyItem) -> Line:
        return Line(item, covered[item.pk], flag or covered[item.pk].worst, to_come.get(item.pk))

    def goal(branch: Branch) -> Goal:
        lines = [line(one.item) for one in branch.below if one.item.pk in asked]
        return Goal(line(branch.item), sorted(lines, key=lambda one: one.spine == "by-nobody"))

    narrowed = len(asked) < len(measures)
    pillars = [
        Pillar(
            line(pillar.item),
            [one for one in map(goal, pillar.below) if one.measures or not narrowed],
        )
        for pillar in tree
    ]
    flags = [set(covered[item.pk].flags) for item in measures]
    return Overview(
        pillars=pillars,
        goals=sum(len(pillar.below) for pillar in tree),
        measures=len(measures),
        thin=sum(map(bool, flags)),
        flags=Counter(one for each in flags for one in each),
        unused=Statement.objects.releasable().filter(evidence=None).count(),
    )


def _to_come(on: date | None = None) -> dict[int, Decision]:
    """The next decision on an agenda, by the key of the part that it is about."""
    found: dict[int, Decision] = {}
    after = Decision.objects.filter(decided_on__gt=on or timezone.localdate())
    for decision in (
        after.select_related("body", "organisation").prefetch_related("items").order_by("decided_on")
    ):
        for item in decision.items.all():
            found.setdefault(item.pk, decision)
    return found
