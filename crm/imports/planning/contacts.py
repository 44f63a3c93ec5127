"""What each row of a list of people will do, a piece of the file at a time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from crm.base.bulk_rows import by_key
from crm.base.said import Said
from crm.base.text import fold
from crm.contacts.models import Affiliation, Contact
from crm.imports.columns.rows import RowReading
from crm.imports.columns.values import Values
from crm.imports.kinds import Planner
from crm.imports.models import ImportRow
from crm.imports.planning import lookups
from crm.imports.planning.decisions import Decisions
from crm.imports.planning.differences import Changes, differences, is_refused_yes, learn
from crm.imports.planning.file_index import FileIndex
from crm.imports.planning.known import NAME_FIELDS, Known, from_values, load_people
from crm.imports.planning.matching import Match, People
from crm.imports.planning.nearby import bring_nearby
from crm.imports.planning.planned import PlannedRow
from crm.imports.said import (
    JOB_WITHOUT_PLACE,
    NO_BEFORE,
    NO_NAME,
    NOT_OF_THIS_NUMBER,
    OTHER_EMAIL,
    PERHAPS_AS_IN,
    PERHAPS_KNOWN,
    SAME_CODE,
    SAME_NAME,
    SAME_NAME_AT,
    SAME_PERSON,
    SEVERAL_PEOPLE,
)

Action = ImportRow.Action
_LONGEST_NUMBER = 19  # digits of a key of the database
Piece = Sequence[tuple[PlannedRow, RowReading]]


class EarlierRows(Protocol):
    def about(self, positions: set[int]) -> list[PlannedRow]:
        """The rows at these positions and those that repeat them, in file order."""


@dataclass
class _Nearby:
    """Whom the rows of a piece could be, as far as was looked: with which contacts and rows they are."""

    people: People = field(default_factory=People)
    contacts: set[int] = field(default_factory=set)
    positions: set[int] = field(default_factory=set)


class ContactPlanner(Planner):
    """Decides piece after piece; of earlier ones it remembers where to find whom."""

    def __init__(self, earlier: EarlierRows) -> None:
        self._earlier = earlier
        self._organisations = lookups.OrganisationKeys()
        self._index = FileIndex()
        self._decisions = Decisions()
        # The row before, what it says, and who that surely is.
        self._before: tuple[PlannedRow, Known, Known | None] | None = None
        self._who: Known | None = None

    def plan(self, piece: Piece) -> None:
        """Fill in what each row does and why."""
        readable = [(row, reading) for row, reading in piece if _is_readable(row, reading)]
        with by_key():
            wanted = self._described(reading.values for _row, reading in readable)
            people = self._people(wanted, {_number(reading.values) for _row, reading in readable} - {0})
        for (row, reading), person in zip(readable, wanted, strict=True):
            self._who, match = None, self._of_one_card(row, person)
            self._decide(people, row, reading, person, match)
            self._before = row, person, self._who

    def resume(self, rows: Sequence[PlannedRow]) -> None:
        """Remember these rows, in file order, as if they had been planned here."""
        self._organisations.learn(row.values["organisation"] for row in rows)
        written_to: set[int] = set()
        for row in rows:
            if row.action == Action.REFUSED or row.could_be:
                continue
            if row.action == Action.NEW:
                person = from_values(row.values, self._organisations.of(row.values["organisation"]))
                person.row = row
                self._index.note(person)
            elif row.repeats or row.changes:
                written_to.add((row.repeats or row).position)
            else:
                self._index.note(Known({}, "", contact_id=row.contact_id, row=row), changed=False)
        for person in self._recalled(written_to, {}).values():
            self._index.note(person)

    def _described(self, every: Iterable[Values]) -> list[Known]:
        values = list(every)
        self._organisations.learn(one["organisation"] for one in values)
        return [from_values(one, self._organisations.of(one["organisation"])) for one in values]

    def _people(self, wanted: Sequence[Known], numbers: set[int]) -> People:
        """Everybody whom these could be, of the file and of the database; also the contacts of `numbers`."""
        nearby = _Nearby()
        self._bring(nearby, numbers, self._index.positions(wanted))
        bring_nearby(nearby.people, wanted, partial(self._bring, nearby))
        return nearby.people

    def _bring(self, nearby: _Nearby, contacts: set[int], positions: Iterable[int] = ()) -> None:
        """Add these contacts and those of the rows at these positions, as the file so far leaves them."""
        found = load_people(contacts - nearby.contacts)
        rows = {*positions, *self._index.positions_of(found)} - nearby.positions
        recalled = self._recalled(rows, found)
        for person in _as_the_file_leaves_them(found, recalled):
            if person.contact_id not in nearby.contacts:
                nearby.people.add(person)
        nearby.contacts |= found.keys() | {one.contact_id for one in recalled.values() if one.contact_id}
        nearby.positions |= rows | recalled.keys()

    def _recalled(self, positions: set[int], found: dict[int, Known]) -> dict[int, Known]:
        """The people whom the rows at these positions are about, as the file so far leaves them."""
        rows = self._earlier.about(positions) if positions else []
        self._organisations.learn(row.values["organisation"] for row in rows)
        known = {row.contact_id for row in rows if row.contact_id and row.action != Action.NEW}
        found = found | load_people(known - found.keys())
        people: dict[int, Known] = {}
        for row in rows:
            organisation = self._organisations.of(row.values["organisation"])
            first = (row.repeats or row).position
            if row.action == Action.NEW:
                people[first] = from_values(row.values, organisation)
            elif first == row.position and row.contact_id in found:
                people[first] = found[row.contact_id]
            if first in people and not row.could_be:
                people[first].row = people[first].row or row
                learn(people[first], row.values, organisation, row.changes)
        return people

    def _decide(
        self,
        people: People,
        row: PlannedRow,
        reading: RowReading,
        wanted: Known,
        match: Match | None,
    ) -> None:
        """`match` is who it surely is, None when that has to be found."""
        lost = [name for name in Affiliation.TEXTS if reading.values[name]]
        if lost and not reading.values["organisation"]:
            reading.remarks.append(JOB_WITHOUT_PLACE(fields=lost))
        by_number = "kwartet_number" in reading.values
        match = match or (_numbered(people, reading.values) if by_number else people.match(wanted))
        if match is not None:
            reading.remarks += reading.questions
        if match is None and by_number:
            row.refuse(NOT_OF_THIS_NUMBER(number=reading.values["kwartet_number"][:20]))
        elif match is None and reading.questions:
            row.ask(*reading.questions)
        elif match is None:
            row.action, wanted.row, self._who = Action.NEW, row, wanted
            people.add(wanted)
            self._index.note(wanted)
        elif match.person is None or not match.sure:
            self._ask(people, row, match, wanted)
        elif match.person.row is not None:
            self._again(people, row, match.person, match.person.row)
        else:
            self._known(people, row, match.person)

    def _of_one_card(self, row: PlannedRow, wanted: Known) -> Match | None:
        """The person of the row before, when this one is a further function on the same address card."""
        if self._before is None:
            return None
        before, said, who = self._before
        same = (before.sheet, before.number) == (row.sheet, row.number)
        same = same and all(said.name[part] == wanted.name[part] for part in NAME_FIELDS)
        return Match(who, sure=True) if same and who is not None else None

    def _ask(self, people: People, row: PlannedRow, match: Match, wanted: Known) -> None:
        """A person must decide, unless one did when such a row was brought in before."""
        several = [match.person] if match.person else match.several
        if self._was_decided(people, row, several):
            return
        person = match.person
        who = [one.contact_id or one.row for one in several]
        row.could_be = [one for one in who if one is not None]
        row.repeats = person.row if person else None
        row.ask(_who(match), *_why(match, wanted))

    def _was_decided(self, people: People, row: PlannedRow, several: Sequence[Known]) -> bool:
        """Whether it is known who it is, and nothing is left to do that somebody did not want."""
        decided = self._decisions.of(row.values, several)
        if decided is None:
            return False
        person = decided.person
        organisation = self._organisations.of(row.values["organisation"])
        if decided.fill_only and differences(person, row.values, organisation, fill_only=True):
            return False
        if person.row is not None:
            self._again(people, row, person, person.row)
        elif decided.fill_only:
            row.action, row.contact_id, person.row = Action.SAME, person.contact_id, row
            self._index.note(person, changed=False)
        else:
            self._known(people, row, person)
        return True

    def _known(self, people: People, row: PlannedRow, person: Known) -> None:
        row.contact_id, person.row, self._who = person.contact_id, row, person
        refused_yes = is_refused_yes(person, row.values)
        row.changes = self._learn(people, person, row.values, fill_only=False)
        row.action = Action.CHANGED if row.changes else Action.SAME
        if refused_yes:
            row.reason = [NO_BEFORE()]

    def _again(self, people: People, row: PlannedRow, person: Known, earlier: PlannedRow) -> None:
        """A later row of somebody in this file: never a second contact, `same` once nothing is left to do."""
        row.contact_id, row.repeats, self._who = person.contact_id, earlier, person
        row.changes = self._learn(people, person, row.values, fill_only=True)
        row.reason = [SAME_PERSON(**earlier.place())]
        known_already = earlier.action == Action.SAME and not row.changes
        row.action = Action.SAME if known_already else Action.REPEATED

    def _learn(self, people: People, person: Known, values: Values, *, fill_only: bool) -> Changes:
        organisation = self._organisations.of(values["organisation"])
        changes = differences(person, values, organisation, fill_only=fill_only)
        if changes:
            learn(person, values, organisation, changes)
            people.note_keys(person)
        self._index.note(person, changed=bool(changes))
        return changes


def _is_readable(row: PlannedRow, reading: RowReading) -> bool:
    values = reading.values
    if reading.nobody:
        row.refuse(*reading.nobody)
    elif not (values["family_name"] or values["given_name"] or "kwartet_number" in values):
        row.refuse(NO_NAME())
    elif too_long := reading.too_long():
        row.refuse(*too_long)
    return not row.action


def _number(values: Values) -> int:
    """The number of a contact that the row names, 0 for none."""
    text = values.get("kwartet_number", "")
    return int(text) if text.isdecimal() and len(text) < _LONGEST_NUMBER else 0


def _numbered(people: People, values: Values) -> Match | None:
    """The contact of that number, if it goes by the name that is shown: elsewhere it is somebody else's."""
    person = people.numbered(_number(values))
    same = person is not None and fold(_name(person)) == fold(values["shown_name"])
    return Match(person, sure=True) if same else None


def _as_the_file_leaves_them(found: dict[int, Known], recalled: dict[int, Known]) -> list[Known]:
    known = {person.contact_id for person in recalled.values()}
    return [*(person for pk, person in found.items() if pk not in known), *recalled.values()]


def _who(match: Match) -> Said:
    if match.person is None:
        return SEVERAL_PEOPLE()
    if match.person.row is not None:
        return PERHAPS_AS_IN(**match.person.row.place())
    return PERHAPS_KNOWN(name=_name(match.person))


def _why(match: Match, wanted: Known) -> list[Said]:
    """What speaks for one person, and what against."""
    person = match.person
    if person is None:
        return []
    if match.same_code:
        return [SAME_CODE()]
    shared = [job.organisation for key, job in person.jobs.items() if key in wanted.jobs]
    found = [SAME_NAME_AT(place=shared[0]) if shared else SAME_NAME()]
    return [*found, OTHER_EMAIL()] if person.emails and wanted.emails else found


def _name(person: Known) -> str:
    parts = {part: person.name[part] for part in ("given_name", "initials", "infix", "family_name")}
    return str(Contact(**parts))
