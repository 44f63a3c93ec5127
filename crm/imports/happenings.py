"""What an import leaves on a timeline."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.base.happenings import FOUND_BY, HEARD, About, Happening, Kind, about, register, register_thing
from crm.imports.columns.labels import field_labels
from crm.imports.models import ImportBatch, ImportRow


def _named(words: Mapping[str, Any]) -> Mapping[str, Any]:
    """The kept names of the fields in words."""
    return {**words, "fields": field_labels(words.get("fields", []))}


_Kind = partial(Kind, group="change", touches=frozenset({FOUND_BY, HEARD}), spoken=_named)
CREATED = register(_Kind("import.created", "file-input", phrase=_("Added from %(file)s, row %(row)s")))
CHANGED = register(
    _Kind("import.changed", "file-input", phrase=_("Changed by %(file)s, row %(row)s: %(fields)s"))
)
UNDONE = register(
    _Kind("import.undone", "undo-2", phrase=_("Put back what %(file)s, row %(row)s did: %(fields)s"))
)
BY_IMPORTS = [kind.name for kind in (CREATED, CHANGED, UNDONE)]
register_thing("import", ImportBatch, capability="imports.run")


class Teller:
    """Makes the happenings of one batch, which are alike in much."""

    def __init__(self, batch: ImportBatch) -> None:
        self._batch = batch
        self._about: About = about(batch)

    def written(self, row: ImportRow, **what: Any) -> Happening:
        """`row` made somebody or something new, or changed them."""
        return self._of(CHANGED if row.changes else CREATED, row, sorted(row.changes), what)

    def undone(self, row: ImportRow, fields: list[str], **what: Any) -> Happening:
        """These `fields` were given back."""
        return self._of(UNDONE, row, fields, what)

    def _of(self, kind: Kind, row: ImportRow, fields: list[str], what: dict[str, Any]) -> Happening:
        words = {"file": self._batch.file_name, "row": row.place, "fields": fields}
        return Happening(kind, about=self._about, words=words, by=self._batch.created_by, **what)
