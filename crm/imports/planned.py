"""One row of a plan, before it is stored."""

from dataclasses import dataclass, field
from typing import Any

from crm.imports.models import ImportRow
from crm.imports.rows import Values


@dataclass
class PlannedRow:
    """`number` is the row of the sheet or the line of the file; `repeats` the number of an earlier row."""

    number: int
    original: list[str]
    values: Values
    action: str = ""
    reason: str = ""
    changes: dict[str, list[Any]] = field(default_factory=dict)
    contact_id: int | None = None
    organisation_id: int | None = None
    repeats: int | None = None

    def refuse(self, reason: str) -> None:
        self.action, self.reason = ImportRow.Action.REFUSED, reason

    def ask(self, reason: str) -> None:
        """Never a second contact without a person's word."""
        self.action, self.reason = ImportRow.Action.DUPLICATE, reason
