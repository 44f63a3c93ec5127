"""Writing a Table as a workbook, XLSX or ODS: a list that one can read and filter at once, and where it comes
from. The headings stay in sight, columns are as wide as what is in them, and days are days.
"""

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from xml.sax.saxutils import escape, quoteattr

from django.utils.translation import gettext as _

from crm.base.tables import Cell, Table, in_words
from crm.base.text import printable

# What a sheet may not be called, and how long its name may be.
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\\s]+")
_LONGEST_NAME = 31
# In characters; so many rows say how wide a column is.
_NARROWEST, _WIDEST, _LOOKED_AT = 6, 48, 500
# The short date of whoever opens it (ECMA-376 part 1, 18.8.30, format 14).
_DAY = "mm-dd-yy"


@dataclass(frozen=True)
class _Sheet:
    """`is_list` is one with headings in the first row."""

    name: str
    rows: Sequence[Sequence[Cell]]
    is_list: bool = False

    def widths(self) -> list[int]:
        columns = max(map(len, self.rows), default=0)
        widths = [_NARROWEST] * columns
        for row in self.rows[:_LOOKED_AT]:
            for at, cell in enumerate(row):
                longest = max(map(len, in_words(cell).split("\n")))
                widths[at] = max(widths[at], min(longest + 2, _WIDEST))
        return widths

    def corner(self) -> str:
        """The last cell of the list: "C9"."""
        number, letters = len(self.rows[0]), ""
        while number:
            number, rest = divmod(number - 1, 26)
            letters = chr(ord("A") + rest) + letters
        return f"{letters}{len(self.rows)}"


def _sheets(table: Table) -> list[_Sheet]:
    """The list itself, and where it comes from."""
    name = _NOT_IN_A_NAME.sub(" ", printable(table.name)).strip(" '")[:_LONGEST_NAME]
    return [
        _Sheet(name or "1", [table.headings, *table.rows], is_list=True),
        _Sheet(_("About this file"), [*table.about]),
    ]


