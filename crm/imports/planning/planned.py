"""One row of a plan, before it is stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from crm.base.said import Said
from crm.imports.columns.values import Values
from crm.imports.models import ImportRow


@dataclass(slots=True)
class PlannedRow:
    """`position` counts in file order from 1, `number` is the row of its sheet or the line of the file.

    `repeats` is the earlier row of the same person or organisation. `could_be` are contacts, by number, or
    earlier rows that bring somebody new.
    """

    position: int
    number: int
    sheet: str
    original: list[str]
    values: Values
    action: str = ""
    changes: dict[str, list[Any]] = field(default_factory=dict)
    contact_id: int | None = None
    organisation_id: int | None = None
    repeats: PlannedRow | None = None
    could_be: list[int | PlannedRow] = field(default_factory=list)
    reason: Sequence[Said] = ()

    def place(self) -> dict[str, Any]:
        """What a sentence names it by."""
        return {"row": self.number, "sheet": self.sheet}

    def refuse(self, *reason: Said) -> None:
        self.action, self.reason = ImportRow.Action.REFUSED, reason

    def ask(self, *reason: Said) -> None:
        """Never a second contact without a person's word."""
        self.action, self.reason = ImportRow.Action.DUPLICATE, reason
