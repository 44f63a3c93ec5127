"""The finished mail of a message, the quick way where that gives the same."""

from functools import lru_cache
from typing import Any

from engagement.mailings.kinds import KINDS, Letter
from engagement.mailings.mime import build
from engagement.mailings.stencils import Stencil, Unfit, checked_stencil


@lru_cache(maxsize=64)
def _stencil(kind: str, variant: Any, first: "_First") -> Stencil | None:
    return checked_stencil(KINDS[kind].compose, first.letter)


class _First:
    """The letter that a stencil is made from; all of a variant are the same to the cache."""

    def __init__(self, letter: Letter) -> None:
        self.letter = letter

    def __hash__(self) -> int:
        return 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _First)


def made(letter: Letter) -> bytes:
    """The finished mail: from the stencil of its variant where that can be, else as a whole."""
    kind = KINDS[letter.message.kind]
    stencil = _stencil(kind.name, letter.variant, _First(letter)) if letter.variant else None
    if stencil is not None:
        try:
            return stencil.fill(letter)
        except Unfit:
            pass  # an odd reader: the long way round
    return build(letter.message, kind.compose(letter, letter.fields))
