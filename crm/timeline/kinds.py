"""The kinds of timeline entry. A noun registers its own, so that crm need not know it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from django.utils.functional import Promise

Group = Literal["conversation", "mail", "change"]


@dataclass(frozen=True)
class EntryKind:
    """`phrase` is a lazy translation with %(name)s places; `icon` a name in the sprite."""

    name: str
    icon: str
    group: Group
    phrase: Promise | str
    # What a person did is shown bold; mail and system lines are not.
    by_person: bool = False

    def sentence(self, words: Mapping[str, Any]) -> str:
        return str(self.phrase) % words


KINDS: dict[str, EntryKind] = {}


def register(kind: EntryKind) -> EntryKind:
    KINDS[kind.name] = kind
    return kind
