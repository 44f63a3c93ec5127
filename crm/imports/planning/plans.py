"""What each row of a file will do, computed once and changed by nothing: the plan that a person reads."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from pathlib import Path

from django.utils import timezone

from crm.base.said import Said
from crm.exchange.cleaning import looks_like_email
from crm.exchange.mojibake import repaired
from crm.imports.columns.couples import Couples
from crm.imports.columns.rows import RowReading
from crm.imports.columns.sections import Section, Sections
from crm.imports.columns.unread import beyond, guessed, unread
from crm.imports.kinds import KINDS
from crm.imports.models import ImportRow
from crm.imports.planning.contacts import EarlierRows
from crm.imports.planning.layouts import Layout, check, layout_of
from crm.imports.planning.planned import PlannedRow
from crm.imports.reading.sheets import SheetRow
from crm.imports.reading.stream import ReadingError, TableStream, open_table
from crm.imports.said import (
    BEYOND_THE_LAST,
    FROM_ABOVE,
    LOST_CHARACTER,
    NO_ROWS,
    REPAIRED,
    SECTION,
    SECTION_ROWS,
    SECTOR_SECTION,
)

Action = ImportRow.Action
Piece = Sequence[tuple[PlannedRow, RowReading]]
# Rows that are looked up together: enough to make questions cheap, few enough to keep memory flat.
PIECE = 1500


@dataclass
class Plan:
    """A plan that is not stored (yet)."""

    file_name: str
    kind: str
    sheet: str
    columns: list[list[str]]
    sector: str = ""
    rows: list[PlannedRow] = field(default_factory=list)
    remarks: list[Said] = field(default_factory=list)
    # When it was begun: what is changed by others after that is not in it.
    made_at: datetime = field(default_factory=timezone.now)

    def counts(self) -> dict[str, int]:
        """How many rows were read and what they do; the actions add up to `read`."""
        actions = [row.action for row in self.rows]
        return {"read": len(actions), **{action.value: actions.count(action.value) for action in Action}}

    def about(self, positions: set[int]) -> list[PlannedRow]:
        """Those at these positions and those that repeat them; see EarlierRows."""
        return [row for row in self.rows if (row.repeats or row).position in positions]


def plan_file(path: Path, file_name: str, *, kind: str = "", sector: str = "") -> Plan:
    """Read a file and decide per row, without writing anything; ReadingError says why it cannot be done."""
    with open_table(path, file_name) as stream:
        layout = check(layout_of(stream, kind=kind, sector=sector))
        columns = layout.mapping.pairs()
        plan = Plan(file_name, layout.kind, ", ".join(stream.sheets), columns, layout.sector)
        planner = RowPlanner(layout, stream, plan)
        for piece in planner.pieces():
            plan.rows += planner.plan(piece)
        plan.remarks = list(stream.remarks)
    if not plan.rows:
        raise ReadingError(NO_ROWS())
    return plan


class RowPlanner:
    """Plans the rows of a table piece by piece, while they are read."""

    def __init__(self, layout: Layout, stream: TableStream, earlier: EarlierRows) -> None:
        self._stream = stream
        self._several = len(stream.sheets) > 1
        sample = [row.cells for row in stream.sample]
        stream.remarks += [*unread(layout.kind, layout.mapping, sample), *guessed(layout.mapping, sample)]
        self._beyond = beyond(layout.mapping, sample)
        self._addresses = layout.mapping.columns_of("email")
        kind = KINDS[layout.kind]
        self._sections = Sections(layout.mapping, sample) if kind.has_sections else None
        self._couples = Couples(layout.mapping)
        self._planner, self._read = kind.planner(layout, sample, earlier)

    def resume(self, rows: list[PlannedRow]) -> None:
        """These were planned before, by another process."""
        self._planner.resume(rows)

    def pieces(self, *, after: int = 0) -> Iterator[Piece]:
        """The rows behind position `after` as they are read, so many at a time."""
        rows = islice(enumerate(self._attached(), 1), after, None)
        while piece := [self._with_reading(position, *row) for position, row in islice(rows, PIECE)]:
            yield piece
        if self._sections and self._sections.count:
            self._stream.remarks.append(SECTION_ROWS(count=self._sections.count))
        self._stream.remarks += self._planner.remarks()

    def _attached(self) -> Iterator[tuple[SheetRow, list[Section]]]:
        if self._sections:
            return self._sections.attached(self._couples.apart(self._stream.rows()))
        return ((row, []) for row in self._stream.rows())

    def plan(self, piece: Piece) -> list[PlannedRow]:
        """Decide what each row does, with what those before it did in mind."""
        self._planner.plan(piece)
        for row, reading in piece:
            if reading.remarks:
                row.reason = [*row.reason, *reading.remarks]
        return [row for row, _reading in piece]

    def _are_moved(self, cells: Sequence[str]) -> bool:
        """Whether what stands where an address belongs is none: the cells before it were moved as well."""
        addresses = (cells[at] for at in self._addresses if at < len(cells) and cells[at].strip())
        return not all(map(looks_like_email, addresses))

    def _with_reading(
        self, position: int, row: SheetRow, above: list[Section]
    ) -> tuple[PlannedRow, RowReading]:
        cells = [repaired(cell) for cell in row.cells]
        changed = [pair for pair in zip(row.cells, cells, strict=True) if pair[0] != pair[1]]
        reading = self._read(replace(row, cells=cells) if changed else row)
        reading.remarks += [REPAIRED(before=before[:60], after=after[:60]) for before, after in changed]
        moved = [cells[at] for at in self._beyond if at < len(cells) and cells[at].strip()]
        if moved:
            said = reading.questions if self._sections and self._are_moved(cells) else reading.remarks
            said += [BEYOND_THE_LAST(text=cell[:60]) for cell in moved]
        if row.remarks:
            reading.remarks += row.remarks
        lost = [cell for cell in cells if "\ufffd" in cell]
        reading.remarks += [LOST_CHARACTER(text=cell[:60]) for cell in lost]
        for section in above:
            part, words = ("sector", section.sector) if section.sector else ("organisation", section.name)
            if not reading.values[part]:
                reading.values[part] = words
                reading.remarks.append(_from_above(section))
        sheet = row.sheet if self._several else ""
        return PlannedRow(position, row.number, sheet, row.cells, reading.values), reading


def _from_above(section: Section) -> Said:
    if section.sector:
        return SECTOR_SECTION(sector=section.sector, row=section.number)
    return (SECTION if section.alone else FROM_ABOVE)(name=section.name, row=section.number)
