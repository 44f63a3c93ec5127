"""The rows that were refused, as a list that can be put right and imported again."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from crm.base.said import told
from crm.base.tables import Table
from crm.imports.models import ImportBatch, ImportRow


def refused_table(batch: ImportBatch) -> Table:
    """The columns of the file as they were, and behind them why each row was refused.

    Where a row's sheet said its sector, that becomes a column: here all rows are on one sheet.
    """
    headings = [heading for heading, _field in batch.columns]
    rows = batch.rows.filter(action=ImportRow.Action.REFUSED).order_by("position")
    by_sheet = (
        not any(field == "sector" for _heading, field in batch.columns) and rows.exclude(sheet="").exists()
    )
    extra = [_("Sector")] if by_sheet else []
    about = [(_("From"), batch.file_name)]
    return Table(
        _("Refused rows"), [*headings, *extra, _("Reason")], _rows(rows, len(headings), by_sheet), about
    )


def _rows(rows: QuerySet[ImportRow], width: int, by_sheet: bool) -> Iterator[list[str]]:
    for row in rows.iterator(1000):
        cells = [*row.original, *[""] * width][: max(width, len(row.original))]
        yield [*cells, *([row.sheet] if by_sheet else []), told(row.reason)]
