"""Which earlier rows of a file a later one may be about, in little memory: the rows are elsewhere."""

from array import array
from collections.abc import Iterable, Iterator

from crm.base.text import fold
from crm.imports.planning.known import Known

# First names are told apart by their letter, and letters by one of so many numbers; 0 is for none.
_LETTERS = 32
# A key has so many bits, and there are so many places at first.
_BITS = (1 << 64) - 1
_PLACES = 1 << 12


class Firsts:
    """The first of the numbers that were noted under a key; both are at least 1.

    Hundreds of thousands take a fourth of the memory of a dict: two arrays with a third of their places
    empty, in which a key stands at its own place or behind those that came to the same one before it.
    """

    def __init__(self) -> None:
        self._count = 0
        self._make(_PLACES)

    def get(self, key: int) -> int:
        """0 when nothing was noted."""
        return self._numbers[self._place(key)]

    def note(self, key: int, number: int) -> int:
        """The first one, which may be this."""
        place = self._place(key)
        if not self._keys[place]:
            self._keys[place], self._numbers[place] = key, number
            self._count += 1
            if 3 * self._count > 2 * len(self._keys):
                self._grow()
            return number
        return self._numbers[place]

    def _place(self, key: int) -> int:
        keys, last = self._keys, len(self._keys) - 1
        place = key & last
        while keys[place] and keys[place] != key:
            place = (place + 1) & last
        return place

    def _make(self, size: int) -> None:
        self._keys = array("Q", bytes(8 * size))
        self._numbers = array("I", bytes(4 * size))

    def _grow(self) -> None:
        noted = zip(self._keys, self._numbers, strict=True)
        self._make(2 * len(self._keys))
        for key, number in noted:
            if key:
                place = self._place(key)
                self._keys[place], self._numbers[place] = key, number


class FileIndex:
    """By the hash of what people are recognised by: the position of the first row about such a person.

    Two texts with one hash only cause a row to be looked at in vain.
    """

    def __init__(self) -> None:
        self._first = Firsts()
        # The few keys that several people share.
        self._others: dict[int, set[int]] = {}
        self._of_contact: dict[int, int] = {}
        # Only namesakes are the same person, unless they share a code.
        self._surnames: set[int] = set()

    def note(self, person: Known, *, changed: bool = True) -> None:
        """Call it when a row is about `person`, and again when they got another address or job.

        Whom no row changed is found where they are known already, by their number.
        """
        if person.row is None:
            return
        position = person.row.position
        if person.contact_id is not None:
            self._of_contact[person.contact_id] = position
        if not changed:
            return
        self._surnames.add(hash(person.surname))
        for key in (*_sure_keys(person), *_name_keys(person)):
            if self._first.note(key, position) != position:
                self._others.setdefault(key, set()).add(position)

    def positions(self, wanted: Iterable[Known]) -> set[int]:
        """Where those may be whom match() would find."""
        found: set[int] = set()
        for person in wanted:
            if hash(person.surname) not in self._surnames and not person.name["external_id"]:
                continue
            for key in (*_sure_keys(person), *_likely_keys(person)):
                if first := self._first.get(key):
                    found |= {first, *self._others.get(key, ())}
        return found

    def positions_of(self, contacts: Iterable[int]) -> set[int]:
        return {self._of_contact[contact] for contact in contacts if contact in self._of_contact}


def _sure_keys(person: Known) -> Iterator[int]:
    surname, code = person.surname, person.name["external_id"]
    if code:
        yield _key(("code", code))
    for address in person.emails:
        yield _key((surname, address))
    for _kind, number in person.phones:
        yield _key((surname, number))


def _name_keys(person: Known) -> Iterator[int]:
    """What somebody is noted under: by the letter of the first name."""
    reachable = bool(person.emails or person.phones)
    for place in person.jobs or ("",):
        yield _key((person.surname, place, reachable, _letter(person)))


def _likely_keys(person: Known) -> Iterator[int]:
    """The same, turned round: two who have addresses and work nowhere are never taken for one."""
    own = _letter(person)
    letters = (own, 0) if own else range(_LETTERS)
    for place in person.jobs or ("",):
        for reachable in (False, True):
            if not reachable or place or not (person.emails or person.phones):
                for letter in letters:
                    yield _key((person.surname, place, reachable, letter))


def _key(about: tuple[object, ...]) -> int:
    return hash(about) & _BITS or 1


def _letter(person: Known) -> int:
    """First names that agree begin with the same letter, so it has the same number; 0 without any name."""
    first = fold(person.name["given_name"] or person.name["initials"])[:1]
    return 1 + ord(first) % (_LETTERS - 1) if first else 0
