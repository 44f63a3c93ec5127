"""How far two coders agree: Krippendorff's alpha per code, with the statement as its unit."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil

from engagement.codes.models import Code
from engagement.intercoder.models import BlindCoding, CodingRound

# What Krippendorff (Content Analysis, 11.4) asks for conclusions, and for tentative ones.
RELIABLE, TENTATIVE = 0.8, 0.667
# One-sided, at a level of significance of .05.
_Z = 1.645


@dataclass(frozen=True)
class Agreement:
    """How often two coders gave one code to this many `statements`.

    `alpha` is None where it is not defined, since both gave the code to all. `needed` is the number of
    statements without which it says too little.
    """

    code: Code
    statements: int
    first: int
    second: int
    both: int
    alpha: float | None
    needed: int

    @property
    def is_enough(self) -> bool:
        return self.statements >= self.needed

    @property
    def verdict(self) -> str:
        """ "too little", "reliable", "tentative" or "unreliable"."""
        if self.alpha is None or not self.is_enough:
            return "too little"
        if self.alpha >= RELIABLE:
            return "reliable"
        return "tentative" if self.alpha >= TENTATIVE else "unreliable"


def alpha(pairs: Sequence[tuple[bool, bool]]) -> float | None:
    """Krippendorff's alpha of two coders and two values; None where all values are the same.

    One minus the disagreement that is seen over that to be expected by chance, for nominal data without
    missing values (Krippendorff, Computing Krippendorff's Alpha-Reliability, 2011, B).
    """
    values = 2 * len(pairs)
    given = sum(one + other for one, other in pairs)
    by_chance = given * (values - given)
    if not by_chance:
        return None
    apart = sum(one != other for one, other in pairs)
    return 1 - (values - 1) * apart / by_chance


def statements_needed(share: float) -> int:
    """So many statements it takes to tell an alpha from .667, for a code given to this share of them.

    After Bloch and Kraemer (1989), as in Krippendorff, Content Analysis, 11.4.1.
    """
    spread = 4 * share * (1 - share) * (1 - TENTATIVE)
    return ceil(_Z**2 * ((1 + TENTATIVE) * (3 - TENTATIVE) / spread - TENTATIVE))


def agreements(coding_round: CodingRound) -> list[Agreement]:
    """Of each code that one of the two gave, the least agreed upon first."""
    pairs = [(used(one.first.all()), used(one.second.all())) for one in codings_of(coding_round)]
    codes = {code for first, second in pairs for code in (*first, *second)}
    found = [_agreement(code, [(code in first, code in second) for first, second in pairs]) for code in codes]
    return sorted(found, key=lambda one: (2.0 if one.alpha is None else one.alpha, one.code.key))


def _agreement(code: Code, pairs: Sequence[tuple[bool, bool]]) -> Agreement:
    first, second = (sum(side) for side in zip(*pairs, strict=True))
    value = alpha(pairs)
    needed = len(pairs) + 1 if value is None else statements_needed((first + second) / (2 * len(pairs)))
    both = sum(one and other for one, other in pairs)
    return Agreement(code, len(pairs), first, second, both, value, needed)


def codings_of(coding_round: CodingRound) -> list[BlindCoding]:
    """Those that were done, with what it takes to show them."""
    done = coding_round.codings.done().select_related("statement")
    return list(done.prefetch_related("first__merged_into", "second__merged_into"))


def used(codes: Iterable[Code]) -> set[Code]:
    """The codes as they are now: one that was merged since is what it became."""
    return {_today(code) for code in codes}


def _today(code: Code) -> Code:
    while code.merged_into:
        code = code.merged_into
    return code
