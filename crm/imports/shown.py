"""How a plan and its rows are shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.contacts.models import FormOfAddress
from crm.contacts.names import PersonName
from crm.imports.labels import FIELD_LABELS
from crm.imports.models import ImportBatch, ImportRow
from crm.sectors import Sector

_FACTS = (
    *("job_title", "sector", "email", "mobile", "phone", "themes"),
    *("may_invite", "newsletter", "last_spoken", "external_id", "aliases", "city"),
)
ICONS = {"new": "plus", "changed": "pencil", "same": "check", "duplicate": "git-merge", "refused": "ban"}


@dataclass(frozen=True)
class ShownRow:
    row: ImportRow
    icon: str
    name: PersonName | None
    # Who it is when there is no name: an address, so that the row can be found again.
    instead: str
    organisation: str
    changes: list[tuple[str, str, str]]
    facts: list[tuple[str, str]]


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


def shown_rows(rows: Iterable[ImportRow]) -> list[ShownRow]:
    return [_shown(row) for row in rows]


def figures(batch: ImportBatch, chosen: str) -> list[Figure]:
    """The key figures above the table; each filters it."""
    counts = batch.rows.counts()
    every = [("", _("all rows"), sum(counts.values()))]
    found = every + [(action.value, str(action.label), counts[action.value]) for action in ImportRow.Action]
    return [Figure(action, word, number, action == chosen) for action, word, number in found]


def progress(batch: ImportBatch) -> Progress:
    """How far it is, and how long it still takes at the pace so far."""
    total, done = batch.planned_to, batch.applied_to
    left = total - done
    if not batch.started_at or not done:
        return Progress(done, total, _("Waiting for a worker."))
    seconds = round((timezone.now() - batch.started_at) / timedelta(seconds=1) / done * left) + 1
    words = ngettext("About %(seconds)d second left.", "About %(seconds)d seconds left.", seconds)
    return Progress(done, total, words % {"seconds": seconds})


def columns_used(batch: ImportBatch) -> list[tuple[str, str]]:
    """(heading, what it is read as) per column with a heading; "" for one that is not used."""
    return [(heading, str(FIELD_LABELS.get(field, ""))) for heading, field in batch.columns if heading]


def _shown(row: ImportRow) -> ShownRow:
    values = row.values
    facts = _facts(values) if row.action == ImportRow.Action.NEW else []
    if "family_name" not in values:
        return ShownRow(row, ICONS[row.action], None, "", values.get("name", ""), _changes(row), facts)
    name = PersonName(values["given_name"], values["initials"], values["infix"], values["family_name"])
    known = name if values["family_name"] or values["given_name"] else None
    instead = values["email"] or values["initials"]
    return ShownRow(row, ICONS[row.action], known, instead, values["organisation"], _changes(row), facts)


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
        return ", ".join(_text(field, part) for part in value)
    if field == "sector" and value in Sector.values:
        return str(Sector(value).label)
    if field == "form_of_address":
        return str(FormOfAddress(value).label) if value else ""
    if field == "email":
        return format_html_join(mark_safe("@<wbr>"), "{}", ((part,) for part in str(value or "").split("@")))
    return str(value or "")
