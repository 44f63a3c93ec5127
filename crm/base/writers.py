"""The formats in which a Table leaves. Every cell but a day is text: leading zeros and "+31" survive."""

import csv
import io
import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass

from crm.base.formulas import without_formula
from crm.base.tables import Table, in_words
from crm.base.text import printable
from crm.base.workbooks import ODS_TYPE, ods, xlsx


@dataclass(frozen=True)
class Format:
    label: str
    suffix: str
    content_type: str
    write: Callable[[Table], bytes]


def _csv(table: Table, delimiter: str) -> bytes:
    """UTF-8 with a byte order mark, which Excel needs; the first line says what this is."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=delimiter)
    about = " · ".join([table.name, *(f"{word}: {value}" for word, value in table.about)])
    rows = itertools.chain([[about], table.headings], table.rows)
    # What is not printable goes first: behind it could stand a formula.
    writer.writerows([without_formula(printable(in_words(cell))) for cell in row] for row in rows)
    return ("\ufeff" + file.getvalue()).encode()


def csv_with_semicolons(table: Table) -> bytes:
    return _csv(table, ";")


def csv_with_commas(table: Table) -> bytes:
    return _csv(table, ",")


def as_json(table: Table) -> bytes:
    rows = [dict(zip(table.headings, map(in_words, row), strict=True)) for row in table.rows]
    about = {"name": table.name, **dict(table.about)}
    return json.dumps({"about": about, "rows": rows}, ensure_ascii=False, indent=1).encode()


FORMATS = {
    "xlsx": Format("XLSX", "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx),
    "ods": Format("ODS", "ods", ODS_TYPE, ods),
    "csv": Format("CSV (;)", "csv", "text/csv; charset=utf-8", csv_with_semicolons),
    "csv-comma": Format("CSV (,)", "csv", "text/csv; charset=utf-8", csv_with_commas),
    "json": Format("JSON", "json", "application/json", as_json),
}
