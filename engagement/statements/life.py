"""What the page of a statement tells beside its words: from what was said to what became of it, and what goes
with that. Each noun above registers its part in a file life.py.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.functional import Promise

from crm.accounts.models import User
from crm.accounts.roles import may
from engagement.statements.models import Statement


@dataclass(frozen=True)
class Step:
    """A dot on the line from what was said to what became of it.

    `template` gets `step` with this `context`, `statement`, `may` and `may_change`. `on` is its day, None for
    what is to come on a day that nobody knows.
    """

    on: date | None
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    to_come: bool = False


@dataclass(frozen=True)
class Beside:
    """A section in the right column; `template` gets `beside` with this `context`, and the same as a step."""

    template: str
    context: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Act:
    """A link that opens `page` with ?statement= and its key."""

    page: str
    word: Promise | str
    capability: str


Steps = Callable[[Statement, User], Iterable[Step]]
Sections = Callable[[Statement, User], Iterable[Beside]]
_STEPS: list[tuple[int, Steps]] = []
_BESIDE: list[tuple[int, Sections]] = []
_ACTS: list[Act] = []


def register_steps(place: int, steps: Steps) -> None:
    """`steps` gives what a reader may know; of what is on one day, a smaller `place` comes first."""
    _STEPS.append((place, steps))
    _STEPS.sort(key=lambda one: one[0])


def register_beside(place: int, sections: Sections) -> None:
    _BESIDE.append((place, sections))
    _BESIDE.sort(key=lambda one: one[0])


def register_act(act: Act) -> None:
    _ACTS.append(act)


def life_of(statement: Statement, reader: User) -> list[Step]:
    """The steps in the order of their days, those to come last."""
    steps = [step for _place, find in _STEPS for step in find(statement, reader)]
    return sorted(steps, key=lambda step: (step.to_come, step.on is None, step.on or date.max))


def beside(statement: Statement, reader: User) -> list[Beside]:
    return [one for _place, find in _BESIDE for one in find(statement, reader)]


def acts_for(reader: User) -> list[Act]:
    return [act for act in _ACTS if may(reader, act.capability)]
