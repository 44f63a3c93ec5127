"""Finding what is known twice among people and organisations. It reads nothing and changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log2

from crm.duplicates.blocking import candidates
from crm.duplicates.groups import Edge, components, reconcile
from crm.duplicates.reasons import Reason, is_beyond_doubt, reasons_for
from crm.duplicates.records import Comparable, Record, comparable
from crm.duplicates.scoring import Scorer, probability

# Fixed on data made for it and nothing else; see docs/decisions.
THRESHOLD = 0.5
AUTOMATIC = 0.999
# What a first look finds surely enough to count its values once.
_SURE = 6.0
# Below these log odds nothing that is learnt later makes a proposal of a pair.
_HOPELESS = -12.0
# How many times fewer or more duplicates than records there can be.
_FEWEST, _MOST = 0.05, 10.0


@dataclass(frozen=True)
class Pair:
    """Two records, as indexes into what was given (a < b), that may be the same."""

    a: int
    b: int
    score: float
    reasons: list[Reason]
    automatic: bool


def find_duplicates(records: Sequence[Record], *, threshold: float = THRESHOLD) -> list[Pair]:
    """The pairs that are probably the same, the likeliest first."""
    compared = [comparable(record) for record in records]
    if len(compared) < 2:
        return []
    scorer, before, odds = _settle(compared)

    def bits(a: int, b: int) -> float:
        return scorer.bits(compared[a], compared[b])

    final = reconcile(odds, bits, before)
    likely = [(probability(value), edge) for edge, value in final.items() if probability(value) >= threshold]
    likely.sort(key=lambda one: (-one[0], one[1]))
    return [_pair(scorer, compared, edge, score) for score, edge in likely]


def _settle(compared: Sequence[Comparable]) -> tuple[Scorer, float, dict[Edge, float]]:
    """The log odds per pair, once the frequencies count people and not records.

    The first look takes each record for a person of its own; what it finds surely then counts once, and
    tells how many duplicates to expect.
    """
    size = len(compared)
    first = Scorer(compared)
    before = -log2(size)
    odds = {}
    for a, b in candidates(compared):
        log_odds = first.bits(compared[a], compared[b]) + before
        if log_odds > _HOPELESS:
            odds[(a, b)] = log_odds
    before = _expected(odds, size)
    sure = [edge for edge, value in odds.items() if value >= _SURE]
    second = Scorer(compared, components(size, sure))
    again = {(a, b): second.bits(compared[a], compared[b]) + before for a, b in odds}
    return second, before, again


def _expected(odds: dict[Edge, float], size: int) -> float:
    """The log odds that any two records are the same, from what was found."""
    found = sum(probability(value) for value in odds.values())
    return log2(min(max(found, _FEWEST * size), _MOST * size) * 2.0 / (size * (size - 1)))


def _pair(scorer: Scorer, compared: Sequence[Comparable], edge: Edge, score: float) -> Pair:
    a, b = edge
    automatic = score >= AUTOMATIC and is_beyond_doubt(compared[a], compared[b])
    return Pair(a, b, round(score, 4), reasons_for(scorer, compared[a], compared[b]), automatic)
