"""What an import leaves on a timeline."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.imports.labels import field_labels
from crm.timeline.kinds import EntryKind, register


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
