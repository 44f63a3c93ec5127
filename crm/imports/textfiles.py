"""CSV and tab-separated text: which encoding, which delimiter, and where each record begins.

Runs in the child process of reading.py as well, so it imports nothing of Django.
"""

import codecs
import csv
import re
from collections.abc import Iterator

from charset_normalizer import from_bytes

_BOMS = [
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
]
_DELIMITERS = ";,\t|"
# A quoted cell may hold line breaks; a quote that is never closed must not swallow the rest of the file.
_LONGEST_RECORD = 60
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")


class NotText(ValueError):
    """The bytes are no text in any encoding that spreadsheets are saved in."""


def decode(data: bytes) -> str:
    """The text of `data`: by its byte order mark, else UTF-8, else what Windows or DOS wrote."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _decoded(data, encoding)
    if b"\0" in data[:4000]:
        return _decoded(data, "utf-16-le" if data[1:2] == b"\0" else "utf-16-be")
    try:
        return _checked(data.decode("utf-8"))
    except UnicodeDecodeError:
        # Unrestricted it guesses cp1250 for Dutch text.
        best = from_bytes(data, cp_isolation=["cp1252", "cp850"]).best()
        return _decoded(data, best.encoding if best else "cp1252")


def records(text: str) -> Iterator[tuple[int, list[str]]]:
    """(line on which it begins, cells) of each record; a record with a broken quote is read as it stands."""
    lines = _LINE.findall(text)
    delimiter, at = _delimiter(lines), 0
    if lines and lines[0].lower().startswith("sep="):
        at = 1  # Excel's own hint, not a record
    while at < len(lines):
        cells, used = _record(lines, at, delimiter)
        yield at + 1, cells
        at += used


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return _checked(data.decode(encoding))
    except UnicodeDecodeError:
        if encoding == "cp1252":
            return _checked(data.decode("cp1252", "replace"))
        raise NotText from None


def _checked(text: str) -> str:
    odd = len(re.findall(r"[\0-\x08\x0e-\x1f\ufffd]", text[:100_000]))
    if odd > 2 + len(text[:100_000]) // 200:
        raise NotText
    return text


def _delimiter(lines: list[str]) -> str:
    """The one that cuts the most lines into the same number of cells; the standard sniffer fails on ";"."""
    hint = re.match(r"sep=(.)", lines[0], re.IGNORECASE) if lines else None
    if hint:
        return hint.group(1)
    sample = [line for line in lines[:200] if line.strip()]
    return max(_DELIMITERS, key=lambda candidate: _fitness(sample, candidate))


def _fitness(sample: list[str], delimiter: str) -> tuple[int, int]:
    widths = [len(next(csv.reader([line], delimiter=delimiter), [])) for line in sample]
    usual = max(set(widths), key=lambda width: (widths.count(width) * (width - 1), width), default=1)
    return widths.count(usual) * (usual - 1), usual


def _record(lines: list[str], at: int, delimiter: str) -> tuple[list[str], int]:
    """(cells, number of lines) of the record that begins at `at`."""
    window = lines[at : at + _LONGEST_RECORD]
    reader = csv.reader(iter(window), delimiter=delimiter, strict=True)
    try:
        return next(reader, []), max(reader.line_num, 1)
    except csv.Error:
        return next(csv.reader([lines[at]], delimiter=delimiter, quoting=csv.QUOTE_NONE), []), 1
