"""What can be found from everywhere: one provider per kind of thing, registered by its noun in finding.py."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.functional import Promise

from crm.accounts.models import User

# Of each kind in the dialog and on the page; one more tells that there are more.
MOST = 8


@dataclass(frozen=True)
class Hit:
    """`snippet` is a piece of a text, as (text, whether it was looked for) one after the other."""

    title: str
    second: str
    url: str
    snippet: tuple[tuple[str, bool], ...] = ()


@dataclass(frozen=True)
class Provider:
    """`find` gives what a reader may see of what they typed, at most MOST + 1; a smaller `place` comes first.

    `further` is the name of the list that searches further with ?q=, "" when there is none.
    """

    heading: Promise | str
    icon: str
    capability: str
    find: Callable[[str, User], Iterable[Hit]]
    place: int
    further: str = ""


_PROVIDERS: list[Provider] = []


def register_provider(provider: Provider) -> None:
    _PROVIDERS.append(provider)


def providers() -> list[Provider]:
    return sorted(_PROVIDERS, key=lambda one: one.place)
