"""The tree of codes, read as a whole: there are hundreds at most, so one query gets them all."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from engagement.codes.models import Code


@dataclass(frozen=True)
class Branch:
    """A code at its depth in the tree (0 at the top), and the key of the theme that it hangs on, if any."""

    code: Code
    depth: int
    theme: int | None


def in_order(codes: Iterable[Code] | None = None) -> list[Branch]:
    """All codes one can choose, each before what is part of it, on every level by name."""
    below: dict[int | None, list[Code]] = {}
    for code in Code.objects.in_use().select_related("theme") if codes is None else codes:
        below.setdefault(code.parent_id, []).append(code)
    return list(_walk(below, None, 0, None))


def _walk(
    below: dict[int | None, list[Code]], parent: int | None, depth: int, theme: int | None
) -> Iterator[Branch]:
    for code in below.get(parent, ()):
        here = code.theme_id or theme
        yield Branch(code, depth, here)
        yield from _walk(below, code.pk, depth + 1, here)


def with_parts(keys: Collection[int]) -> set[int]:
    """The keys of these codes and of all that is part of them."""
    found: set[int] = set()
    inside = -1
    for branch in in_order():
        if branch.depth <= inside:
            inside = -1
        if inside < 0 and branch.code.pk in keys:
            inside = branch.depth
        if inside >= 0:
            found.add(branch.code.pk)
    return found


def on_themes(themes: Collection[int]) -> set[int]:
    """The keys of the codes that hang on one of these themes, by themselves or by a code above them."""
    return {branch.code.pk for branch in in_order() if branch.theme in themes}
