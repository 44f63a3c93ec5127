"""What a Resource declares, as a table."""

from collections.abc import Iterable, Sequence
from typing import Any

from import_export.fields import Field
from import_export.resources import Resource

from crm.base.tables import Cell, Table
from crm.exchange.cells import DayCell


def resource_table(
    resource: Resource, name: str, rows: Iterable[Any], about: Sequence[tuple[str, str]]
) -> Table:
    """`rows` are read while they are written."""
    fields = resource.get_export_fields()
    cells = ([_cell(resource, field, one) for field in fields] for one in rows)
    return Table(name, resource.get_export_headers(), cells, about)


def _cell(resource: Resource, field: Field, row: Any) -> Cell:
    if isinstance(field.widget, DayCell):
        return field.get_value(row) or ""
    text: str = resource.export_field(field, row)
    return text
