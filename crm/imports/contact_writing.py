"""Putting a piece of a plan into the database: what its rows say of people, in a fixed number of statements.

The caller owns the transaction. Nothing is kept between two pieces, so each is repeated or undone as a whole.
"""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from crm import bulk_rows
from crm.contacts.models import Contact
from crm.contacts.search_documents import one_by_one
from crm.history.services import keep
from crm.imports.consents import AnswerReader
from crm.imports.differences import Changes, differences
from crm.imports.known import Known, from_values, load_people
from crm.imports.lookups import OrganisationKeys
from crm.imports.meanwhile import Meanwhile
from crm.imports.models import ImportBatch, ImportRow
from crm.imports.people_writing import Draft, DraftWriter, new_draft
from crm.imports.refusing import RowRefused
from crm.imports.timeline import leave_entries
from crm.imports.values import Values, whole
from crm.organisations.models import Organisation, OrganisationSector
from crm.organisations.names import organisation_key
from crm.preferences.services import ImportedAnswer, record_imported
from crm.provenance.services import note_provenance

Action, Decision = ImportRow.Action, ImportRow.Decision


class PeopleWriter:
    """Writes rows that write(): those of ImportRowQuerySet.that_write()."""

    def __init__(self, batch: ImportBatch, rows: Sequence[ImportRow], meanwhile: Meanwhile) -> None:
        self._batch, self._rows, self._meanwhile = batch, rows, meanwhile
        self._organisations = OrganisationKeys()
        # Organisations to be made, by the key they will have: (name, sector).
        self._coming: dict[int, str] = {}
        self._made: dict[int, tuple[str, str]] = {}
        self._drafts: dict[int, Draft] = {}
        self._read_answers = AnswerReader(batch)
        self._answers: list[ImportedAnswer] = []
        self._written: list[ImportRow] = []
        # (row, organisation that it brought in).
        self._founders: list[tuple[int, int]] = []
        # Rows of which more is to be kept than the plan says.
        self._updated: dict[int, ImportRow] = {}

    def write(self) -> None:
        self._meet_organisations()
        self._number_those_taken()
        people = self._known()
        for row in self._rows:
            try:
                self._write(row, whole(self._batch.kind, row.values), people)
            except RowRefused as refused:
                row.action, row.reason, row.changes = Action.REFUSED, str(refused), {}
                self._updated[row.pk] = row
            row.values, row.original = {}, []  # the draft has what is left to do
        self._make_organisations()
        drafts = DraftWriter(self._batch, list(self._drafts.values()))
        now, by = timezone.now(), self._batch.created_by
        # Before those who gave them are there, which PostgreSQL only asks at the end: all after this writes.
        record_imported(answers=self._answers, recorded_by=by, at=now)
        drafts.write()
        self._leave_traces(now)
        self._update_rows()

    def _meet_organisations(self) -> None:
        """Look up all that are named; those that are not there get a number, in case a row needs them."""
        names = dict.fromkeys(
            row.values["organisation"] for row in self._rows if "organisation" in row.values
        )
        self._organisations.learn(names)
        by_key = {organisation_key(name): name for name in reversed(names)}
        missing = [name for name in reversed(by_key.values()) if not self._organisations.number(name)]
        for name, number in zip(missing, bulk_rows.reserve(Organisation, len(missing)), strict=True):
            self._organisations.add(name, number)
            self._coming[number] = name

    def _number_those_taken(self) -> None:
        """A possible duplicate that is to become a contact of its own."""
        taken = [row for row in self._rows if row.is_new and row.is_asked]
        for row, number in zip(taken, bulk_rows.reserve(Contact, len(taken)), strict=True):
            row.contact_id = number
            self._updated[row.pk] = row

    def _known(self) -> dict[int, Known]:
        """Those in the database already, locked."""
        numbers = sorted({row.contact_id for row in self._rows if row.contact_id and not row.is_new})
        there = Contact.objects.filter(pk__in=one_by_one(numbers, "default")).order_by("pk")
        return load_people(there.select_for_update().values_list("pk", flat=True))

    def _write(self, row: ImportRow, values: Values, people: dict[int, Known]) -> None:
        place = self._organisations.number(values["organisation"]) if values["organisation"] else None
        if row.is_new:
            draft, fields = self._new(row, values, place), set(values)
        else:
            draft = self._existing(row, people)
            fields = set(self._changes(row, draft.person, values, place))
        if not fields:
            return
        draft.take(values, fields, place)
        if place in self._coming and place in draft.jobs:
            self._made[place] = (self._coming.pop(place), values["sector"])
            row.organisation_id = place
            self._founders.append((row.pk, place))
        self._answers += self._read_answers.of(row, values, fields, draft.pk)
        self._written.append(row)

    def _new(self, row: ImportRow, values: Values, place: int | None) -> Draft:
        wanted = from_values(values, f"#{place}" if place else "") if self._meanwhile.anybody else None
        if wanted and self._meanwhile.is_there(wanted):
            raise RowRefused(_("Somebody added this person after the plan was made. Read the file again."))
        number = row.contact_id or 0
        self._drafts[number] = new_draft(values, number)
        return self._drafts[number]

    def _existing(self, row: ImportRow, people: dict[int, Known]) -> Draft:
        number = row.contact_id or 0
        if number in self._drafts:
            return self._drafts[number]
        if number not in people:
            raise RowRefused(_("The contact that this row belongs to is not there. Read the file again."))
        draft = self._drafts[number] = Draft(people[number], is_new=False)
        return draft

    def _changes(self, row: ImportRow, person: Known, values: Values, place: int | None) -> Changes:
        """What the row adds now; RowRefused when that is not what the plan showed."""
        if row.repeats and not row.candidates:
            return row.changes  # the row that it repeats has just changed the same person
        fill_only = row.decision == Decision.FILL
        found = differences(person, values, f"#{place}" if place else "", fill_only=fill_only)
        if not row.is_asked and any(row.changes.get(name) != change for name, change in found.items()):
            raise RowRefused(_("Somebody changed this contact after the plan was made. Read the file again."))
        if found != row.changes:
            row.changes = found
            self._updated[row.pk] = row
        return found

    def _make_organisations(self) -> None:
        batch = self._batch
        rows = [(number, name, organisation_key(name)) for number, (name, _) in self._made.items()]
        bulk_rows.insert(Organisation, ("id", "name", "key"), rows)
        sectors = [(number, sector) for number, (_name, sector) in self._made.items() if sector]
        numbers = bulk_rows.reserve(OrganisationSector, len(sectors))
        bulk_rows.insert(
            OrganisationSector,
            ("id", "organisation_id", "sector"),
            [(number, *row) for number, row in zip(numbers, sectors, strict=True)],
            primary=True,
        )
        keep(Organisation, self._made, "+", by=batch.created_by, reason=batch.file_name)
        keep(OrganisationSector, numbers, "+", by=batch.created_by, reason=batch.file_name)

    def _leave_traces(self, now: datetime) -> None:
        batch = self._batch
        leave_entries(batch, self._written, at=now)
        source = _("%(file)s, row %(row)s")
        new = [(row.contact_id or 0, row.place) for row in self._written if row.is_new]
        note_provenance(
            sources=[(pk, source % {"file": batch.file_name[-200:], "row": place}) for pk, place in new],
            obtained_on=timezone.localdate(now),
        )

    def _update_rows(self) -> None:
        bulk_rows.update(ImportRow, ("organisation_id",), self._founders)
        fields = ["action", "reason", "changes", "contact"]
        ImportRow.objects.bulk_update(list(self._updated.values()), fields, batch_size=500)
