"""Which kind of file it is, by its content: a name can lie."""

import re
import zipfile
from pathlib import Path, PurePath

from crm.base.said import Said
from crm.imports.reading.said import OTHER_KIND, refusal

_TEXT, _XLSX, _XLS, _ODS, _VCARD, _JSON = "text", "xlsx", "xls", "ods", "vcard", "json"
_QDPX = "qdpx"
_KINDS = {
    ".csv": _TEXT,
    ".tsv": _TEXT,
    ".tab": _TEXT,
    ".txt": _TEXT,
    ".xlsx": _XLSX,
    ".xlsm": _XLSX,
    ".xls": _XLS,
    ".ods": _ODS,
    ".vcf": _VCARD,
    ".vcard": _VCARD,
    ".json": _JSON,
    ".qdpx": _QDPX,
}
SUFFIXES = sorted(_KINDS)
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
# The first records of workbooks from before 1993, which were no OLE files yet.
_OLD_EXCEL = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08")
_NO_SPREADSHEET = (b"<!doctype html", b"<html", b"%pdf-", b"{\\rtf")
# A list of records, or an object with names: no spreadsheet saved as text begins like that.
_BEGINS_JSON = re.compile(rb"\[\s*[\[{\]]|\{\s*[\"}]")
_START = 1 << 12


def kind_of_file(path: Path, suffix: str) -> str:
    """ "text", "xlsx", "xls", "ods", "vcard", "json" or "qdpx"; ReadingError for anything else."""
    with path.open("rb") as stream:
        start = stream.read(_START)
        if start.startswith(b"PK\x03\x04"):
            return _kind_of_archive(path)
        if start.startswith(_OLE):
            if "EncryptedPackage".encode("utf-16-le") in start + stream.read():
                raise refusal("password")
            return _XLS
        if not start.strip() and not stream.read().strip():
            raise refusal("empty")
    if start.startswith(_OLD_EXCEL):
        return _XLS
    return _kind_of_text(start, suffix)


def _kind_of_text(start: bytes, suffix: str) -> str:
    """Of a file that begins with `start`, in whichever encoding."""
    plain = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if plain[:15].lower().startswith(_NO_SPREADSHEET):
        raise refusal("no text")
    narrow = plain.replace(b"\0", b"").lstrip(b"\xff\xfe").lstrip()
    if narrow[:20].upper().startswith(b"BEGIN:VCARD"):
        return _VCARD
    if _BEGINS_JSON.match(narrow) or (suffix == ".json" and narrow.startswith((b"[", b"{"))):
        return _JSON
    return _TEXT


def remarks_on_name(file_name: str, kind: str) -> list[Said]:
    """One when the name promises another kind than the file is."""
    suffix = PurePath(file_name).suffix.lower()
    return [OTHER_KIND(suffix=suffix, kind=kind)] if _KINDS[suffix] != kind else []


def _kind_of_archive(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = {name.lower() for name in archive.namelist()}
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise refusal("damaged") from None
    if "project.qde" in names:
        return _QDPX
    if "content.xml" in names:
        return _ODS
    if "[content_types].xml" in names and any(name.endswith(".xml") and "workbook" in name for name in names):
        return _XLSX
    raise refusal("no text")
