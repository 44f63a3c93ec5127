"""What pairs say about each other: if a is b and b is c, then a is c, or one of the first two is wrong."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from itertools import combinations
from math import log2

Edge = tuple[int, int]
# A person stands in a list a few times; beyond this something else links the records.
_MOST_NEIGHBOURS = 40
_CERTAIN = 25.0


def components(size: int, edges: Iterable[Edge]) -> list[int]:
    """Per record the number of its group: the lowest record that `edges` link it with."""
    parent = list(range(size))

    def root(at: int) -> int:
        while parent[at] != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    for one, other in edges:
        low, high = sorted((root(one), root(other)))
        parent[high] = low
    return [root(at) for at in range(size)]


def reconcile(
    odds: Mapping[Edge, float], bits: Callable[[int, int], float], before: float
) -> dict[Edge, float]:
    """Log odds per pair after asking what every third record says, also for pairs that `odds` lacks.

    `bits` gives the evidence of any pair, `before` the log odds without any. Of three records either all are
    one, or two are, or none; the pair's odds are those of the cases in which it is one.
    """
    neighbours: dict[int, set[int]] = defaultdict(set)
    for (a, b), log_odds in odds.items():
        if log_odds > 0:
            neighbours[a].add(b)
            neighbours[b].add(a)
    result = dict(odds)
    for middle in sorted(neighbours):
        around = sorted(neighbours[middle])
        if len(around) > _MOST_NEIGHBOURS:
            continue
        for a, c in combinations(around, 2):
            own = odds[(a, c)] if (a, c) in odds else bits(a, c) + before
            first = odds[_edge(a, middle)]
            second = odds[_edge(middle, c)]
            told = _third_side(first, second, own, own - before)
            result[(a, c)] = max(told, own, result.get((a, c), own))
    return result


def _edge(one: int, other: int) -> Edge:
    return (one, other) if one < other else (other, one)


def _third_side(first: float, second: float, own: float, evidence: float) -> float:
    """Log odds of the third pair; all three as one needs no further luck once two sides hold."""
    first, second = min(first, _CERTAIN), min(second, _CERTAIN)
    own, evidence = min(own, _CERTAIN), min(evidence, 0.0)  # what speaks for it spoke for the sides already
    together = _add(first + second + evidence, own)
    apart = _add(_add(first, second), 0.0)
    return together - apart


def _add(one: float, other: float) -> float:
    """log2(2**one + 2**other)."""
    high, low = max(one, other), min(one, other)
    return high + _log2_one_plus(low - high)


def _log2_one_plus(exponent: float) -> float:
    return 0.0 if exponent < -40 else log2(1.0 + 2.0**exponent)
