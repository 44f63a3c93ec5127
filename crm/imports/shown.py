"""How a plan and its rows are shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Model
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.base.parts import merges_among
from crm.base.said import told
from crm.base.sectors import Sector
from crm.contacts.models import Affiliation, Contact, FormOfAddress
from crm.contacts.names import PersonName
from crm.contacts.reach import shown_number
from crm.imports.columns.labels import FIELD_LABELS, label_of
from crm.imports.columns.values import whole
from crm.imports.kinds import KINDS, Thing
from crm.imports.models import ImportBatch, ImportRow
from crm.imports.planning.differences import differences
from crm.imports.planning.known import load_people
from crm.imports.planning.lookups import OrganisationKeys
from crm.organisations.models import Organisation
from crm.provenance.models import Provenance, ProvenanceQuerySet
from crm.provenance.services import month_after

State, Decision = ImportBatch.State, ImportRow.Decision
_FACTS = (
    *Affiliation.TEXTS,
    *("sector", "email", "mobile", "phone", "themes", "tags"),
    *("may_invite", "newsletter", "last_spoken", "external_id", "aliases", "city"),
)
ICONS = {
    "new": "plus",
    "changed": "pencil",
    "same": "check",
    "repeated": "corner-up-right",
    "duplicate": "git-merge",
    "refused": "ban",
}


@dataclass(frozen=True)
class Option:
    """A choice that a row offers; `value` is what deciding.choices_in() reads."""

    value: str
    words: str
    chosen: bool


@dataclass(frozen=True)
class ShownRow:
    row: ImportRow
    icon: str
    reason: str
    name: PersonName | None
    # Who it is when there is no name: an address, so that the row can be found again.
    instead: str
    organisation: str
    changes: list[tuple[str, str, str]]
    facts: Sequence[tuple[str, str]]
    # The filled cells of a refused row, as they came.
    original: str
    could_be: list[Contact]
    # What somebody decided on a possible duplicate, in words.
    decided: str
    options: list[Option]
    kept: str
    can_undo: bool
    # What it is about now, where that was merged since into another one.
    stays: Model | None
    # What it is about when that is neither a contact nor an organisation.
    thing: Thing | None


@dataclass(frozen=True)
class Figure:
    action: str
    word: str
    number: int
    current: bool


@dataclass(frozen=True)
class Progress:
    done: int
    total: int
    left: str


def shown_rows(batch: ImportBatch, rows: Sequence[ImportRow]) -> list[ShownRow]:
    """With what merging would change, for those where a person chose that."""
    numbers = {number for row in rows for number in row.candidates}
    known = Contact.objects.in_bulk(numbers)
    names = _candidate_names(batch, numbers, known)
    _compare_merged(batch, rows)
    stays = _stay(rows)
    things = KINDS[batch.kind].things(rows) if batch.kind else {}
    return [
        _shown(batch, row, known, names, stays.get(row.position), things.get(row.position)) for row in rows
    ]


def _stay(rows: Sequence[ImportRow]) -> dict[int, Model]:
    """By the position of a row: what there is now instead of what it was about, if that was merged since."""
    found: dict[int, Model] = {}
    for model, noun in ((Contact, "contact"), (Organisation, "organisation")):
        keys = {row.position: getattr(row, f"{noun}_id") for row in rows if getattr(row, noun) is None}
        into = dict(merges_among(model, {key for key in keys.values() if key}))
        there = model._default_manager.in_bulk(into.values())
        found = {
            **{position: there[into[key]] for position, key in keys.items() if into.get(key) in there},
            **found,
        }
    return found


def _candidate_names(batch: ImportBatch, numbers: set[int], known: dict[int, Contact]) -> dict[int, str]:
    """Whom rows could be; somebody whom an earlier row brings in is called by that row."""
    found = {pk: str(contact) for pk, contact in known.items()}
    earlier = batch.rows.filter(contact__in=numbers - found.keys(), action=ImportRow.Action.NEW)
    for row in earlier:
        found[row.contact_id or 0] = _("row %(row)d") % {"row": row.number}
    return found


def _compare_merged(batch: ImportBatch, rows: Sequence[ImportRow]) -> None:
    merged = [row for row in rows if row.is_asked and row.contact_id and not row.changes]
    people = load_people(row.contact_id for row in merged if row.contact_id)
    organisations = OrganisationKeys()
    for row in merged:
        if person := people.get(row.contact_id or 0):
            values = whole(batch.kind, row.values)
            place = organisations.of(values["organisation"])
            fill_only = row.decision == Decision.FILL
            row.changes = differences(person, values, place, fill_only=fill_only)


def tell_by(batch: ImportBatch) -> date | None:
    """Until when people whom a planned batch brings in must be told, if it is applied today."""
    planned = batch.state == ImportBatch.State.PLANNED and batch.kind == ImportBatch.Kind.CONTACTS
    return month_after(timezone.localdate()) if planned else None


def brought_in(batch: ImportBatch) -> ProvenanceQuerySet:
    """Where the data of those come from who are there by this import."""
    return Provenance.objects.filter(contact__import_batch=batch)


def _can_choose(batch: ImportBatch, row: ImportRow) -> bool:
    """What waits for a person can be decided when the rest is applied, too."""
    return batch.state == State.PLANNED or batch.state == State.APPLIED and row.is_waiting


def _options(row: ImportRow, names: dict[int, str]) -> list[Option]:
    if row.is_asked:
        found = [("", _("leave out for now"))]
        for number in row.candidates:
            who = {"name": names.get(number, str(number))}
            found += [
                (f"{Decision.MERGE} {number}", _("merge with %(name)s") % who),
                (f"{Decision.FILL} {number}", _("fill only the empty fields of %(name)s") % who),
            ]
        found += [(Decision.TAKE, _("a new contact")), (Decision.SKIP, _("skip"))]
    elif row.action == ImportRow.Action.NEW or row.changes:
        found = [("", _("take"))]
        found += [(Decision.FILL, _("fill only empty fields"))] if row.action == "changed" else []
        found += [(Decision.SKIP, _("skip"))]
    else:
        return []
    return [Option(value, str(words), value == row.choice) for value, words in found]


def _choice_words(row: ImportRow, names: dict[int, str]) -> str:
    return next((option.words for option in _options(row, names) if option.chosen), "")


def decided_meanwhile(row: ImportRow) -> str:
    """What the second one reads of two who decide on the same row."""
    names = {pk: str(contact) for pk, contact in Contact.objects.in_bulk(row.candidates).items()}
    words = _(
        "Row %(row)s: %(who)s chose “%(choice)s” while this page was open. "
        "What you chose for it is not kept; choose again if it must be otherwise."
    )
    who = row.decided_by or _("somebody else")
    return words % {"row": row.place, "who": who, "choice": _choice_words(row, names)}


def figures(batch: ImportBatch, chosen: str) -> list[Figure]:
    """The key figures above the table; each filters it."""
    counts = batch.rows.counts()
    every = [("", _("all rows"), sum(counts.values()))]
    found = every + [(action.value, str(action.label), counts[action.value]) for action in ImportRow.Action]
    return [Figure(action, word, number, action == chosen) for action, word, number in found]


def progress(batch: ImportBatch) -> Progress:
    """How far it is, and how long it still takes at the pace so far."""
    if batch.state in (State.UPLOADED, State.PLANNING):
        return Progress(batch.planned_to, 0, _("Nothing changes while the plan is made."))
    if batch.state == State.UNDOING:
        total = batch.applied_to
        return Progress(total - (total if batch.undone_from is None else batch.undone_from), total, "")
    total, done = batch.planned_to, batch.applied_to
    left = total - done
    if batch.state == State.PAUSED:
        return Progress(done, total, _("Paused: what is applied stays applied."))
    if not batch.started_at or not done:
        return Progress(done, total, _("Waiting for a worker."))
    seconds = round((timezone.now() - batch.started_at) / timedelta(seconds=1) / done * left) + 1
    words = ngettext("About %(seconds)d second left.", "About %(seconds)d seconds left.", seconds)
    return Progress(done, total, words % {"seconds": seconds})


def columns_used(batch: ImportBatch) -> list[tuple[str, str]]:
    """(heading, what it is read as) per column with a heading; "" for one that is not used."""
    return [(heading, str(label_of(field))) for heading, field in batch.columns if heading]


def _shown(
    batch: ImportBatch,
    row: ImportRow,
    known: dict[int, Contact],
    names: dict[int, str],
    stays: Model | None,
    thing: Thing | None,
) -> ShownRow:
    values = whole(batch.kind, row.values) if batch.kind else {}
    return ShownRow(
        row,
        ICONS[row.action],
        told(row.reason),
        name=_name(values),
        instead=values.get("shown_name", "") or values.get("email", "") or values.get("initials", ""),
        organisation=str(values.get("organisation") or values.get("name", "")),
        changes=list(thing.changes) if thing else _changes(row),
        facts=(thing.facts if thing else _facts(values)) if row.is_new else [],
        original=" · ".join(cell for cell in row.original if cell.strip()),
        decided=_choice_words(row, names) if row.is_asked and row.decision else "",
        could_be=[known[number] for number in row.candidates if number in known],
        options=_options(row, names) if _can_choose(batch, row) else [],
        kept=told(row.kept),
        can_undo=_can_undo(batch, row),
        stays=stays,
        thing=thing,
    )


def _name(values: dict[str, Any]) -> PersonName | None:
    """None in a list of organisations, and where there is no more than initials."""
    if not (values.get("family_name") or values.get("given_name")):
        return None
    return PersonName(values["given_name"], values["initials"], values["infix"], values["family_name"])


def _can_undo(batch: ImportBatch, row: ImportRow) -> bool:
    applied = batch.state in (State.APPLIED, State.PAUSED) and row.position <= batch.applied_to
    wrote = row.is_new or bool(row.changes)
    skipped = row.decision == Decision.SKIP or row.action == ImportRow.Action.REFUSED
    return applied and wrote and not skipped and row.undone_at is None


def _facts(values: dict[str, Any]) -> list[tuple[str, str]]:
    """What a new row brings, beside the name and the organisation."""
    told = [
        (field, _text(field, values[field])) for field in _FACTS if values.get(field) not in (None, "", [])
    ]
    return [(str(FIELD_LABELS[field]), text) for field, text in told]


def _changes(row: ImportRow) -> list[tuple[str, str, str]]:
    return [
        (str(FIELD_LABELS.get(field, field)), _text(field, old), _text(field, new))
        for field, (old, new) in row.changes.items()
    ]


def _text(field: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return format_html_join(", ", "{}", ((_text(field, part),) for part in value))
    if field == "sector" and value in Sector.values:
        return str(Sector(value).label)
    if field in ("mobile", "phone"):
        return shown_number(str(value or ""))
    if field == "last_spoken" and value:
        return date_format(date.fromisoformat(value), "SHORT_DATE_FORMAT")
    if field == "form_of_address":
        return str(FormOfAddress(value).label) if value else ""
    if field == "email":
        return format_html_join(mark_safe("@<wbr>"), "{}", ((part,) for part in str(value or "").split("@")))
    return str(value or "")
