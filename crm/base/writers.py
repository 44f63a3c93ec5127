"""Writing a Table as CSV, XLSX, ODS or JSON. Every cell is text: leading zeros and "+31" survive."""

import csv
import io
import itertools
import json
import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from django.utils.translation import gettext as _

from crm.base.tables import Table, without_formula
from crm.base.text import printable

# What a sheet may not be called, and how long its name may be.
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\\s]+")
_LONGEST_NAME = 31


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
    writer.writerows([without_formula(printable(cell)) for cell in row] for row in rows)
    return ("\ufeff" + file.getvalue()).encode()


def csv_with_semicolons(table: Table) -> bytes:
    return _csv(table, ";")


def csv_with_commas(table: Table) -> bytes:
    return _csv(table, ",")


def xlsx(table: Table) -> bytes:
    """Two sheets: the list, and where it comes from. Cells are marked as text, so "=1+1" is no formula."""
    # It takes a third of a second to load, which every process would spend and few need.
    from openpyxl import Workbook  # noqa: PLC0415
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415

    book = Workbook(write_only=True)
    for name, rows in _sheets(table):
        sheet = book.create_sheet(name)
        for row in rows:
            cells = [WriteOnlyCell(sheet, value=printable(text)) for text in row]
            for cell in cells:
                cell.data_type = "s"
            sheet.append(cells)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _sheets(table: Table) -> list[tuple[str, list[Sequence[str]]]]:
    """The list itself, and where it comes from."""
    name = _NOT_IN_A_NAME.sub(" ", printable(table.name)).strip(" '")[:_LONGEST_NAME]
    return [(name or "1", [table.headings, *table.rows]), (_("About this file"), [*table.about])]


_ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_ODS_MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest manifest:version="1.2" '
    'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_ODS_TYPE}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    "</manifest:manifest>"
)
_ODS_CONTENT = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content office:version="1.2" '
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
    "%s</office:spreadsheet></office:body></office:document-content>"
)


def ods(table: Table) -> bytes:
    """OpenDocument 1.2 part 1 and 3: a zip with an uncompressed mimetype first and string cells only."""
    body = "".join(
        f"<table:table table:name={quoteattr(name)}>{''.join(map(_ods_row, rows))}</table:table>"
        for name, rows in _sheets(table)
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", _ODS_TYPE, compress_type=zipfile.ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", _ODS_MANIFEST)
        archive.writestr("content.xml", _ODS_CONTENT % body)
    return file.getvalue()


def _ods_row(row: Sequence[str]) -> str:
    return f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>"


def _ods_cell(text: str) -> str:
    lines = escape(printable(text)).split("\n")
    paragraphs = "".join(f"<text:p>{line}</text:p>" for line in lines)
    return f'<table:table-cell office:value-type="string">{paragraphs}</table:table-cell>'


def as_json(table: Table) -> bytes:
    rows = [dict(zip(table.headings, row, strict=True)) for row in table.rows]
    about = {"name": table.name, **dict(table.about)}
    return json.dumps({"about": about, "rows": rows}, ensure_ascii=False, indent=1).encode()


FORMATS = {
    "xlsx": Format("XLSX", "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx),
    "ods": Format("ODS", "ods", _ODS_TYPE, ods),
    "csv": Format("CSV (;)", "csv", "text/csv; charset=utf-8", csv_with_semicolons),
    "csv-comma": Format("CSV (,)", "csv", "text/csv; charset=utf-8", csv_with_commas),
    "json": Format("JSON", "json", "application/json", as_json),
}
