"""What stands beside the thread of a part: each noun above registers its sections in its file life.py."""

from collections.abc import Callable, Iterable

from crm.accounts.models import User
from engagement.statements.life import Beside
from engagement.strategy.models import StrategyItem

# Called with the part, the keys of all under it and its own, and who reads.
Sections = Callable[[StrategyItem, list[int], User], Iterable[Beside]]
_SECTIONS: list[Sections] = []


def register_section(sections: Sections) -> None:
    """A template gets `section` with its context, `item` and `may`."""
    _SECTIONS.append(sections)


def beside_part(item: StrategyItem, keys: list[int], reader: User) -> list[Beside]:
    return [one for find in _SECTIONS for one in find(item, keys, reader)]
