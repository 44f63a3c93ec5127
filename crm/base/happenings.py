"""What happened, told in one call: whatever follows from it is written in the same transaction.

A service says `tell(Happening(...))`; a correction says `retell(...)`. The followers are plain functions in
one list, which crm/apps.py sets; each looks at what a kind touches. A noun registers its kinds of happening,
and the things with a page that happenings are about, in its file `happenings.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from django.db import connection
from django.db.models import Model
from django.db.transaction import TransactionManagementError
from django.utils.functional import Promise

from crm.accounts.models import User

Group = Literal["conversation", "mail", "change"]
# What a happening may change beside the timeline: when somebody was heard, and the words that find them.
HEARD, FOUND_BY = "heard", "found by"


def _as_they_are(words: Mapping[str, Any]) -> Mapping[str, Any]:
    return words


@dataclass(frozen=True)
class Kind:
    """`phrase` is a lazy translation with %(name)s places; `icon` a name in the sprite.

    `spoken` turns codes among the kept words into words of the active language. `capability` is what it takes
    to read of it, "" for nothing beside the page that it stands on.
    """

    name: str
    icon: str
    group: Group
    phrase: Promise | str
    # What a person did is shown bold; mail and system lines are not.
    by_person: bool = False
    touches: frozenset[str] = frozenset()
    spoken: Callable[[Mapping[str, Any]], Mapping[str, Any]] = _as_they_are
    capability: str = ""


KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    KINDS[kind.name] = kind
    return kind


@dataclass(frozen=True)
class Thing:
    """Something with a page that happenings are about; an entry keeps its `slug` and its key as text.

    `capability` is what it takes to open the page, and `related` what its address is made of.
    """

    slug: str
    model: type[Model]
    capability: str
    related: tuple[str, ...] = ()

    def addresses(self, keys: Collection[str]) -> dict[str, str]:
        """The page of each of these that is still there, in one query."""
        rows: Any = self.model._default_manager.select_related(*self.related).filter(pk__in=keys)
        return {str(row.pk): row.get_absolute_url() for row in rows}


THINGS: dict[str, Thing] = {}
_SLUGS: dict[type[Model], str] = {}


def register_thing(slug: str, model: type[Model], *, capability: str, related: tuple[str, ...] = ()) -> Thing:
    THINGS[slug] = thing = Thing(slug, model, capability, related)
    _SLUGS[model] = slug
    return thing


@dataclass(frozen=True, slots=True)
class About:
    """What a happening is about: ("event", "12"). Keys are text, since some are UUIDs."""

    kind: str
    key: str


def about(row: Model) -> About:
    """KeyError for a model that nobody registered."""
    return About(_SLUGS[type(row)], str(row.pk))


@dataclass(frozen=True, slots=True)
class Happening:
    """One entry for each of `contacts` (primary keys), with `organisation` beside it; without contacts one of
    the organisation alone.

    `words` fill the sentence of the kind; `at` is now unless given. `touches` is what of `kind.touches` it
    really changed, when the writer knows.
    """

    kind: Kind
    contacts: Sequence[int] = ()
    organisation: int | None = None
    about: About | None = None
    words: Mapping[str, Any] = field(default_factory=dict)
    at: datetime | None = None
    by: User | None = None
    touches: frozenset[str] | None = None

    def touched(self, what: str) -> bool:
        return what in (self.kind.touches if self.touches is None else self.touches)


@dataclass(frozen=True)
class Replacing:
    """What was told of `kind` about `about`, to these contacts or to no contact, does not hold any more."""

    kind: Kind
    about: About
    among: Collection[int]


@dataclass(frozen=True)
class Telling:
    """What followers are given. `newcomers` is what the writer of many rows knows of people who are new, in
    the form that crm/contacts/indexing.py takes; of those nothing has to be asked.
    """

    happenings: Sequence[Happening]
    replacing: Replacing | None = None
    newcomers: Sequence[Any] = ()

    def contacts_touched(self, what: str) -> set[int]:
        """Those of whom `what` may have changed, and who are not newcomers."""
        found = {contact for one in self.happenings if one.touched(what) for contact in one.contacts}
        if self.replacing and what in self.replacing.kind.touches:
            found.update(self.replacing.among)
        return found - {one.pk for one in self.newcomers} if self.newcomers else found


Follower = Callable[[Telling], None]
FOLLOWERS: list[Follower] = []


def tell(happening: Happening) -> None:
    """It happened: let everything follow from it, in the transaction of the caller."""
    tell_all([happening])


def tell_all(happenings: Sequence[Happening], *, newcomers: Sequence[Any] = ()) -> None:
    """tell() for many at once, in a fixed number of statements; see Telling."""
    _pass_on(Telling(happenings, newcomers=newcomers))


def retell(kind: Kind, about: About, happenings: Sequence[Happening], *, among: Collection[int]) -> None:
    """It is known better now: `happenings` take the place of what was told of `kind` about `about`.

    `among` are all contacts whom it concerned or concerns; what was told to others stays.
    """
    _pass_on(Telling(happenings, Replacing(kind, about, among)))


def _pass_on(telling: Telling) -> None:
    if not connection.in_atomic_block:
        raise TransactionManagementError("What happened is told in the transaction that made it happen.")
    for follow in FOLLOWERS:
        follow(telling)
