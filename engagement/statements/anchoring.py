"""Where passages stand after the notes around them were changed.

Places are code points, half-open. Two texts are compared by lines, changed lines by words, changed words by
what they begin and end with. A passage that does not touch what changed stays word for word; where the same
letters could have been typed in two places ("aa" became "aaa"), the passage gets the benefit of it.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from rapidfuzz.distance import Indel

from engagement.statements.models import Anchor

_WORD = re.compile(r"\w+|\s+|[^\w\s]")
# Beyond so many pairs of pieces (some seconds) a change counts as one.
_MOST_COMPARED = 1 << 30
# (start, end) in the old text, (start, end) in the new one.
Change = tuple[int, int, int, int]


@dataclass(frozen=True)
class Place:
    """Where a passage is now; `anchor` is IN_PLACE, CHANGED (other words stand there) or GONE (none do)."""

    start: int
    end: int
    anchor: Anchor


def follow(old: str, new: str, passages: Iterable[tuple[int, int, str]]) -> list[Place]:
    """For each (start, end, passage) of `old`, where it stands in `new`."""
    if old == new:
        return [_place(new, passage, (start, end)) for start, end, passage in passages]
    forwards = _changes(old, new)
    backwards: list[Change] | None = None
    places = []
    for start, end, passage in passages:
        place = _place(new, passage, _moved(start, end, forwards))
        if place.anchor != Anchor.IN_PLACE:
            if backwards is None:
                backwards = _changes(old[::-1], new[::-1])
            first, last = _moved(len(old) - end, len(old) - start, backwards)
            other = _place(new, passage, (len(new) - last, len(new) - first))
            place = other if other.anchor == Anchor.IN_PLACE else place
        places.append(place)
    return places


def _place(new: str, passage: str, span: tuple[int, int]) -> Place:
    start, end = span
    if new[start:end] == passage:
        return Place(start, end, Anchor.IN_PLACE)
    # The words stand, once, among what was typed next to them.
    found = new.find(passage, start, end) if passage else -1
    if found >= 0 and new.find(passage, found + 1, end) < 0:
        return Place(found, found + len(passage), Anchor.IN_PLACE)
    return Place(start, end, Anchor.CHANGED if end > start else Anchor.GONE)


def _moved(start: int, end: int, changes: Sequence[Change]) -> tuple[int, int]:
    """What is typed at an edge of a passage stays outside; at the place of one that is gone, it counts."""
    if start == end:
        return _shifted(start, changes, lambda change: change[2]), _shifted(
            end, changes, lambda change: change[3]
        )
    first = _shifted(start, changes, lambda change: change[3] if change[1] == start else change[2])
    last = _shifted(end, changes, lambda change: change[2] if change[0] == end else change[3])
    return min(first, last), max(first, last)


def _shifted(point: int, changes: Sequence[Change], at: Callable[[Change], int]) -> int:
    """Where `point` went: what `at` says of the change that it touches, else along with what is before it."""
    index = bisect_left(changes, point, key=lambda change: change[1])
    if index < len(changes) and changes[index][0] <= point:
        return at(changes[index])
    return point + changes[index - 1][3] - changes[index - 1][1] if index else point


def _changes(old: str, new: str) -> list[Change]:
    """What differs, in order; two changes never touch each other."""
    found: list[Change] = []
    for change in _trimmed(old, new, (0, len(old), 0, len(new))):
        for lines in _differing(old, new, change, lambda text: text.splitlines(keepends=True)):
            for words in _differing(old, new, lines, _WORD.findall):
                found.extend(_trimmed(old, new, words))
    return found


def _differing(old: str, new: str, change: Change, split: Callable[[str], list[str]]) -> Iterable[Change]:
    """The pieces of `change` that differ when both sides are taken apart by `split`."""
    before, after = split(old[change[0] : change[1]]), split(new[change[2] : change[3]])
    if len(before) * len(after) > _MOST_COMPARED:
        yield change
        return
    old_ends, new_ends = _ends(before, change[0]), _ends(after, change[2])
    for equal, codes in groupby(Indel.opcodes(before, after), key=lambda code: code.tag == "equal"):
        if not equal:
            run = list(codes)
            yield (
                old_ends[run[0].src_start],
                old_ends[run[-1].src_end],
                new_ends[run[0].dest_start],
                new_ends[run[-1].dest_end],
            )


def _ends(pieces: list[str], start: int) -> list[int]:
    ends = [start]
    for piece in pieces:
        ends.append(ends[-1] + len(piece))
    return ends


def _trimmed(old: str, new: str, change: Change) -> Iterable[Change]:
    """`change` without what both sides begin and end with; nothing where nothing is left."""
    old_start, old_end, new_start, new_end = change
    most = min(old_end - old_start, new_end - new_start)
    same = _longest(most, lambda n: old[old_start : old_start + n] == new[new_start : new_start + n])
    old_start, new_start, most = old_start + same, new_start + same, most - same
    same = _longest(most, lambda n: old[old_end - n : old_end] == new[new_end - n : new_end])
    old_end, new_end = old_end - same, new_end - same
    if old_start < old_end or new_start < new_end:
        yield old_start, old_end, new_start, new_end


def _longest(most: int, fits: Callable[[int], bool]) -> int:
    """The largest number up to `most` that fits, of which all smaller ones fit too."""
    least = 0
    while least < most:
        middle = (least + most + 1) // 2
        least, most = (middle, most) if fits(middle) else (least, middle - 1)
    return least
