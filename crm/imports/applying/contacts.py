"""Putting a piece of a plan into the database: what its rows say of people, in a fixed number of statements.

The caller owns the transaction. Nothing is kept between two pieces, so each is repeated or undone as a whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count, islice

from django.utils import timezone
from django.utils.translation import gettext as _

from crm.base import bulk_rows
from crm.base.bulk_rows import one_by_one
from crm.base.happenings import tell_all
from crm.base.tracking import keep
from crm.contacts.models import Contact
from crm.imports.applying.answers import AnswerReader
from crm.imports.applying.drafts import Draft, DraftWriter, new_draft
from crm.imports.applying.meanwhile import Meanwhile
from crm.imports.applying.refusing import RowRefused
from crm.imports.columns.values import Values, whole
from crm.imports.happenings import Teller
from crm.imports.models import ImportBatch, ImportRow, ImportRowQuerySet
from crm.imports.planning.differences import Changes, differences
from crm.imports.planning.known import Known, from_values, load_people
from crm.imports.planning.lookups import OrganisationKeys
from crm.imports.said import CONTACT_CHANGED, CONTACT_NOT_THERE, FILE, PERSON_ADDED
from crm.organisations.models import Organisation, OrganisationSector
from crm.organisations.names import organisation_key
from crm.preferences.services import ImportedAnswer, record_imported
from crm.provenance.services import note_provenance

Action, Decision = ImportRow.Action, ImportRow.Decision
# Rows that are prepared while those before them are written: few at first, when nothing is written yet,
# and so many more each time.
PART = 1000


@dataclass
class _Part:
    """What some rows come to: drafts by contact, and organisations (name, sector) by their key."""

    drafts: dict[int, Draft] = field(default_factory=dict)
    answers: list[ImportedAnswer] = field(default_factory=list)
    written: list[ImportRow] = field(default_factory=list)
    made: dict[int, tuple[str, str]] = field(default_factory=dict)


class PeopleWriter:
    """Writes `rows` that write(): those of ImportRowQuerySet.that_write().

    What must be known of all of them is asked first. Then they are written in parts: while PostgreSQL writes
    one, Python prepares the next.
    """

    def __init__(self, batch: ImportBatch, rows: ImportRowQuerySet) -> None:
        self._batch, self._meanwhile = batch, Meanwhile(batch)
        self._rows = rows.order_by("position")
        self._now = timezone.now()
        self._organisations = OrganisationKeys()
        # Organisations that may be made, by the key they will have.
        self._coming: dict[int, str] = {}
        self._left = self._meet_organisations()
        # Primary keys of possible duplicates that are somebody new, and of the sectors of organisations.
        self._numbers = iter(bulk_rows.reserve(Contact, self._rows.that_are_taken().count()))
        self._sectors = iter(bulk_rows.reserve(OrganisationSector, len(self._coming)))
        self._people = self._known()
        self._writer = DraftWriter(batch, self._organisations.numbers() - self._coming.keys())
        self._read_answers = AnswerReader(batch)
        self._tell = Teller(batch)
        self._part = _Part()
        self._written_to: set[int] = set()
        # (row, organisation that it brought in).
        self._founders: list[tuple[int, int]] = []
        # Rows of which more is to be kept than the plan says.
        self._updated: dict[int, ImportRow] = {}

    def write(self) -> None:
        # All are asked for at once; each is taken from the answer in its turn, which a QuerySet does not do.
        rows = iter(ImportRow.objects.raw(*self._rows.query.sql_with_params()).iterator())
        sizes = count(PART, PART)
        while part := list(islice(rows, next(sizes))):
            self._write_part(part)
            self._left -= len(part)
        self._update_rows()

    def _write_part(self, rows: Sequence[ImportRow]) -> None:
        self._part = part = _Part()
        self._read_back(rows)
        every = [whole(self._batch.kind, row.values) for row in rows]
        self._look_for_newcomers(rows, every)
        for row, values in zip(rows, every, strict=True):
            try:
                self._take(row, values)
            except RowRefused as refused:
                row.action, row.reason, row.changes = Action.REFUSED, [refused.said], {}
                self._updated[row.pk] = row
        drafts = list(part.drafts.values())
        numbered = self._writer.numbered(drafts, self._left / len(rows))
        self._make_organisations()
        self._writer.write(drafts, numbered)
        new = {contact for contact, draft in part.drafts.items() if draft.is_new}
        by = self._batch.created_by
        record_imported(answers=part.answers, newcomers=new, recorded_by=by, at=self._now)
        self._leave_traces()
        self._written_to |= part.drafts.keys()

    def _meet_organisations(self) -> int:
        """Look up all that are named; those that are not there get a number, in case a row needs them.

        How many rows there are.
        """
        named = list(self._rows.values_list("values__organisation", flat=True))
        names = dict.fromkeys(filter(None, named))
        self._organisations.learn(names)
        by_key = {organisation_key(name): name for name in reversed(names)}
        missing = [name for name in reversed(by_key.values()) if not self._organisations.number(name)]
        for name, number in zip(missing, bulk_rows.reserve(Organisation, len(missing)), strict=True):
            self._organisations.add(name, number)
            self._coming[number] = name
        return len(named)

    def _known(self) -> dict[int, Known]:
        """Those in the database already, locked."""
        about = self._rows.exclude(action=Action.NEW).exclude(contact=None)
        numbers = sorted(set(about.values_list("contact", flat=True)))
        there = Contact.objects.filter(pk__in=one_by_one(numbers, "default")).order_by("pk")
        return load_people(there.select_for_update().values_list("pk", flat=True))

    def _read_back(self, rows: Sequence[ImportRow]) -> None:
        """Whom earlier parts have written to."""
        again = {row.contact_id or 0 for row in rows if not row.is_new} & self._written_to
        self._people |= load_people(again)

    def _look_for_newcomers(self, rows: Sequence[ImportRow], every: Sequence[Values]) -> None:
        """Ask about whom others brought in meanwhile, for all of these rows at once."""
        if self._meanwhile.anybody:
            new = [values for row, values in zip(rows, every, strict=True) if row.is_new]
            self._meanwhile.look_for([from_values(values, _key(self._place(values))) for values in new])

    def _place(self, values: Values) -> int | None:
        return self._organisations.number(values["organisation"]) if values["organisation"] else None

    def _take(self, row: ImportRow, values: Values) -> None:
        place = self._place(values)
        if row.is_new:
            draft, fields = self._new(row, values, place), set(values)
        else:
            draft = self._existing(row)
            fields = set(self._changes(row, draft.person, values, place))
        if not fields:
            return
        draft.take(values, fields, place)
        if place in self._coming and place in draft.jobs:
            self._part.made[place] = (self._coming.pop(place), values["sector"])
            row.organisation_id = place
            self._founders.append((row.pk, place))
        self._part.answers += self._read_answers.of(row, values, fields, draft.pk)
        self._part.written.append(row)

    def _new(self, row: ImportRow, values: Values, place: int | None) -> Draft:
        if row.is_asked:
            row.contact_id = next(self._numbers)
            self._updated[row.pk] = row
        if self._meanwhile.anybody and self._meanwhile.is_there(
            from_values(values, _key(place)), besides=row.candidates
        ):
            raise RowRefused(PERSON_ADDED())
        number = row.contact_id or 0
        draft = self._part.drafts[number] = new_draft(values, number)
        return draft

    def _existing(self, row: ImportRow) -> Draft:
        number = row.contact_id or 0
        if number in self._part.drafts:
            return self._part.drafts[number]
        if number not in self._people:
            raise RowRefused(CONTACT_NOT_THERE())
        draft = self._part.drafts[number] = Draft(self._people[number], is_new=False)
        return draft

    def _changes(self, row: ImportRow, person: Known, values: Values, place: int | None) -> Changes:
        """What the row adds now; RowRefused when that is not what the plan showed."""
        if row.repeats and not row.candidates:
            return row.changes  # the row that it repeats has just changed the same person
        fill_only = row.decision == Decision.FILL
        found = differences(person, values, _key(place), fill_only=fill_only)
        if not row.is_asked and any(row.changes.get(name) != change for name, change in found.items()):
            raise RowRefused(CONTACT_CHANGED())
        if found != row.changes:
            row.changes = found
            self._updated[row.pk] = row
        return found

    def _make_organisations(self) -> None:
        batch, made = self._batch, self._part.made
        for number, (name, _sector) in made.items():
            self._writer.name(number, name)
        rows = [(number, name, organisation_key(name)) for number, (name, _sector) in made.items()]
        bulk_rows.insert(Organisation, ("id", "name", "key"), rows)
        sectors = [
            (next(self._sectors), number, sector) for number, (_name, sector) in made.items() if sector
        ]
        bulk_rows.insert(OrganisationSector, ("id", "organisation_id", "sector"), sectors, primary=True)
        by, reason = batch.created_by, FILE(name=batch.file_name)
        keep(Organisation, made, "+", by=by, reason=reason)
        keep(OrganisationSector, [row[0] for row in sectors], "+", by=by, reason=reason)

    def _leave_traces(self) -> None:
        batch, written, drafts = self._batch, self._part.written, self._part.drafts
        happenings = [
            self._tell.written(
                row, contacts=[row.contact_id or 0], at=self._now, touches=drafts[row.contact_id or 0].touches
            )
            for row in written
        ]
        newcomers = [self._writer.newcomer(draft) for draft in drafts.values() if draft.is_new]
        tell_all(happenings, newcomers=newcomers)
        source = _("%(file)s, row %(row)s")
        new = [(row.contact_id or 0, row.place) for row in written if row.is_new]
        note_provenance(
            sources=[(pk, source % {"file": batch.file_name[-200:], "row": place}) for pk, place in new],
            obtained_on=timezone.localdate(self._now),
        )

    def _update_rows(self) -> None:
        bulk_rows.update(ImportRow, ("organisation_id",), self._founders)
        fields = ["action", "reason", "changes", "contact"]
        ImportRow.objects.bulk_update(list(self._updated.values()), fields, batch_size=500)


def _key(place: int | None) -> str:
    """An organisation as Known.jobs has it."""
    return f"#{place}" if place else ""
