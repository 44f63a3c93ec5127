"""The tree of the strategy, read as a whole: there are dozens of parts, so one query gets them all."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from engagement.strategy.models import StrategyItem


@dataclass
class Branch:
    """A part with what is under it, in order; `code` follows from its place."""

    item: StrategyItem
    code: str
    below: list["Branch"] = field(default_factory=list)

    def walk(self) -> Iterator["Branch"]:
        """Itself and all under it, in reading order."""
        yield self
        for branch in self.below:
            yield from branch.walk()

    def measures(self) -> list[StrategyItem]:
        return [one.item for one in self.walk() if one.item.kind == StrategyItem.Kind.MEASURE]


def whole() -> list[Branch]:
    """The pillars. Codes count from 1 on every level, so "1.10" comes after "1.9"."""
    below: dict[int | None, list[StrategyItem]] = {}
    for item in StrategyItem.objects.select_related("owner"):
        below.setdefault(item.parent_id, []).append(item)
    return _under(below, None, "")


def _under(below: dict[int | None, list[StrategyItem]], parent: int | None, code: str) -> list[Branch]:
    branches = [Branch(item, f"{code}{place}") for place, item in enumerate(below.get(parent, ()), 1)]
    for branch in branches:
        branch.below = _under(below, branch.item.pk, f"{branch.code}.")
    return branches


def in_order() -> list[StrategyItem]:
    """All parts, each before what is under it."""
    return [branch.item for pillar in whole() for branch in pillar.walk()]


def path_of(item: StrategyItem) -> list[StrategyItem]:
    """What it is part of, the pillar first."""
    above: list[StrategyItem] = []
    parent = item.parent
    while parent is not None:
        above.insert(0, parent)
        parent = parent.parent
    return above
