"""Notes of invented conversations, composed from sentences so that it is known where each of them stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from crm.base.sectors import Sector
from engagement.statements.models import Aspect, Stance

_STANCES = {one.value[0]: one.value for one in Stance}
_ASPECTS = {one.value[0]: one.value for one in Aspect} | {"-": ""}
# Per theme and O, in Dutch: so many are said at a table of a session, the others in conversations.
_AT_TABLES, _AT_ONCE = 2, 3


@dataclass(frozen=True)
class Said:
    """One thing that was said; `theme` is a slug, `codes` are keys of the codes of the demo."""

    theme: str
    sector: str
    language: str
    stance: str
    aspect: str
    codes: tuple[str, ...]
    passage: str
    wording: str


@dataclass
class Conversation:
    """What one person said: three things on each of three themes."""

    sector: str
    language: str
    said: list[list[Said]]


@dataclass
class Notes:
    """A text under construction; `places` are the code points of each passage in it, half-open."""

    text: str = ""
    places: list[tuple[int, int, Said]] = field(default_factory=list)

    def add(self, words: str) -> None:
        """Go on in the same paragraph."""
        self.text += words if self.text == "" or self.text.endswith("\n") else f" {words}"

    def quote(self, said: Said) -> None:
        self.add(said.passage)
        self.places.append((len(self.text) - len(said.passage), len(self.text), said))

    def paragraph(self) -> None:
        self.text += "\n\n"


def read_said(path: Path) -> list[Said]:
    """Read fixtures/demo_statements.txt, which says itself how."""
    found, theme, sector = [], "", ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("= "):
            _, theme, sector = line.split()
        elif line and not line.startswith("#"):
            found.append(_read_line(line, theme, sector))
    return found


def _read_line(line: str, theme: str, sector: str) -> Said:
    language = "en" if line.startswith("en ") else "nl"
    marks, rest = line.removeprefix("en ").split(" | ")
    stance, aspect, codes = marks.split(" ", 2)
    passage, _, wording = rest.partition(" => ")
    keys = tuple(codes.split(", "))
    return Said(theme, sector, language, _STANCES[stance], _ASPECTS[aspect], keys, passage, wording)


def share(everything: Sequence[Said], chance: Random) -> tuple[list[Conversation], dict[str, list[Said]]]:
    """Who says what: conversations, and per theme what was said at the tables of its session."""
    tables: dict[str, list[Said]] = defaultdict(list)
    turns: dict[tuple[str, str], list[list[Said]]] = defaultdict(list)
    for mine in _by_theme_and_sector(everything):
        dutch = [one for one in mine if one.language == "nl"]
        chance.shuffle(dutch)
        tables[mine[0].theme] += dutch[:_AT_TABLES]
        english = [one for one in mine if one.language == "en"]
        for language, lines in (("nl", dutch[_AT_TABLES:]), ("en", english)):
            turns[mine[0].sector, language] += [
                lines[first : first + _AT_ONCE] for first in range(0, len(lines), _AT_ONCE)
            ]
    conversations = [
        # Turns on one theme stand beside each other: each conversation takes one of every third part.
        Conversation(sector, language, said[number :: len(said) // 3])
        for (sector, language), said in turns.items()
        for number in range(len(said) // 3)
    ]
    chance.shuffle(conversations)
    return conversations, tables


def _by_theme_and_sector(everything: Sequence[Said]) -> Iterator[list[Said]]:
    groups: dict[tuple[str, str], list[Said]] = defaultdict(list)
    for one in everything:
        groups[one.theme, one.sector].append(one)
    yield from groups.values()


def tell_conversation(conversation: Conversation, words: dict[str, Any], chance: Random) -> Notes:
    """The notes of it; `words` are what stands between the passages, in its language."""
    notes = Notes()
    notes.add(chance.choice(words["openings"]))
    between = chance.sample(words["between"], len(words["between"]))
    for turn in conversation.said:
        notes.paragraph()
        notes.add(chance.choice(words["themes"][turn[0].theme]))
        for position, said in enumerate(turn):
            if position == 1 or (position == 2 and chance.random() < 0.3):
                notes.add(between.pop())
            notes.quote(said)
    notes.paragraph()
    notes.add(chance.choice(words["closings"]))
    return notes


def tell_session(opening: str, said: Sequence[Said], tables: dict[str, str], unknown: str) -> Notes:
    """The report of a session, table by table, in the order of the four O's; of the last thing that was said
    nobody knows who said it.
    """
    notes = Notes()
    notes.add(opening)
    for sector in Sector.values:
        notes.paragraph()
        notes.add(f"{tables[sector]}.")
        for one in (one for one in said if one.sector == sector):
            notes.quote(one)
    notes.add(unknown)
    return notes
