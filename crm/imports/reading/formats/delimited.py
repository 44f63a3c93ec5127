"""Delimited text as rows: in any encoding, with any delimiter, as a stream."""

from collections.abc import Iterator
from pathlib import Path

from crm.base.formulas import with_formula
from crm.imports.reading.formats.dialects import find_dialect
from crm.imports.reading.formats.encodings import open_text
from crm.imports.reading.formats.limits import Row
from crm.imports.reading.formats.records import Records

_SAMPLE = 1 << 16
# Signs of cp1252 that somebody took for Latin-1 and saved as UTF-8: control characters that nobody types.
_MEANT = {code: bytes([code]).decode("cp1252", "replace") for code in range(0x80, 0xA0)}
_MEANT = {code: char for code, char in _MEANT.items() if char != "\ufffd"}


def rows(path: Path) -> Iterator[Row]:
    """Each record with the line on which it begins."""
    with open_text(path) as text:
        sample = text.read(_SAMPLE)
        whole = len(sample) < _SAMPLE
        found = find_dialect(sample, whole=whole)
        text.seek(0)
        source = lines(text)
        if found.hint:
            next(source, "")
        for number, cells in Records(source, found.dialect, found.width, line=int(found.hint)):
            yield number, list(map(with_formula, cells))


def lines(text: Iterator[str]) -> Iterator[str]:
    for line in text:
        yield line if line.isascii() else line.translate(_MEANT)
