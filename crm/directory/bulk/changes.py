"""What each kind of change does to a piece of its rows, and how that is undone: only what it changed itself.

The caller owns the transaction and has locked the contacts, so nobody else changes their tags meanwhile.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils import timezone

from crm.base.happenings import Happening, about, tell_all
from crm.base.tracking import add_link, remove_link
from crm.contacts.happenings import CHANGED
from crm.contacts.models import Contact
from crm.directory.bulk.models import BulkAction, BulkActionRow
from crm.preferences.models import Channel, Preference, Purpose, Source
from crm.preferences.services import Answer, record_consent, restore_answer

Kind, Outcome = BulkAction.Kind, BulkActionRow.Outcome
ADDING = {Kind.ADD_TAG, Kind.ADD_THEME}


def do(action: BulkAction, rows: Sequence[BulkActionRow]) -> None:
    """Carry out `action` on these rows and note on each what came of it."""
    if action.kind == Kind.PERMISSION:
        for row in rows:
            _permit(action, row)
    else:
        _mark(action, rows, adding=action.kind in ADDING)


def undo(action: BulkAction, rows: Sequence[BulkActionRow]) -> None:
    """Take back what `do` changed, unless somebody changed it again since."""
    if action.kind == Kind.PERMISSION:
        for row in rows:
            _take_back(action, row)
    else:
        _unmark(action, rows, adding=action.kind not in ADDING)


class _Marks:
    """Tags or themes of contacts: the one that `action` is about."""

    def __init__(self, action: BulkAction) -> None:
        self.field = "tags" if action.kind in {Kind.ADD_TAG, Kind.REMOVE_TAG} else "themes"
        self.mark: Any = action.tag if self.field == "tags" else action.theme
        self.between: Any = getattr(Contact, self.field).through.objects

    def links(self, contacts: Iterable[int]) -> dict[int, int]:
        """The row between each of these contacts and the mark, for those that have it."""
        column = "tag" if self.field == "tags" else "theme"
        rows = self.between.filter(**{"contact__in": list(contacts), column: self.mark})
        return dict(rows.values_list("contact", "pk"))

    def words(self, contact: Contact) -> str:
        marks = getattr(contact, self.field).all()
        return ", ".join(getattr(mark, "name", "") or mark.name_nl for mark in marks)

    def change(self, action: BulkAction, people: Sequence[Contact], *, adding: bool) -> dict[int, int]:
        """Add it to or take it from `people`, which differ in this; the rows there are then."""
        before = {person.pk: self.words(person) for person in people}
        change = add_link if adding else remove_link
        change(Contact, before, self.field, self.mark.pk, by=action.created_by)
        Contact.objects.filter(pk__in=before).update(updated_at=timezone.now())
        happenings = []
        for person in Contact.objects.filter(pk__in=before).prefetch_related(self.field):
            diff = {self.field: [before[person.pk], self.words(person)]}
            by = action.created_by
            words = {"by": str(by or ""), "diff": diff}
            happenings.append(
                Happening(CHANGED, [person.pk], about=about(action), words=words, by=by, touches=frozenset())
            )
        tell_all(happenings)
        return self.links(before)


def _people(rows: Iterable[BulkActionRow], field: str) -> list[Contact]:
    numbers = [row.contact_id for row in rows if row.contact_id]
    return list(Contact.objects.filter(pk__in=numbers).prefetch_related(field))


def _mark(action: BulkAction, rows: Sequence[BulkActionRow], *, adding: bool) -> None:
    marks = _Marks(action)
    if marks.mark is None:  # removed from Kwartet since it was planned
        for row in rows:
            row.outcome = Outcome.GONE
        return
    people = _people(rows, marks.field)
    there = marks.links(person.pk for person in people)
    differing = [person for person in people if (person.pk in there) is not adding]
    now = marks.change(action, differing, adding=adding)
    changed = {person.pk for person in differing}
    for row in rows:
        row.link = now.get(row.contact_id or 0)
        done = Outcome.CHANGED if row.contact_id in changed else Outcome.SAME
        row.outcome = done if row.contact_id else Outcome.GONE


def _unmark(action: BulkAction, rows: Sequence[BulkActionRow], *, adding: bool) -> None:
    """`adding` puts back what was taken away; else the very row that was added goes, and no later one."""
    marks = _Marks(action)
    people = _people(rows, marks.field) if marks.mark is not None else []
    there = marks.links(person.pk for person in people)
    links = {row.contact_id: row.link for row in rows}
    undone = [
        person
        for person in people
        if (person.pk not in there if adding else there.get(person.pk) == links[person.pk])
    ]
    if undone:
        marks.change(action, undone, adding=adding)
    numbers = {person.pk for person in undone}
    for row in rows:
        row.outcome = Outcome.UNDONE if row.contact_id in numbers else Outcome.KEPT


def _answer(action: BulkAction, row: BulkActionRow) -> Preference | None:
    standing = Preference.objects.filter(purpose=action.purpose, channel=Channel.EMAIL)
    return standing.filter(contact=row.contact_id).first()


def _permit(action: BulkAction, row: BulkActionRow) -> None:
    """A "no" is never turned into a "yes" for many at once: only who said it can take it back."""
    current = _answer(action, row)
    if row.contact is None:
        row.outcome = Outcome.GONE
    elif current and current.allowed == action.allowed:
        row.outcome = Outcome.SAME
    elif current and action.allowed:
        row.outcome = Outcome.SAID_NO
    else:
        row.earlier = Answer.of(current).as_json() if current else None
        row.since = record_consent(
            contact=row.contact,
            purpose=action.purpose,
            allowed=bool(action.allowed),
            source=Source.STAFF,
            source_detail=action.reason,
            wording=str(Purpose(action.purpose).label),
            recorded_by=action.created_by,
        ).since
        row.outcome = Outcome.CHANGED


def _take_back(action: BulkAction, row: BulkActionRow) -> None:
    current = _answer(action, row)
    if row.contact is None or current is None or current.since != row.since:
        row.outcome = Outcome.KEPT
        return
    restore_answer(
        contact=row.contact,
        purpose=action.purpose,
        earlier=Answer.from_json(row.earlier) if row.earlier else None,
        source_detail=action.reason,
        recorded_by=action.created_by,
    )
    row.outcome = Outcome.UNDONE