def xlsx(table: Table) -> bytes:
    """Cells that are no days are marked as text, so "=1+1" is no formula, and leading zeros stay."""
    # It takes a third of a second to load, which every process would spend and few need.
    from openpyxl import Workbook  # noqa: PLC0415
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415
    from openpyxl.styles import Font  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    book, bold = Workbook(write_only=True), Font(bold=True)

    def written(cell: Cell, *, heading: bool) -> WriteOnlyCell:
        if isinstance(cell, date):
            made = WriteOnlyCell(sheet, value=cell)
            made.number_format = _DAY
            return made
        made = WriteOnlyCell(sheet, value=printable(cell))
        made.data_type = "s"
        if heading:
            made.font = bold
        return made

    for one in _sheets(table):
        sheet = book.create_sheet(one.name)
        for at, width in enumerate(one.widths(), start=1):
            sheet.column_dimensions[get_column_letter(at)].width = width
        if one.is_list:
            sheet.freeze_panes = "A2"
            sheet.auto_filter.ref = f"A1:{one.corner()}"
        for number, row in enumerate(one.rows):
            sheet.append([written(cell, heading=one.is_list and not number) for cell in row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
_SPACE = "urn:oasis:names:tc:opendocument:xmlns"
_MANIFEST = (
    f'{_HEAD}<manifest:manifest manifest:version="1.2" xmlns:manifest="{_SPACE}:manifest:1.0">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{ODS_TYPE}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    '<manifest:file-entry manifest:full-path="settings.xml" manifest:media-type="text/xml"/>'
    "</manifest:manifest>"
)
_CONTENT = (
    f'{_HEAD}<office:document-content office:version="1.2" xmlns:office="{_SPACE}:office:1.0" '
    f'xmlns:style="{_SPACE}:style:1.0" xmlns:number="{_SPACE}:datastyle:1.0" '
    f'xmlns:fo="{_SPACE}:xsl-fo-compatible:1.0" xmlns:table="{_SPACE}:table:1.0" '
    f'xmlns:text="{_SPACE}:text:1.0"><office:automatic-styles>'
    '<number:date-style style:name="day-format"><number:day/><number:text>-</number:text><number:month/>'
    '<number:text>-</number:text><number:year number:style="long"/></number:date-style>'
    '<style:style style:name="day" style:family="table-cell" style:data-style-name="day-format"/>'
    '<style:style style:name="heading" style:family="table-cell">'
    '<style:text-properties fo:font-weight="bold"/></style:style>'
    "{widths}</office:automatic-styles><office:body><office:spreadsheet>{sheets}"
    "<table:database-ranges>{ranges}</table:database-ranges>"
    "</office:spreadsheet></office:body></office:document-content>"
)
_WIDTH = (
    '<style:style style:name="w{0}" style:family="table-column">'
    '<style:table-column-properties style:column-width="{1:.2f}cm"/></style:style>'
)
# LibreOffice gives a range of this name to the sheet as its filter.
_RANGE = (
    '<table:database-range table:name="__Anonymous_Sheet_DB__0" table:target-range-address={} '
    'table:display-filter-buttons="true"/>'
)
# The row above which nothing scrolls, as LibreOffice keeps it.
_SETTINGS = (
    f'{_HEAD}<office:document-settings office:version="1.2" xmlns:office="{_SPACE}:office:1.0" '
    f'xmlns:config="{_SPACE}:config:1.0"><office:settings><config:config-item-set '
    'config:name="ooo:view-settings"><config:config-item-map-indexed config:name="Views">'
    '<config:config-item-map-entry><config:config-item config:name="ViewId" config:type="string">view1'
    '</config:config-item><config:config-item-map-named config:name="Tables">'
    "<config:config-item-map-entry config:name={name}>"
    '<config:config-item config:name="HorizontalSplitMode" config:type="short">0</config:config-item>'
    '<config:config-item config:name="HorizontalSplitPosition" config:type="int">0</config:config-item>'
    '<config:config-item config:name="VerticalSplitMode" config:type="short">2</config:config-item>'
    '<config:config-item config:name="VerticalSplitPosition" config:type="int">1</config:config-item>'
    '<config:config-item config:name="ActiveSplitRange" config:type="short">2</config:config-item>'
    '<config:config-item config:name="PositionBottom" config:type="int">1</config:config-item>'
    "</config:config-item-map-entry></config:config-item-map-named></config:config-item-map-entry>"
    "</config:config-item-map-indexed></config:config-item-set></office:settings></office:document-settings>"
)


def ods(table: Table) -> bytes:
    """OpenDocument 1.2 part 1 and 3: a zip with an uncompressed mimetype first; only days are no text."""
    sheets = _sheets(table)
    listed = sheets[0]
    target = "'{0}'.A1:'{0}'.{1}".format(listed.name.replace("'", "''"), listed.corner())
    content = _CONTENT.format(
        widths="".join(_WIDTH.format(n, n * 0.2) for n in range(_NARROWEST, _WIDEST + 1)),
        sheets="".join(map(_ods_sheet, sheets)),
        ranges=_RANGE.format(quoteattr(target)),
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", ODS_TYPE, compress_type=zipfile.ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", _MANIFEST)
        archive.writestr("content.xml", content)
        archive.writestr("settings.xml", _SETTINGS.format(name=quoteattr(listed.name)))
    return file.getvalue()


def _ods_sheet(sheet: _Sheet) -> str:
    columns = "".join(f'<table:table-column table:style-name="w{width}"/>' for width in sheet.widths())
    cells = (
        "".join(_ods_cell(cell, heading=sheet.is_list and not at) for cell in row)
        for at, row in enumerate(sheet.rows)
    )
    rows = "".join(f"<table:table-row>{row}</table:table-row>" for row in cells)
    return f"<table:table table:name={quoteattr(sheet.name)}>{columns}{rows}</table:table>"


def _ods_cell(cell: Cell, *, heading: bool) -> str:
    if isinstance(cell, date):
        kind = f'office:value-type="date" office:date-value="{cell.isoformat()}" table:style-name="day"'
    else:
        kind = 'office:value-type="string"' + (' table:style-name="heading"' if heading else "")
    lines = escape(printable(in_words(cell))).split("\n")
    paragraphs = "".join(f"<text:p>{line}</text:p>" for line in lines)
    return f"<table:table-cell {kind}>{paragraphs}</table:table-cell>"
