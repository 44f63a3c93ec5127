"""One row of a plan, before it is stored."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

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
    reason: str = ""
    changes: dict[str, list[Any]] = field(default_factory=dict)
    contact_id: int | None = None
    organisation_id: int | None = None
    repeats: PlannedRow | None = None
    could_be: list[int | PlannedRow] = field(default_factory=list)

    def place(self) -> str:
        """ "row 12", and on which sheet when there are several."""
        if not self.sheet:
            return _("row %(row)d") % {"row": self.number}
        return _("row %(row)d of “%(sheet)s”") % {"row": self.number, "sheet": self.sheet}

    def refuse(self, reason: str) -> None:
        self.action, self.reason = ImportRow.Action.REFUSED, reason

    def ask(self, reason: str) -> None:
        """Never a second contact without a person's word."""
        self.action, self.reason = ImportRow.Action.DUPLICATE, reason
