"""Who a row is: somebody known, somebody earlier in the file, perhaps somebody, or new.

A code from elsewhere, then e-mail and name, then telephone and name, decide. Name and organisation alone are
for a person to judge, unless neither side has any address and the names are the same. An address alone never
makes two people one.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

from crm.base.text import words
from crm.imports.planning.known import Known

Agreement = Literal["equal", "compatible", "differ"]


class Match(NamedTuple):
    """`sure` is False when a person must decide; without `person` there are `several` to choose from."""

    person: Known | None
    sure: bool
    several: Sequence[Known] = ()
    # It has the code of `person`, who goes by another name.
    same_code: bool = False


def first_names(one: dict[str, str], other: dict[str, str]) -> Agreement:
    """Whether given names and initials can belong to one person: Jan and J.H. can, Ruud and Rik cannot."""
    if one["given_name"] == other["given_name"] and one["initials"] == other["initials"]:
        return "equal"
    given = [_plain(name["given_name"]) for name in (one, other)]
    letters = [_plain(name["initials"]).replace(" ", "") for name in (one, other)]
    if all(given):
        if given[0] != given[1]:
            return "compatible" if given[0].split()[0] == given[1].split()[0] else "differ"
        return "equal" if _same_start(letters[0], letters[1]) else "compatible"
    if not any(given):
        equal = letters[0] == letters[1]
        return "equal" if equal else "compatible" if _same_start(letters[0], letters[1]) else "differ"
    whole, short = (given[0], letters[1]) if given[0] else (given[1], letters[0])
    return "compatible" if not short or short[0] == whole[0] else "differ"


@lru_cache(10_000)
def _plain(text: str) -> str:
    return " ".join(words(text))


def _same_start(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


class People:
    """Those whom a row could be: of the database and of earlier rows of the file."""

    def __init__(self, known: Iterable[Known] = ()) -> None:
        # Only namesakes can be the same, so an address is looked up together with the surname.
        self._by_address: dict[tuple[str, str], list[Known]] = {}
        # Namesakes at one organisation, or those who work nowhere.
        self._by_place: dict[tuple[str, str], list[Known]] = defaultdict(list)
        self._by_code: dict[str, list[Known]] = defaultdict(list)
        self._by_number: dict[int, Known] = {}
        for person in known:
            self.add(person)

    def add(self, person: Known) -> None:
        if person.contact_id is not None:
            self._by_number[person.contact_id] = person
        if person.name["external_id"]:
            self._by_code[person.name["external_id"]].append(person)
        self.note_keys(person)

    def note_keys(self, person: Known) -> None:
        """Call it when a row has given a known person more addresses or another job."""
        for place in person.jobs or ("",):
            namesakes = self._by_place[person.surname, place]
            if person not in namesakes:
                namesakes.append(person)
        for address in person.addresses:
            sharing = self._by_address.setdefault((person.surname, address), [])
            if person not in sharing:
                sharing.append(person)

    def numbered(self, number: int) -> Known | None:
        """The contact of the database with this number."""
        return self._by_number.get(number)

    def match(self, wanted: Known) -> Match | None:
        """Who `wanted` is, or None for somebody new."""
        return self.match_by_keys(wanted) or self._match_by_name(wanted)

    def match_by_keys(self, wanted: Known) -> Match | None:
        """By code, e-mail or telephone."""
        return self.match_by_code_or_email(wanted) or self._match_by_phone(wanted)

    def match_by_code_or_email(self, wanted: Known) -> Match | None:
        """With the code of somebody of another name a person must decide."""
        code = wanted.name["external_id"]
        if code and (found := self._by_code.get(code)):
            agreeing = [person for person in found if _agree(person, wanted)]
            return _best(agreeing, wanted) if agreeing else Match(found[0], sure=False, same_code=True)
        if found := self._sharing(wanted.emails, wanted, _first_names_agree):
            return _best(found, wanted)
        return None

    def _match_by_phone(self, wanted: Known) -> Match | None:
        numbers = [number for _kind, number in wanted.phones]
        if found := self._sharing(numbers, wanted, _agree_by_phone):
            return _best(found, wanted)
        return None

    def _match_by_name(self, wanted: Known) -> Match | None:
        likely: list[Known] = []
        for place in wanted.jobs or ("",):
            namesakes = self._by_place.get((wanted.surname, place), ())
            # Somebody who worked nowhere may have found work in an earlier row.
            here = [person for person in namesakes if place or not person.jobs]
            likely += [person for person in here if _is_likely(person, wanted)]
        if len(likely) != 1:
            return Match(None, sure=False, several=likely) if likely else None
        return Match(likely[0], sure=_is_same_without_addresses(likely[0], wanted))

    def _sharing(
        self, addresses: Iterable[str], wanted: Known, test: Callable[[Known, Known], bool]
    ) -> list[Known]:
        found: list[Known] = []
        for address in addresses:
            for person in self._by_address.get((wanted.surname, address), ()):
                if test(person, wanted) and person not in found:
                    found.append(person)
        return found


def _first_names_agree(person: Known, wanted: Known) -> bool:
    return first_names(person.name, wanted.name) != "differ"


def _agree(person: Known, wanted: Known) -> bool:
    return person.surname == wanted.surname and _first_names_agree(person, wanted)


def _agree_by_phone(person: Known, wanted: Known) -> bool:
    """Namesakes share a switchboard: with different e-mail addresses the given names must be equal."""
    if not _first_names_agree(person, wanted):
        return False
    shared = set(person.phones) & set(wanted.phones)
    personal = any(kind == "mobile" for kind, _number in shared)
    return (
        personal or not (person.emails and wanted.emails) or first_names(person.name, wanted.name) == "equal"
    )


def _best(found: list[Known], wanted: Known) -> Match:
    if len(found) > 1:
        exact = [person for person in found if first_names(person.name, wanted.name) == "equal"]
        found = exact or found
    return Match(found[0], sure=True) if len(found) == 1 else Match(None, sure=False, several=found)


def _is_likely(person: Known, wanted: Known) -> bool:
    """Of two namesakes at the same organisation: with addresses on both sides, the given name in full."""
    agreement = first_names(person.name, wanted.name)
    if agreement == "differ":
        return False
    if person.addresses and wanted.addresses:
        return agreement == "equal" and bool(wanted.name["given_name"]) and bool(person.jobs)
    return True


def _is_same_without_addresses(person: Known, wanted: Known) -> bool:
    """Only towards the database: twice in one file without any address is for a person to judge."""
    bare = not (person.addresses or wanted.addresses) and person.row is None
    return bare and first_names(person.name, wanted.name) == "equal"
