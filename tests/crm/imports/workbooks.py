"""Small workbooks for the tests of reading, good and hostile."""

import io
import struct
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import openpyxl
from django.core.management import call_command

SHEET = "xl/worksheets/sheet1.xml"
PEOPLE = [["Naam", "E-mail"], ["Jan Bos", "jan@example.org"], ["Els Smit", "els@example.org"]]
_ODS = (
    '<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x"><office:body>'
    '<office:spreadsheet><table:table table:name="Lijst">{}</table:table></office:spreadsheet>'
    "</office:body></office:document-content>"
)


def workbook(*sheets: tuple[str, list[list[Any]]], change: Callable[[Any], object] | None = None) -> bytes:
    """XLSX with these sheets; `change` may do more to the first one."""
    book = openpyxl.Workbook()
    for position, (title, rows) in enumerate(sheets or [("Lijst", PEOPLE)]):
        sheet = book.active if position == 0 else book.create_sheet()
        sheet.title = title
        for row in rows:
            sheet.append(row)
    if change:
        change(book.worksheets[0])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def repacked(data: bytes, name: str, change: Callable[[bytes], Iterable[bytes]]) -> bytes:
    """A zip file in which one part is replaced by the pieces that `change` makes of it."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target,
    ):
        for entry in source.infolist():
            pieces = change(source.read(entry)) if entry.filename == name else [source.read(entry)]
            with target.open(entry.filename, "w") as part:
                for piece in pieces:
                    part.write(piece)
    return stream.getvalue()


def with_size(data: bytes, name: str, size: int) -> bytes:
    """A zip file that says of one part that it unpacks to `size` bytes."""
    changed = bytearray(data)
    for mark, size_at, length_at, name_at in ((b"PK\x01\x02", 24, 28, 46), (b"PK\x03\x04", 22, 26, 30)):
        at = changed.find(mark)
        while at >= 0:
            (length,) = struct.unpack_from("<H", changed, at + length_at)
            if changed[at + name_at : at + name_at + length] == name.encode():
                struct.pack_into("<I", changed, at + size_at, size)
            at = changed.find(mark, at + 4)
    return bytes(changed)


def ods(rows: str) -> bytes:
    """ODS with one sheet, its rows given as XML."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", _ODS.format(rows))
    return stream.getvalue()


def printed(folder: Path, data: bytes, name: str, **options: Any) -> list[str]:
    """The lines that `manage.py read_spreadsheet` prints of a file."""
    path = folder / name
    path.write_bytes(data)
    out = io.StringIO(newline="")
    call_command("read_spreadsheet", path, stdout=out, stderr=io.StringIO(), **options)
    return out.getvalue().replace("\r\n", "\n").splitlines()
