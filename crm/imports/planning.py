"""What each row of a file will do, computed once and changed by nothing: the plan that a person reads."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from crm.contacts.models import Contact
from crm.imports.differences import Changes, differences, is_refused_yes, learn
from crm.imports.known import Known, OrganisationKeys, from_contacts, from_values, with_what_is_known
from crm.imports.mapping import PERSON_FIELDS, Mapping
from crm.imports.matching import Match, People
from crm.imports.models import ImportBatch, ImportRow
from crm.imports.organisation_planning import OrganisationPlanner
from crm.imports.planned import PlannedRow
from crm.imports.reading import ReadingError, read
from crm.imports.rows import RowReader, RowReading, Values
from crm.imports.tables import Table, find_table
from crm.imports.theme_words import ThemeFinder

Action = ImportRow.Action
Kind = ImportBatch.Kind


@dataclass
class Plan:
    file_name: str
    kind: str
    sheet: str
    columns: list[list[str]]
    sector: str = ""
    rows: list[PlannedRow] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """How many rows were read and what they do; the actions add up to `read`."""
        actions = [row.action for row in self.rows]
        return {"read": len(actions), **{action.value: actions.count(action.value) for action in Action}}


def make_plan(data: bytes, file_name: str, *, kind: str = "", sector: str = "") -> Plan:
    """Read a file and decide per row, without writing anything; ReadingError says why it cannot be done."""
    sheets = read(data, file_name)
    table = find_table(sheets)
    chosen = kind or kind_of(table.mapping)
    _check_name_column(table.mapping, chosen)
    plan = Plan(file_name, chosen, ", ".join(table.sheets), table.mapping.pairs(), sector)
    unread = [sheet.name for sheet in sheets if sheet.name not in table.sheets and sheet.rows]
    if unread:
        names = ", ".join(f"“{name}”" for name in unread)
        plan.remarks.append(_("Not read, for want of the same headings: %(sheets)s.") % {"sheets": names})
    plan.rows = _plan_rows(table, chosen, sector)
    if not plan.rows:
        raise ReadingError(_("There are headings but no rows under them."))
    return plan


def kind_of(mapping: Mapping) -> str:
    """People, unless only organisations have a name."""
    if (
        not mapping.has("organisation")
        and mapping.has("external_id", "alias", "website")
        and not mapping.has("email")
    ):
        return Kind.ORGANISATIONS
    people = mapping.has(*PERSON_FIELDS) or not mapping.has("organisation")
    return Kind.CONTACTS if people else Kind.ORGANISATIONS


def _check_name_column(mapping: Mapping, kind: str) -> None:
    if kind == Kind.CONTACTS and not mapping.has(*PERSON_FIELDS):
        raise ReadingError(_("No column with names of people was found, so no row can become a contact."))
    if kind == Kind.ORGANISATIONS and not mapping.has("organisation", "full_name"):
        raise ReadingError(_("No column with names of organisations was found."))


def _plan_rows(table: Table, kind: str, sector: str) -> list[PlannedRow]:
    reader = RowReader(table.mapping, ThemeFinder(), sector)
    planner: Callable[[PlannedRow, RowReading], None]
    if kind == Kind.CONTACTS:
        planner, read_row = ContactPlanner().plan, reader.contact
    else:
        planner, read_row = OrganisationPlanner().plan, reader.organisation
    planned: list[PlannedRow] = []
    several = len(table.sheets) > 1
    for position, row in enumerate(table.rows, 1):
        reading = read_row(row)
        new = PlannedRow(position, row.number, row.sheet if several else "", row.cells, reading.values)
        planner(new, reading)
        new.reason = " ".join(filter(None, [new.reason, *reading.remarks]))
        planned.append(new)
    return planned


class ContactPlanner:
    """Decides row after row; it remembers the people of earlier rows."""

    def __init__(self) -> None:
        self._organisations = OrganisationKeys()
        self._people = People(from_contacts(with_what_is_known()))

    def plan(self, row: PlannedRow, reading: RowReading) -> None:
        """Fill in what `row` does and why."""
        values = reading.values
        if not (values["family_name"] or values["given_name"]):
            row.refuse(_("There is no name in this row."))
        elif too_long := reading.too_long():
            row.refuse(too_long)
        else:
            self._match(row, reading)

    def _match(self, row: PlannedRow, reading: RowReading) -> None:
        values = reading.values
        if values["job_title"] and not values["organisation"]:
            reading.remarks.append(_("The job title is not kept: there is no organisation."))
        wanted = from_values(values, self._organisations)
        match = self._people.match(wanted)
        if match is None:
            self._new(row, wanted)
        elif match.person is None:
            row.ask(_("Several people it could be: a person must decide."))
        elif match.person.row is not None:
            self._again(row, match, match.person, match.person.row)
        else:
            self._known(row, match, match.person, values)

    def _new(self, row: PlannedRow, wanted: Known) -> None:
        row.action = Action.NEW
        wanted.row = row
        self._people.add(wanted)

    def _known(self, row: PlannedRow, match: Match, person: Known, values: Values) -> None:
        row.contact_id = person.contact_id
        if not match.sure:
            who = {"name": _name(person)}
            row.ask(_("Perhaps %(name)s, who is known already: a person must decide.") % who)
            return
        row.changes = self._learn(person, values, fill_only=False)
        row.action = Action.CHANGED if row.changes else Action.SAME
        person.row = row
        if is_refused_yes(person, values):
            row.reason = _("This person said no before; a yes in a file does not change that.")

    def _again(self, row: PlannedRow, match: Match, person: Known, earlier: PlannedRow) -> None:
        """A later row of somebody in this file: never a second contact, `same` once nothing is left to do."""
        row.contact_id, row.repeats = person.contact_id, earlier
        if match.sure:
            row.changes = self._learn(person, row.values, fill_only=True)
            row.reason = _("The same person as in %(place)s.") % {"place": earlier.place()}
        else:
            row.reason = _("Perhaps the same person as in %(place)s: a person must decide.") % {
                "place": earlier.place()
            }
        known_already = earlier.action == Action.SAME and not row.changes
        row.action = Action.SAME if known_already else Action.DUPLICATE

    def _learn(self, person: Known, values: Values, *, fill_only: bool) -> Changes:
        changes = differences(person, values, self._organisations, fill_only=fill_only)
        learn(person, values, self._organisations, changes)
        self._people.note_addresses(person)
        return changes


def _name(person: Known) -> str:
    parts = {part: person.name[part] for part in ("given_name", "initials", "infix", "family_name")}
    return str(Contact(**parts))
