"""Who a row is: somebody known, somebody earlier in the file, perhaps somebody, or new.

E-mail and name, then telephone and name, decide. Name and organisation alone are for a person to judge,
unless neither side has any address and the names are the same. An address alone never makes two people one.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from crm.imports.known import Known
from crm.text import words

Agreement = Literal["equal", "compatible", "differ"]


@dataclass(frozen=True)
class Match:
    """`sure` is False when a person must decide; without `person` there are several to choose from."""

    person: Known | None
    sure: bool


def surname_key(name: dict[str, str]) -> str:
    """The folded family name with its infix; of somebody with one name, that name."""
    return " ".join(words(f"{name['infix']} {name['family_name']}")) or " ".join(words(name["given_name"]))


def first_names(one: dict[str, str], other: dict[str, str]) -> Agreement:
    """Whether given names and initials can belong to one person: Jan and J.H. can, Ruud and Rik cannot."""
    given = [" ".join(words(name["given_name"])) for name in (one, other)]
    letters = ["".join(words(name["initials"])) for name in (one, other)]
    if all(given):
        if given[0] != given[1]:
            return "compatible" if given[0].split()[0] == given[1].split()[0] else "differ"
        return "equal" if _same_start(letters[0], letters[1]) else "compatible"
    if not any(given):
        equal = letters[0] == letters[1]
        return "equal" if equal else "compatible" if _same_start(letters[0], letters[1]) else "differ"
    whole, short = (given[0], letters[1]) if given[0] else (given[1], letters[0])
    return "compatible" if not short or short[0] == whole[0] else "differ"


def _same_start(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


class People:
    """Everybody whom a row could be: those in the database and those earlier in the file."""

    def __init__(self, known: Iterable[Known] = ()) -> None:
        self._by_address: dict[str, list[Known]] = defaultdict(list)
        self._by_surname: dict[str, list[Known]] = defaultdict(list)
        for person in known:
            self.add(person)

    def add(self, person: Known) -> None:
        self._by_surname[surname_key(person.name)].append(person)
        self.note_addresses(person)

    def note_addresses(self, person: Known) -> None:
        """Call it when a row has given a known person more addresses."""
        for address in person.addresses:
            if not any(known is person for known in self._by_address[address]):
                self._by_address[address].append(person)

    def match(self, wanted: Known) -> Match | None:
        """Who `wanted` is, or None for somebody new."""
        for addresses, test in ((wanted.emails, _agree), ([n for _, n in wanted.phones], _agree_by_phone)):
            found = self._sharing(addresses, wanted, test)
            if found:
                return _best(found, wanted)
        namesakes = self._by_surname.get(surname_key(wanted.name), [])
        likely = [person for person in namesakes if _is_likely(person, wanted)]
        if len(likely) != 1:
            return Match(None, sure=False) if likely else None
        return Match(likely[0], sure=_is_same_without_addresses(likely[0], wanted))

    def _sharing(
        self, addresses: Iterable[str], wanted: Known, test: Callable[[Known, Known], bool]
    ) -> list[Known]:
        found: list[Known] = []
        for address in addresses:
            for person in self._by_address.get(address, []):
                if test(person, wanted) and not any(known is person for known in found):
                    found.append(person)
        return found


def _agree(person: Known, wanted: Known) -> bool:
    return (
        surname_key(person.name) == surname_key(wanted.name)
        and first_names(person.name, wanted.name) != "differ"
    )


def _agree_by_phone(person: Known, wanted: Known) -> bool:
    """Namesakes share a switchboard: with different e-mail addresses the given names must be equal."""
    if not _agree(person, wanted):
        return False
    shared = set(person.phones) & set(wanted.phones)
    personal = any(kind == "mobile" for kind, _number in shared)
    return (
        personal or not (person.emails and wanted.emails) or first_names(person.name, wanted.name) == "equal"
    )


def _best(found: list[Known], wanted: Known) -> Match:
    exact = [person for person in found if first_names(person.name, wanted.name) == "equal"]
    candidates = exact or found
    return Match(candidates[0], sure=True) if len(candidates) == 1 else Match(None, sure=False)


def _is_likely(person: Known, wanted: Known) -> bool:
    """The same name at the same organisation; with addresses on both sides, the given name in full."""
    agreement = first_names(person.name, wanted.name)
    same_place = bool(set(person.jobs) & set(wanted.jobs)) or not (person.jobs or wanted.jobs)
    if agreement == "differ" or not same_place:
        return False
    if person.addresses and wanted.addresses:
        return agreement == "equal" and bool(wanted.name["given_name"]) and bool(person.jobs)
    return True


def _is_same_without_addresses(person: Known, wanted: Known) -> bool:
    """Only towards the database: twice in one file without any address is for a person to judge."""
    bare = not (person.addresses or wanted.addresses) and person.row is None
    return bare and first_names(person.name, wanted.name) == "equal"
