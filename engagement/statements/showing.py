"""Notes with the passages marked in them, for a page and for the device of whoever is coding."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from crm.accounts.models import User
from engagement.codes.tree import in_order
from engagement.statements.models import Anchor, Statement, StatementCode, Writeup

# The codes that one gave last are at hand on the keys 1 to 9.
MOST_RECENT = 9
# Of what stands around a passage.
SOME = 120


@dataclass(frozen=True)
class Piece:
    """A stretch of the notes that lies in the same statements from end to end.

    `statements` are their numbers on the page, `ends` those that end here; `sentence` is the number of the
    sentence that begins here, 0 where none does.
    """

    text: str
    statements: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()
    sentence: int = 0


def marked(writeup: Writeup, sentences: Sequence[tuple[int, int]]) -> list[Piece]:
    """The notes in pieces; passages may overlap."""
    text = writeup.text
    placed = [
        (number, one.start or 0, one.end or 0)
        for number, one in enumerate(numbered(writeup), 1)
        if one.anchor in (Anchor.IN_PLACE, Anchor.CHANGED)
    ]
    begins = {start: number for number, (start, _end) in enumerate(sentences, 1)}
    edges = {0, len(text), *begins, *(end for _start, end in sentences)}
    edges.update(place for _number, start, end in placed for place in (start, end))
    ordered = sorted(edges)
    pieces = []
    for start, end in pairwise(ordered):
        within = tuple(number for number, first, last in placed if first <= start and end <= last)
        ends = tuple(number for number, _first, last in placed if last == end)
        pieces.append(Piece(text[start:end], within, ends, begins.get(start, 0)))
    return pieces


@dataclass(frozen=True)
class Said:
    """A passage between what stands before and after it on its line of the notes, SOME characters at most and
    whole words.
    """

    before: str
    passage: str
    after: str


def said(statement: Statement) -> Said | None:
    """None of what was only written down in our words."""
    if not statement.passage:
        return None
    if statement.anchor != Anchor.IN_PLACE or statement.writeup is None:
        return Said("", statement.passage, "")
    text, start, end = statement.writeup.text, statement.start or 0, statement.end or 0
    before = text[:start].rpartition("\n")[2]
    after = text[end:].partition("\n")[0]
    if len(before) > SOME:
        before = f"… {before[-SOME:].partition(' ')[2]}"
    if len(after) > SOME:
        after = f"{after[:SOME].rpartition(' ')[0]} …"
    return Said(before, statement.passage, after)


def numbered(writeup: Writeup) -> list[Statement]:
    """The statements of these notes as they are numbered on the page: in the order of the notes."""
    related = ("latest_response", "speaker__contact", "split_from")
    statements = writeup.statements.select_related(*related).prefetch_related("coded__code")
    return sorted(statements, key=lambda one: (one.start is None, one.start or 0, one.pk))


def for_device(writeup: Writeup, user: User) -> dict[str, Any]:
    """All that the screen needs to go on without a line."""
    return {
        "writeup": writeup.pk,
        "revision": writeup.revision,
        "shortcuts": user.shortcuts,
        "text": writeup.text,
        "speakers": [
            {"id": one.pk, "name": str(one), "function": one.job_title, "sector": one.sector}
            for one in writeup.speakers.select_related("contact")
        ],
        "codes": codes_for_device(user),
        "statements": [statement_for_device(one) for one in numbered(writeup)],
    }


def codes_for_device(user: User) -> list[dict[str, Any]]:
    """Every code with its way through the tree; `recent` counts from 1, 0 of those not given lately."""
    recent = {key: place for place, key in enumerate(recent_codes(user), 1)}
    path: list[str] = []
    codes = []
    for branch in in_order():
        path[branch.depth :] = [branch.code.name]
        codes.append(
            {
                "id": branch.code.pk,
                "name": branch.code.name,
                "path": path[:-1],
                "recent": recent.get(branch.code.pk, 0),
            }
        )
    return codes


def recent_codes(user: User) -> list[int]:
    """The keys of the codes that this user gave last, the last one first."""
    given = StatementCode.objects.filter(coder=user).order_by("-pk").values_list("code", flat=True)[:200]
    return list(dict.fromkeys(given))[:MOST_RECENT]


def statement_for_device(statement: Statement) -> dict[str, Any]:
    return {
        "uuid": str(statement.uuid),
        "page": statement.get_absolute_url(),
        "version": statement.version,
        "start": statement.start,
        "end": statement.end,
        "passage": statement.passage,
        "anchor": statement.anchor,
        "wording": statement.wording,
        "speaker": statement.speaker_id,
        "stance": statement.stance,
        "aspect": statement.aspect,
        "visibility": statement.visibility,
        "codes": [one.code_id for one in sorted(statement.coded.all(), key=lambda one: one.position)],
    }
