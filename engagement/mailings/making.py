"""The finished mail of a letter: poured into the stencil of its variant, or made as a whole."""

from functools import lru_cache
from typing import Any

from engagement.mailings.kinds import KINDS, Letter
from engagement.mailings.mime import build
from engagement.mailings.stencils import Stencil, Unfit, checked_stencil


@lru_cache(maxsize=64)
def _stencil(kind: str, variant: Any, first: "First") -> Stencil | None:
    return checked_stencil(KINDS[kind].compose, first.letter)


class First:
    """The letter that something is made from for all of its variant, who are the same to a cache."""

    def __init__(self, letter: Letter) -> None:
        self.letter = letter

    def __hash__(self) -> int:
        return 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, First)


def made(letter: Letter) -> bytes:
    """The finished mail: from the stencil of its variant where that can be, else as a whole."""
    kind = KINDS[letter.message.kind]
    stencil = _stencil(kind.name, letter.variant, First(letter)) if letter.variant else None
    if stencil is not None:
        try:
            return stencil.fill(letter)
        except Unfit:
            pass  # an odd reader: the long way round
    return build(letter.message, kind.compose(letter, letter.fields))
