"""What a row says that somebody wants or does not want, with the words of the file."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from crm.imports.known import PERMISSIONS
from crm.imports.models import ImportBatch, ImportRow
from crm.imports.rows import says_never
from crm.imports.values import Values
from crm.preferences.services import ImportedAnswer

_COLUMNS = {"may_invite": ("may_invite", "not_invite"), "newsletter": ("newsletter", "not_newsletter")}


def answers_in(
    batch: ImportBatch, row: ImportRow, values: Values, fields: set[str], contact: int
) -> Iterator[ImportedAnswer]:
    """The answers of one row about `contact`, as far as they are among `fields`."""
    for name, purpose in PERMISSIONS.items():
        if name in fields and values[name] is not None:
            detail = _("%(file)s, row %(row)s") % {"file": batch.file_name, "row": row.place}
            yield ImportedAnswer(contact, purpose, values[name], wording(batch, row, name), detail)


def wording(batch: ImportBatch, row: ImportRow, name: str) -> str:
    """The words of the file, literally: "Nieuwsbrief j/n: j"; or the remark that says never to invite."""
    cells = [
        (heading, field, cell) for (heading, field), cell in zip(batch.columns, row.original, strict=False)
    ]
    said = [f"{heading}: {cell}" for heading, field, cell in cells if field in _COLUMNS[name] and cell.strip()]
    remarks = [f"{heading}: {cell}" for heading, field, cell in cells if not field and says_never(cell)]
    return "; ".join(said + remarks)
