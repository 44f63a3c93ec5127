"""From the bytes of a file to the text of its cells, without trusting either."""

import json
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path, PurePath

from django.conf import settings
from django.utils.translation import gettext as _

from crm.imports.sheets import ReadingError, Sheet, SheetRow
from crm.imports.tables import find_table

__all__ = ["SUFFIXES", "ReadingError", "TableStream", "most_megabytes", "open_table", "read"]

TEXT_SUFFIXES = {".csv", ".tsv", ".tab", ".txt"}
BOOK_SUFFIXES = {".xlsx", ".xlsm", ".xls", ".ods"}
SUFFIXES = sorted(TEXT_SUFFIXES | BOOK_SUFFIXES)

_CHILD = Path(__file__).with_name("reading_child.py")
_CHILD_MEGABYTES = 900
_CHILD_SECONDS = 30
_TOO_LARGE = 3
_UNPACKED_MEGABYTES = 150
_HIGHEST_RATIO = 200
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")


def most_megabytes() -> int:
    """The largest file that is accepted; real contact lists stay under 2 MB."""
    return int(getattr(settings, "IMPORT_MEGABYTES", 10))


def read(data: bytes, file_name: str) -> list[Sheet]:
    """The sheets of a file with every cell as text, without empty rows; ReadingError says what is wrong."""
    suffix = PurePath(file_name).suffix.lower()
    if suffix not in SUFFIXES:
        raise ReadingError(
            _("Kwartet reads CSV, XLSX, XLS and ODS, not “%(suffix)s”.") % {"suffix": suffix or file_name}
        )
    if not data.strip():
        raise ReadingError(_("The file is empty."))
    if len(data) > most_megabytes() * 1024 * 1024:
        raise ReadingError(_("The file is larger than %(most)d MB.") % {"most": most_megabytes()})
    sheets = _run_child(data, _format(data))
    if not any(sheet.rows for sheet in sheets):
        raise ReadingError(_("There is nothing in the file."))
    return sheets


def _format(data: bytes) -> str:
    """ "text" or "workbook", by the content: a name can lie."""
    if data.startswith(b"PK\x03\x04"):
        _check_archive(data)
        return "workbook"
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise ReadingError(_("The file is protected with a password. Save it without one and try again."))
        return "workbook"
    if data.lstrip()[:15].lower().startswith((b"<!doctype html", b"<html", b"%pdf-")):
        raise _not_a_spreadsheet()
    return "text"


def _check_archive(data: bytes) -> None:
    """Look at the sizes that the archive tells before anything unpacks it."""
    try:
        entries = zipfile.ZipFile(BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise ReadingError(_("The file is damaged and cannot be read.")) from None
    names = {entry.filename for entry in entries}
    if not names & {"xl/workbook.xml", "xl/workbook.bin", "content.xml", "[Content_Types].xml"}:
        raise _not_a_spreadsheet()
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > _UNPACKED_MEGABYTES * 1024 * 1024 or unpacked > 1_000_000 + _HIGHEST_RATIO * len(data):
        raise _too_large()


def _run_child(data: bytes, kind: str) -> list[Sheet]:
    command = [sys.executable, "-I", str(_CHILD), kind, str(_CHILD_MEGABYTES)]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=_CHILD_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise _too_large() from None
    if done.returncode == _TOO_LARGE or done.returncode < 0:  # killed or aborted for lack of memory
        raise _too_large()
    if done.returncode:
        raise (
            _not_a_spreadsheet()
            if kind == "text"
            else ReadingError(_("The file is damaged and cannot be read."))
        )
    return [
        Sheet(name, [SheetRow(number, cells, name) for number, cells in rows])
        for name, rows in json.loads(done.stdout)
    ]


def _not_a_spreadsheet() -> ReadingError:
    return ReadingError(_("This is not a spreadsheet, whatever its name says."))


def _too_large() -> ReadingError:
    return ReadingError(
        _(
            "The file unpacks to more than Kwartet can hold. "
            "Often one cell far away is filled: remove it and save again."
        )
    )


@dataclass
class TableStream:
    """A table while it is read: what is known beforehand, and its data rows, once."""

    sheets: list[str]
    all_sheets: list[str]
    headings: list[str]
    sample: list[SheetRow]
    remarks: list[str] = field(default_factory=list)
    skipped: int = 0
    _rows: Iterable[SheetRow] = ()

    def __enter__(self) -> "TableStream":
        return self

    def __exit__(self, *_raised: object) -> None:
        """Nothing is held open yet."""

    def rows(self) -> Iterator[SheetRow]:
        yield from self._rows


def open_table(path: Path, file_name: str, *, sheet: str = "") -> TableStream:
    """The table of a file, or of its sheet of that name or number (1 = first)."""
    found = [one for one in read(path.read_bytes(), file_name) if one.rows]
    names = [one.name for one in found]
    if sheet:
        found = [one for at, one in enumerate(found, 1) if sheet in (one.name, str(at))]
        if not found:
            raise ReadingError(_("There is no sheet “%(sheet)s” in the file.") % {"sheet": sheet})
    table = find_table(found)
    return TableStream(table.sheets, names, table.mapping.headings, table.rows[:500], _rows=table.rows)
