"""Reading and planning an uploaded file in the background."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.db import transaction
from django.utils import timezone

from crm.base.bulk_rows import ahead
from crm.base.jobs import Claim
from crm.imports.columns.mapping import Mapping
from crm.imports.models import ImportBatch
from crm.imports.planning.layouts import Layout, is_clear, layout_of
from crm.imports.planning.planned import PlannedRow
from crm.imports.planning.plans import PIECE, RowPlanner
from crm.imports.planning.storing import StoredRows, store_rows
from crm.imports.reading.stream import ReadingError, TableStream, open_table
from crm.imports.said import NO_ROWS

State = ImportBatch.State
_EXAMPLES = 3
_LONGEST_EXAMPLE = 60


def read(batch: ImportBatch, claim: Claim) -> None:
    """See what is in the file, and plan its rows if nobody need look before."""
    with _opened(batch) as stream:
        if batch.state == State.UPLOADED:
            _read_columns(batch, stream)
        if batch.state == State.PLANNING:
            _plan(batch, stream, claim)


def _read_columns(batch: ImportBatch, stream: TableStream) -> None:
    """A person is asked only where it is not clear what they hold."""
    layout = layout_of(stream, kind=batch.kind, sector=batch.sector)
    batch.kind, batch.sector, batch.layout = layout.kind, layout.sector, layout.remembered
    batch.columns = layout.mapping.pairs()
    batch.examples = _examples(stream, len(batch.columns))
    batch.sheet, batch.all_sheets = ", ".join(stream.sheets)[:100], stream.all_sheets
    batch.remarks = list(stream.remarks)
    state = State.PLANNING if is_clear(layout) else State.MAPPING
    fields = ["kind", "sector", "layout", "columns", "examples", "sheet", "all_sheets", "remarks"]
    _move(batch, state, fields)


def _plan(batch: ImportBatch, stream: TableStream, claim: Claim) -> None:
    """Plan rows until the slice is over or none is left."""
    headings, fields = zip(*batch.columns, strict=True)
    layout = Layout(batch.kind, Mapping(list(headings), list(fields)), batch.sector)
    stored = StoredRows(batch)
    planner = RowPlanner(layout, stream, stored)
    batch.planned_at = batch.planned_at if batch.planned_to else timezone.now()
    began = timezone.now()
    for rows in stored.up_to_now(PIECE):
        planner.resume(rows)
    # Reading back what other slices planned may take half of the time, not more.
    until = max(claim.slice_ends, timezone.now() + (timezone.now() - began))
    pieces = planner.pieces(after=batch.planned_to)
    piece = next(pieces, None)
    while piece:
        rows = planner.plan(piece)
        with transaction.atomic(), ahead():
            if not _store(batch, rows, claim):
                return  # thrown away meanwhile
            # Read while PostgreSQL stores those before.
            piece = next(pieces, None)
        if piece and timezone.now() >= until:
            return
    if not batch.planned_to:
        raise ReadingError(NO_ROWS())
    batch.remarks = list(stream.remarks)
    _move(batch, State.PLANNED, ["remarks"])


def _store(batch: ImportBatch, rows: list[PlannedRow], claim: Claim) -> bool:
    """Whether the batch still wants a plan. The caller owns the transaction."""
    here = ImportBatch.objects.select_for_update(of=("self",)).filter(pk=batch.pk)
    if not here.filter(state=State.PLANNING, planned_to=batch.planned_to).exists():
        return False
    batch.planned_to = rows[-1].position
    marks = {"planned_to": batch.planned_to, "planned_at": batch.planned_at}
    here.update(**marks, claimed_until=claim.renewed())
    store_rows(batch, rows)
    return True


def _move(batch: ImportBatch, state: str, fields: list[str]) -> None:
    """Save these, and what it waits for now; unless somebody threw it away meanwhile."""
    values = {field: getattr(batch, field) for field in fields}
    if ImportBatch.objects.filter(pk=batch.pk, state=batch.state).update(state=state, **values):
        batch.state = state


def _examples(stream: TableStream, width: int) -> list[list[str]]:
    """A few different values per column, from the first rows that have any."""
    found: list[list[str]] = [[] for _column in range(width)]
    for row in stream.sample:
        for values, cell in zip(found, row.cells, strict=False):
            text = " ".join(cell.split())[:_LONGEST_EXAMPLE]
            if text and len(values) < _EXAMPLES and text not in values:
                values.append(text)
    return found


@contextmanager
def _opened(batch: ImportBatch) -> Iterator[TableStream]:
    """The stored file as a table; its parts are never in memory together."""
    suffix = Path(batch.file_name).suffix
    with NamedTemporaryFile(suffix=suffix) as file:
        for part in batch.file_parts.order_by("position").values_list("content", flat=True).iterator(1):
            file.write(part)
        file.flush()
        with open_table(Path(file.name), batch.file_name, sheet=batch.wanted_sheet) as stream:
            yield stream
