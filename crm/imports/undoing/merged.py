"""What of an import stays because somebody merged since what it had brought in or changed."""

from collections.abc import Collection

from django.db.models import Model

from crm.base.parts import merges_among
from crm.base.said import Said
from crm.imports.columns.labels import FIELD_LABELS
from crm.imports.columns.values import Values
from crm.imports.models import ImportRow
from crm.imports.said import MERGED_SINCE, TOOK_IN_SINCE


class Merged:
    """The merges of these keys: into what each went, and which took others in."""

    def __init__(self, model: type[Model], keys: Collection[int]) -> None:
        self._model = model
        self._into = dict(merges_among(model, keys))

    def away(self, row: ImportRow, values: Values, key: int) -> list[Said]:
        """Where the one with this key is now, and what of the row is there; [] when it was not merged."""
        if key not in self._into:
            return []
        label = self._model._meta.label_lower
        return [MERGED_SINCE(model=label, key=self._into[key], fields=_written(row, values))]

    def took_in(self, row: ImportRow, values: Values, key: int) -> list[Said]:
        """[] unless another one was merged into it: then it is not only what the row brought in."""
        return [TOOK_IN_SINCE(fields=_written(row, values))] if key in self._into.values() else []


def _written(row: ImportRow, values: Values) -> list[str]:
    """The fields that the row filled."""
    written = values if row.is_new else row.changes
    return [name for name in FIELD_LABELS if written.get(name) not in (None, "", [])]
