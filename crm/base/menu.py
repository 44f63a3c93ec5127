"""The menu, and what can be done from the page of a contact; each noun registers its own in `access.py`."""

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class MenuEntry:
    """`page` is the name of an address; `sections` are the first words of the names of all in its section.

    `capability` is what it takes to open it, "" for nothing. A smaller `place` comes first; on a phone those
    `in_front` stand in the bar, the others behind "more".
    """

    page: str
    sections: tuple[str, ...]
    icon: str
    word: Promise | str
    capability: str
    place: int
    in_front: bool = False


@dataclass(frozen=True)
class ContactAction:
    """A button on the page of a contact that opens `page` with ?contact= and their key."""

    page: str
    icon: str
    word: Promise | str
    capability: str


_MENU: list[MenuEntry] = []
_ACTIONS: list[ContactAction] = []


def register_entry(entry: MenuEntry) -> None:
    _MENU.append(entry)


def register_contact_action(action: ContactAction) -> None:
    _ACTIONS.append(action)


def menu_entries() -> list[MenuEntry]:
    return sorted(_MENU, key=lambda entry: entry.place)


def contact_actions() -> list[ContactAction]:
    return _ACTIONS
