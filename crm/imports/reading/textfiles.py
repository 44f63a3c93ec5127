"""A text file that is held as a whole: its text, and its records with the line on which each begins."""

from collections.abc import Iterator

from crm.imports.reading.formats import encodings
from crm.imports.reading.formats.dialects import find_dialect, lines_of
from crm.imports.reading.formats.limits import Refused
from crm.imports.reading.formats.records import Records

_SAMPLE = 1 << 16


class NotText(ValueError):
    """The bytes are no text in any encoding that spreadsheets are saved in."""


def decode(data: bytes) -> str:
    """The text of `data`: by its byte order mark, else UTF-8, else what Windows or DOS wrote."""
    try:
        return encodings.decode(data)
    except Refused:
        raise NotText from None


def records(text: str) -> Iterator[tuple[int, list[str]]]:
    """(line on which it begins, cells) of each record; a record with a broken quote is read as it stands."""
    found = find_dialect(text[:_SAMPLE], whole=len(text) <= _SAMPLE)
    lines = iter(lines_of(text))
    if found.hint:
        next(lines)
    yield from Records(lines, found.dialect, found.width, line=int(found.hint))
