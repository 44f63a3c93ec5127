"""Lists of invented people in the layouts that offices keep, each with what its rows mean.

The files in layouts/ hold a dozen lists of each kind. A list begins with "== its name", perhaps with the form
it is saved in (@xlsx, @ods, @vcf, @cp1252). Lines with "!" in front say how it is made, or that something is
to be told of it as a whole (!said); then comes the list as it stands, in which an escape stands for a sign
that nobody sees; then for each row "> " and its fields. A field that is not named is empty. "> ask" wants a
question, "> nobody" a question, a refusal or no row at all; "field *" takes anything, "!said" wants something
said of the row, "ext 12" wants the number 12 kept or said.

Every second list is held out: whoever mends the reading of lists does not look at those.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl

from crm.imports.models import ImportRow
from crm.imports.planning.planned import PlannedRow
from crm.imports.planning.plans import Plan
from tests.crm.imports.workbooks import ods

FOLDER = Path(__file__).with_name("layouts")
FIELDS = {
    "given": "given_name",
    "initials": "initials",
    "infix": "infix",
    "family": "family_name",
    "form": "form_of_address",
    "before": "titles_before",
    "after": "titles_after",
    "org": "organisation",
    "job": "job_title",
    "dept": "department",
    "o": "sector",
    "themes": "themes",
    "mail": "email",
    "mails": "other_emails",
    "mobile": "mobile",
    "phone": "phone",
    "spoken": "last_spoken",
}
# These may also be filled where a list does not say so.
_MORE = {"tags": "tags", "invite": "may_invite", "news": "newsletter"}
_ASKING = {ImportRow.Action.DUPLICATE, ImportRow.Action.REFUSED}


@dataclass
class MadeList:
    """`rows` are the lines of what each row means, `said` whether something is to be told of the whole."""

    kind: str
    name: str
    number: int
    form: str = ""
    steps: list[list[str]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    rows: list[str] = field(default_factory=list)
    said: bool = False

    @property
    def held_out(self) -> bool:
        return self.number % 2 == 0

    @property
    def is_clean(self) -> bool:
        """Whether each of its rows is one person without a doubt."""
        return not any(row in ("ask", "nobody") for row in self.rows)

    @property
    def file_name(self) -> str:
        return f"lijst.{self.form if self.form in ('xlsx', 'ods', 'vcf') else 'csv'}"

    def data(self) -> bytes:
        text = re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), "\n".join(self.lines) + "\n")
        if self.form == "xlsx":
            return _workbook(text, self.steps)
        if self.form == "ods":
            return _ods(text, self.steps)
        return text.encode(self.form if self.form == "cp1252" else "utf-8")


def made_lists() -> Iterator[MadeList]:
    for path in sorted(FOLDER.glob("*.txt")):
        for number, text in enumerate(re.split(r"(?m)^== ", path.read_text("utf-8"))[1:], 1):
            yield _list(path.stem, number, text.rstrip("\n").split("\n"))


def _list(kind: str, number: int, lines: list[str]) -> MadeList:
    name, _, form = lines[0].partition(" @")
    made = MadeList(kind, name, number, form)
    for line in lines[1:]:
        if line == "!said":
            made.said = True
        elif line.startswith("!"):
            made.steps.append(line[1:].split())
        elif line.startswith("> "):
            made.rows.append(line[2:])
        else:
            made.lines.append(line)
    return made


def _cells(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text), delimiter=";"))


def _workbook(text: str, steps: list[list[str]]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in _cells(text):
        sheet.append([cell or None for cell in row])
    for what, about in (step for step in steps if len(step) > 1):
        if what == "merge":
            sheet.merge_cells(about)
        elif what == "hide":
            sheet.row_dimensions[int(about)].hidden = True
        elif what == "hidecolumn":
            sheet.column_dimensions[about].hidden = True
        else:
            for cell in (cell for cell in sheet[about][1:] if cell.value):
                cell.value = int(cell.value) if what == "number" else date.fromisoformat(cell.value)
    if ["hidesheet"] in steps:
        other = book.create_sheet("Oud")
        other.append(["Naam", "E-mail"])
        other.append(["Oude Testman", "oud@example.org"])
        other.sheet_state = "hidden"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _ods(text: str, steps: list[list[str]]) -> bytes:
    hidden = {int(about) for what, about in steps if what == "hide"}
    rows = []
    for number, cells in enumerate(_cells(text), 1):
        state = ' table:visibility="filter"' if number in hidden else ""
        rows.append(f"<table:table-row{state}>{''.join(map(_ods_cell, cells))}</table:table-row>")
    return ods("".join(rows))


def _ods_cell(cell: str) -> str:
    if cell.startswith("="):
        formula = "of:" + cell.replace('"', "&quot;")
        return f'<table:table-cell table:formula="{formula}"/>'
    return f"<table:table-cell><x:p>{cell}</x:p></table:table-cell>".replace("x:p", "text:p")


def faults(made: MadeList, plan: Plan) -> list[list[str]]:
    """Per row of the list what is not as it means; one more when the whole says nothing where it should."""
    wanted = made.rows
    if len(plan.rows) < len(wanted):
        wanted = [row for row in wanted if row != "nobody"]
    found = [
        _faults_of(row, plan.rows[at], plan) if at < len(plan.rows) else ["no row"]
        for at, row in enumerate(wanted)
    ]
    found += [[f"one row more: {row.values}"] for row in plan.rows[len(wanted) :]]
    if made.said and not plan.remarks and not any(row.reason for row in plan.rows):
        found = [[*row, "nothing said"] for row in found]
    return found


def _faults_of(row: str, planned: PlannedRow, plan: Plan) -> list[str]:
    if row == "nobody":
        return [] if planned.action in _ASKING else [f"taken for somebody: {planned.values}"]
    if row == "ask":
        return [] if planned.action == ImportRow.Action.DUPLICATE else [f"{planned.action}: {planned.values}"]
    parts = [part.strip() for part in row.split("|")]
    wanted = dict(part.split(" ", 1) for part in parts if " " in part)
    found = [str(planned.action)] if planned.action in _ASKING else []
    if "!said" in parts and not planned.reason and not plan.remarks:
        found.append("nothing said")
    extension = wanted.get("ext", "")
    if extension not in f"{planned.values['phone']} {planned.reason}":
        found.append("extension lost")
    return found + _other_values(wanted, planned.values)


def _other_values(wanted: dict[str, str], values: Any) -> list[str]:
    names = {**FIELDS, **{short: name for short, name in _MORE.items() if short in wanted}}
    pairs = [(name, wanted.get(short, ""), _text(name, values.get(name))) for short, name in names.items()]
    return [f"{name}: {have!r}, not {want!r}" for name, want, have in pairs if want not in ("*", have)]


def _text(name: str, value: Any) -> str:
    if name in ("mobile", "phone"):
        number = re.match(r"\+\d+", value or "")
        return number[0] if number else value or ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(value) if isinstance(value, list | tuple) else value or ""
