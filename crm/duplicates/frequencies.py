"""How much an agreement says: the rarer the value among these very records, the more (Fellegi and Sunter,
with Winkler's adjustment for frequencies). Weights are in bits, the logarithm to base 2 of m/u."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from math import log2

from crm.duplicates.records import Comparable

# How often a value of this kind is met elsewhere: it stands in where few records say little themselves.
_ELSEWHERE = {
    "given": 0.01,
    "family": 0.001,
    "initials": 0.03,
    "street": 0.001,
    "number": 0.02,
    "extra": 0.002,
    "postcode": 0.001,
    "city": 0.02,
    "region": 0.15,
    "address": 0.0001,
    "organisation": 0.003,
    "word": 0.003,
    "phone": 0.00001,
    "email": 0.00001,
    "domain": 0.01,
}
# As many records as the value above counts for.
_TRUST = 50
_SAME_VALUE_IF_SAME = 0.9

_VALUES: dict[str, Callable[[Comparable], Iterable[str]]] = {
    "given": lambda record: (record.given,),
    "family": lambda record: (record.family,),
    "initials": lambda record: (record.initials, record.initials[:1]),
    "street": lambda record: (record.street,),
    "number": lambda record: (record.number,),
    "extra": lambda record: (record.extra,),
    "postcode": lambda record: (record.postcode,),
    "city": lambda record: (record.city,),
    "region": lambda record: (record.region,),
    "address": lambda record: (record.address,),
    "organisation": lambda record: (record.organisation,),
    "word": lambda record: record.organisation.split(),
    "phone": lambda record: record.phones,
    "email": lambda record: record.emails,
    "domain": lambda record: (email.rpartition("@")[2] for email in record.emails),
}


class Weights(dict[str, float]):
    """The bits that agreement on a value is worth; a value that was never met counts as very rare."""

    def __init__(self, counts: Counter[str], size: int, elsewhere: float) -> None:
        def bits(count: int) -> float:
            others = max(count - 1, 0.5)  # but for the one it is compared with
            return log2(_SAME_VALUE_IF_SAME * (size + _TRUST) / (others + _TRUST * elsewhere))

        known = {count: bits(count) for count in set(counts.values())}
        super().__init__((value, known[count]) for value, count in counts.items())
        self._unknown = bits(1)

    def __missing__(self, value: str) -> float:
        return self._unknown


def weigh(records: Sequence[Comparable], groups: Sequence[int] | None = None) -> dict[str, Weights]:
    """Weights per field. With `groups` (a number per record) a value counts once for all that share one."""
    size = len(set(groups)) if groups else len(records)
    return {
        field: Weights(_counts(records, groups, values), size, _ELSEWHERE[field])
        for field, values in _VALUES.items()
    }


def _counts(
    records: Sequence[Comparable],
    groups: Sequence[int] | None,
    values: Callable[[Comparable], Iterable[str]],
) -> Counter[str]:
    if groups is None:
        return Counter(value for record in records for value in set(values(record)) if value)
    once = {(value, group) for record, group in zip(records, groups, strict=True) for value in values(record)}
    return Counter(value for value, _group in once if value)
