"""Which kind of file it is, by its content: a name can lie."""

import zipfile
from pathlib import Path, PurePath

from django.utils.translation import gettext as _

from crm.imports.refusals import refusal

_TEXT, _XLSX, _XLS, _ODS, _VCARD = "text", "xlsx", "xls", "ods", "vcard"
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
}
SUFFIXES = sorted(_KINDS)
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
# The first records of workbooks from before 1993, which were no OLE files yet.
_OLD_EXCEL = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08")
_NO_SPREADSHEET = (b"<!doctype html", b"<html", b"%pdf-", b"{\\rtf")
_START = 1 << 12


def kind_of_file(path: Path) -> str:
    """ "text", "xlsx", "xls", "ods" or "vcard"; ReadingError for anything else."""
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
    plain = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if plain[:15].lower().startswith(_NO_SPREADSHEET):
        raise refusal("no text")
    return (
        _VCARD
        if plain.replace(b"\0", b"")[:20].upper().lstrip(b"\xff\xfe").startswith(b"BEGIN:VCARD")
        else _TEXT
    )


def remark_on_name(file_name: str, kind: str) -> str:
    """A sentence when the name promises another kind than the file is, else ""."""
    suffix = PurePath(file_name).suffix.lower()
    if _KINDS[suffix] == kind:
        return ""
    names = {_TEXT: _("text with delimiters"), _VCARD: "vCard"}
    return _("The name says “%(suffix)s”, the file itself is %(kind)s: it was read as what it is.") % {
        "suffix": suffix,
        "kind": names.get(kind, kind.upper()),
    }


def _kind_of_archive(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = {name.lower() for name in archive.namelist()}
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise refusal("damaged") from None
    if "content.xml" in names:
        return _ODS
    if "[content_types].xml" in names and any(name.endswith(".xml") and "workbook" in name for name in names):
        return _XLSX
    raise refusal("no text")
