"""What an import leaves on a timeline."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.bulk_rows import insert
from crm.imports.labels import field_labels
from crm.imports.models import ImportBatch, ImportRow
from crm.timeline.kinds import EntryKind, register
from crm.timeline.models import TimelineEntry


@dataclass(frozen=True)
class ImportKind(EntryKind):
    """Its words keep the names of the fields, so that every reader sees them in the own language."""

    def sentence(self, words: Mapping[str, Any]) -> str:
        return super().sentence({**words, "fields": field_labels(words.get("fields", []))})


CREATED = register(
    ImportKind("import.created", "file-input", "change", _("Added from %(file)s, row %(row)s"))
)
CHANGED = register(
    ImportKind("import.changed", "file-input", "change", _("Changed by %(file)s, row %(row)s: %(fields)s"))
)
UNDONE = register(
    ImportKind("import.undone", "undo-2", "change", _("Put back what %(file)s, row %(row)s did: %(fields)s"))
)


def leave_entries(batch: ImportBatch, rows: Sequence[ImportRow], *, at: datetime) -> None:
    """One entry per row, for the contact that it made or changed."""
    file = batch.file_name
    entries = [
        (
            row.contact_id,
            CHANGED.name if row.changes else CREATED.name,
            json.dumps({"file": file, "row": row.place, "fields": sorted(row.changes)}),
        )
        for row in rows
    ]
    insert(
        TimelineEntry,
        ("contact_id", "kind", "words"),
        entries,
        at=at,
        link=batch.get_absolute_url(),
        actor=batch.created_by_id,
    )


def leave_undone(batch: ImportBatch, rows: Sequence[tuple[ImportRow, list[str]]], *, at: datetime) -> None:
    """One entry per contact to whom these fields were given back."""
    entries = [
        (row.contact_id, json.dumps({"file": batch.file_name, "row": row.place, "fields": fields}))
        for row, fields in rows
    ]
    same = {"kind": UNDONE.name, "at": at, "link": batch.get_absolute_url(), "actor": batch.created_by_id}
    insert(TimelineEntry, ("contact_id", "words"), entries, **same)
