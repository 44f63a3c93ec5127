"""What a Resource declares, as a table."""

from collections.abc import Iterable, Sequence
from typing import Any

from import_export.resources import Resource

from crm.base.tables import Table


def resource_table(
    resource: Resource, name: str, rows: Iterable[Any], about: Sequence[tuple[str, str]]
) -> Table:
    """`rows` are read while they are written."""
    texts = (resource.export_resource(one) for one in rows)
    return Table(name, resource.get_export_headers(), texts, about)
