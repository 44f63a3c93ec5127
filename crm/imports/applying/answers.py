"""What a row says that somebody wants or does not want, with the words of the file."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from crm.imports.columns.rows import says_never
from crm.imports.columns.values import Values
from crm.imports.models import ImportBatch, ImportRow
from crm.imports.planning.known import PERMISSIONS
from crm.preferences.services import ImportedAnswer

_FIELDS = {
    "may_invite": ("may_invite", "not_invite", "opt_out"),
    "newsletter": ("newsletter", "not_newsletter", "opt_out"),
}
Column = tuple[int, str]


class AnswerReader:
    """Knows which columns of a file hold answers, and which could hold a remark."""

    def __init__(self, batch: ImportBatch) -> None:
        columns = [(at, heading, field) for at, (heading, field) in enumerate(batch.columns)]
        self._columns: dict[str, list[Column]] = {
            name: [(at, heading) for at, heading, field in columns if field in fields]
            for name, fields in _FIELDS.items()
        }
        self._unused = [(at, heading) for at, heading, field in columns if not field]
        self._detail = _("%(file)s, row %(row)s").replace("%(file)s", batch.file_name.replace("%", "%%"))

    def of(self, row: ImportRow, values: Values, fields: set[str], contact: int) -> Iterator[ImportedAnswer]:
        """The answers of one row about `contact`, as far as they are among `fields`."""
        for name, purpose in PERMISSIONS.items():
            if name in fields and values[name] is not None:
                detail = self._detail % {"row": row.place}
                words = self._wording(row.original, name)
                yield ImportedAnswer(contact, purpose, values[name], words, detail, row.pk)

    def _wording(self, cells: list[str], name: str) -> str:
        """The words of the file, literally: "Nieuwsbrief j/n: j"; or the remark that says never to invite."""
        said = [f"{heading}: {cells[at]}" for at, heading in self._columns[name] if _filled(cells, at)]
        remarks = [
            f"{heading}: {cells[at]}"
            for at, heading in self._unused
            if at < len(cells) and says_never(cells[at])
        ]
        return "; ".join(said + remarks)


def _filled(cells: list[str], at: int) -> bool:
    return at < len(cells) and bool(cells[at].strip())
