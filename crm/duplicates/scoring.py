"""How likely two records are the same: evidence in bits per trait, added up to a probability.

Positive bits speak for, negative against; a missing value says nothing. What a household or an office
shares can only say so much, whatever the number of its traits.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import log2

from rapidfuzz.distance import OSA, Indel, JaroWinkler

from crm.duplicates.frequencies import Weights, weigh
from crm.duplicates.records import Comparable

# (at least this similar, bits less than for the very same value)
Steps = Sequence[tuple[float, float]]
IMPOSSIBLE = -100.0
# An address in common makes up for less than this, so it need not be compared.
_BEYOND_HELP = -16.0


@dataclass(frozen=True)
class Parameters:
    """All that was tuned. `differs` is the bits for two known values that have nothing in common."""

    differs: Mapping[str, float] = field(
        default_factory=lambda: {
            "given": -6.0,
            "family": -7.5,
            "initials": -4.0,
            "street": -3.0,
            "number": -2.0,
            "extra": -1.5,
            "postcode": -2.5,
            "city": -3.0,
            "region": -2.0,
            "organisation": -1.0,
            "organisation itself": -12.0,
            "phone": -2.5,
            "email": -2.0,
        }
    )
    name_steps: Steps = ((0.92, 3.0), (0.85, 5.0), (0.78, 8.0))
    text_steps: Steps = ((0.85, 2.0), (0.72, 4.0))
    email_bits: Steps = ((0.9, 6.0), (0.8, 4.0), (0.7, 1.0))
    swapped: float = -2.0
    both_names_differ: float = -14.0
    shared_at_home: float = 4.0
    shared_at_work: float = 2.5
    moved: float = -5.0


PARAMETERS = Parameters()


class Scorer:
    """Compares the records it was made with; their frequencies decide what agreement is worth."""

    def __init__(
        self,
        records: Sequence[Comparable],
        groups: Sequence[int] | None = None,
        parameters: Parameters = PARAMETERS,
    ) -> None:
        self.weights: dict[str, Weights] = weigh(records, groups)
        self.parameters = parameters
        self.size = max(len(set(groups)) if groups else len(records), 2)
        self._employers: dict[tuple[str, str], float] = {}
        self._most_shared = log2(self.size) + parameters.shared_at_work

    def bits(self, a: Comparable, b: Comparable) -> float:
        """The evidence that `a` and `b` are the same."""
        if not (a.is_person or b.is_person) and a.organisation and b.organisation:
            return self._organisations(a, b)
        if a.is_person != b.is_person and (a.organisation or b.organisation):
            return IMPOSSIBLE
        personal = self.names(a, b)
        if personal < -9.0:
            personal += self.parameters.both_names_differ
        personal += self.email(a, b)
        return personal if personal < _BEYOND_HELP else personal + self.shared(a, b)

    def _organisations(self, a: Comparable, b: Comparable) -> float:
        shared = self.where(a, b) + self.phone(a, b) + self.email(a, b)
        return self.organisation(a, b) + min(shared, self._most_shared)

    def shared(self, a: Comparable, b: Comparable) -> float:
        """Address, telephone and employer: together no more than this home or office tells by itself."""
        where, phone, employer = self.where(a, b), self.phone(a, b), self.employer(a, b)
        bits = where + phone + employer
        if bits <= 4.0:
            return bits
        weights, telling = self.weights, []
        if employer > 2.0:
            telling.append(
                min(weights["organisation"][a.organisation], weights["organisation"][b.organisation])
            )
        if phone > 2.0:
            telling.append(phone)
        if where > 8.0 and a.address and b.address:
            telling.append(min(weights["address"][a.address], weights["address"][b.address]))
        at_work = bool(a.organisation or b.organisation)
        most = self.parameters.shared_at_work if at_work else self.parameters.shared_at_home
        return min(bits, max(telling, default=log2(self.size)) + most)

    def names(self, a: Comparable, b: Comparable) -> float:
        straight = self.given(a, b) + self.name("family", a.family, b.family)
        if straight >= 6.0 or not (a.given or b.given):
            return straight
        return max(straight, self.swapped_names(a, b))

    def swapped_names(self, a: Comparable, b: Comparable) -> float:
        one = self._crossed(a.given, b.family)
        other = self._crossed(b.given, a.family)
        return one + other + self.parameters.swapped

    def _crossed(self, given: str, family: str) -> float:
        if not given or not family:
            return 0.0
        if given[0] != family[0] and given[-1] != family[-1]:
            return self.parameters.differs["family"]
        field = "given" if given in self.weights["given"] and family in self.weights["given"] else "family"
        return self.name(field, given, family)

    def given(self, a: Comparable, b: Comparable) -> float:
        if not a.given or not b.given:
            return self._initials(a.initials, b.initials)
        bits = self.name("given", a.given, b.given)
        if bits < 0 and _shortened(a.given, b.given):
            return max(bits, min(self.weights["given"][a.given], self.weights["given"][b.given]) - 4.0)
        return bits

    def _initials(self, one: str, other: str) -> float:
        if not one or not other:
            return 0.0
        weights = self.weights["initials"]
        if one == other:
            return weights[one]
        if one[0] == other[0]:
            return weights[one[0]] - (0.5 if 1 in (len(one), len(other)) else 3.0)
        return self.parameters.differs["initials"]

    def name(self, field: str, one: str, other: str) -> float:
        if not one or not other:
            return 0.0
        weights = self.weights[field]
        if one == other:
            return weights[one]
        differs = self.parameters.differs[field]
        similarity = name_similarity(one, other)
        for least, fewer in self.parameters.name_steps:
            if similarity >= least:
                return max(min(weights[one], weights[other]) - fewer, differs)
        return differs

    def where(self, a: Comparable, b: Comparable) -> float:
        """The whole address; a street that stands in the other line counts as well."""
        bits = self.text("street", a.street, b.street) + self.text("extra", a.extra, b.extra)
        if bits < 0 and (a.street and a.street == b.extra or b.street and b.street == a.extra):
            bits = min(self.weights["street"][a.street], self.weights["street"][b.street]) - 2.0
        bits += self.code("number", a.number, b.number) + self.code("postcode", a.postcode, b.postcode)
        bits += self.text("city", a.city, b.city)
        if a.region and b.region:
            bits += self.text("region", a.region, b.region)
        return max(bits, self.parameters.moved)

    def text(self, field: str, one: str, other: str) -> float:
        if not one or not other:
            return 0.0
        weights = self.weights[field]
        if one == other:
            return weights[one]
        differs = self.parameters.differs[field]
        similarity = Indel.normalized_similarity(one, other, score_cutoff=0.7)
        for least, fewer in self.parameters.text_steps:
            if similarity >= least:
                return max(min(weights[one], weights[other]) - fewer, differs)
        return differs

    def code(self, field: str, one: str, other: str) -> float:
        """A house number or postcode: one sign wrong or two turned round is nearly the same."""
        if not one or not other:
            return 0.0
        weights = self.weights[field]
        if one == other:
            return weights[one]
        differs = self.parameters.differs[field]
        if sorted(one) == sorted(other) or Indel.distance(one, other, score_cutoff=2) <= 2 < len(one):
            return max(min(weights[one], weights[other]) - 5.0, differs)
        return differs

    def phone(self, a: Comparable, b: Comparable) -> float:
        if not a.phones or not b.phones:
            return 0.0
        same = [number for number in a.phones if number in b.phones]
        weights = self.weights["phone"]
        return max((weights[number] for number in same), default=self.parameters.differs["phone"])

    def email(self, a: Comparable, b: Comparable) -> float:
        if not a.emails or not b.emails:
            return 0.0
        same = [address for address in a.emails if address in b.emails]
        if same:
            return max(self.weights["email"][address] for address in same)
        return max(self._near_email(one, other) for one in a.emails for other in b.emails)

    def _near_email(self, one: str, other: str) -> float:
        """Only what stands before the @ tells colleagues apart."""
        if one.rpartition("@")[2] == other.rpartition("@")[2]:
            one, other = one.rpartition("@")[0], other.rpartition("@")[0]
        similarity = Indel.normalized_similarity(one, other, score_cutoff=0.6)
        for least, bits in self.parameters.email_bits:
            if similarity >= least:
                return bits
        return self.parameters.differs["email"]

    def employer(self, a: Comparable, b: Comparable) -> float:
        """People change jobs and write the same employer in many ways, so a difference says little."""
        if not a.organisation or not b.organisation:
            return 0.0
        both = (a.organisation, b.organisation)
        if both not in self._employers:
            self._employers[both] = max(self.organisation(a, b), self.parameters.differs["organisation"])
        return self._employers[both]

    def organisation(self, a: Comparable, b: Comparable) -> float:
        """By its words: what they share counts for, what only one has against, both by rarity."""
        if a.organisation == b.organisation:
            return self.weights["organisation"][a.organisation]
        weights = self.weights["word"]
        mine, theirs = a.organisation.split(), b.organisation.split()
        bits = 0.0
        for word in mine:
            like = max(theirs, key=lambda other: word_similarity(word, other))
            similarity = word_similarity(word, like)
            if similarity < 0.88:
                bits -= weights[word]
                continue
            theirs.remove(like)
            bits += min(weights[word], weights[like]) - (0.0 if similarity == 1.0 else 2.0)
            if not theirs:
                theirs = [""]
        bits -= sum(weights[word] for word in theirs if word)
        return max(bits, self.parameters.differs["organisation itself"])


def name_similarity(one: str, other: str) -> float:
    """0 to 1; one typing error, a name within a double one ("Jansen", "Jansen-de Vries") are close."""
    longest = max(len(one), len(other))
    errors = OSA.distance(one, other, score_cutoff=3)
    if errors == 1:
        return 0.95 if longest >= 4 else 0.85 if longest == 3 else 0.0
    if " " in one or " " in other:
        mine, theirs = set(one.split()), set(other.split())
        if mine <= theirs or theirs <= mine:
            return 0.9
    if (
        errors <= 3
        and errors <= longest * 0.26
        or longest == len(one) == len(other)
        and sorted(one) == sorted(other)
    ):
        return 0.87
    return min(JaroWinkler.similarity(one, other, score_cutoff=0.78), 0.9)


def word_similarity(one: str, other: str) -> float:
    """An abbreviation ("univ", "universiteit") is close too."""
    if one == other:
        return 1.0
    if min(len(one), len(other)) >= 4 and (one.startswith(other) or other.startswith(one)):
        return 0.9
    return JaroWinkler.similarity(one, other, score_cutoff=0.8) if one and other else 0.0


def _shortened(one: str, other: str) -> bool:
    """ "Rob" and "Robert", "Jan" and "Jan Willem"."""
    short, long = sorted((one, other), key=len)
    return len(short) >= 3 and long.startswith(short) or short in long.split()


def probability(log_odds: float) -> float:
    """Of bits with the bits of the expectation beforehand added."""
    return 1.0 / (1.0 + 2.0 ** -max(min(log_odds, 60.0), -60.0))
