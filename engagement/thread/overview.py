"""The whole strategy on one page: who carries each measure, where that is thin, and what lands nowhere."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

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
    items = [branch.item for pillar in tree for branch in pillar.walk()]
    covered, to_come = coverage(items), _to_come()
    lines = {
        item.pk: Line(item, covered[item.pk], covered[item.pk].worst, to_come.get(item.pk)) for item in items
    }
    measures = [lines[item.pk] for pillar in tree for item in pillar.measures()]
    asked = {
        one.item.pk: replace(one, flag=flag or one.flag) for one in measures if _is_asked(one, flag, aspect)
    }
    return Overview(
        pillars=[_pillar(branch, lines, asked, narrowed=len(asked) < len(measures)) for branch in tree],
        goals=sum(len(pillar.below) for pillar in tree),
        measures=len(measures),
        thin=sum(bool(one.flag) for one in measures),
        flags=Counter(flag for one in measures for flag in one.coverage.flags),
        unused=Statement.objects.releasable().filter(evidence=None).count(),
    )


def _is_asked(line: Line, flag: Flag | None, aspect: str) -> bool:
    if flag is not None and flag not in line.coverage.flags:
        return False
    return aspect not in ASPECTS or line.item.aspect in ASPECTS[Aspect(aspect)]


def _pillar(
    branch: Branch, lines: Mapping[int, Line], asked: Mapping[int, Line], *, narrowed: bool
) -> Pillar:
    """With all its goals, or where only some measures were asked for, with the goals of those."""
    goals = []
    for below in branch.below:
        measures = [asked[one.item.pk] for one in below.below if one.item.pk in asked]
        if measures or not narrowed:
            measures.sort(key=lambda one: one.spine == "by-nobody")
            goals.append(Goal(lines[below.item.pk], measures))
    return Pillar(lines[branch.item.pk], goals)


def _to_come() -> dict[int, Decision]:
    """The next decision on an agenda, by the key of the part that it is about."""
    found: dict[int, Decision] = {}
    after = Decision.objects.filter(decided_on__gt=timezone.localdate()).order_by("decided_on", "pk")
    for decision in after.select_related("body", "organisation").prefetch_related("items"):
        for item in decision.items.all():
            found.setdefault(item.pk, decision)
    return found
