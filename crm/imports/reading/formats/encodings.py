"""In which encoding a text file is written."""

import codecs
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from crm.imports.reading.formats.limits import Refused

_BOMS = [
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
]
# What Windows, DOS and the old Macintosh wrote in the Netherlands.
_EIGHT_BIT = ("cp1252", "cp850", "mac_roman")
_SAMPLE = 1 << 16
_HIGH = re.compile(rb"[\x80-\xff]")
# Letters and signs that occur in Dutch and neighbouring languages, and what never stands in a contact list.
_USUAL = set("éëèïöüç€’‘–")
_LIKELY = set("êîíóôòúûùäáàâåãñæøœßÉËÈÏÖÜÄÁÅÇÑØ“”—…•´°²½©®§£·¤\xa0")
_CAPITAL_INSIDE = re.compile(r"(?<=[a-zß-ÿ])[À-Þ]")
_STRAY = re.compile("[\udc80-\udcff]")
_CONTROL = re.compile(r"[\x01-\x08\x0e-\x1f\x7f\ufffd]")


def _cp1252(error: UnicodeError) -> tuple[str, int]:
    """A byte that is no UTF-8 in a file that otherwise is: somebody pasted it in from Windows."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("cp1252", _cp1252)


def encoding_of(stream: BinaryIO) -> str:
    """By its byte order mark, else by its NULs, else UTF-8 where that fits, else the likeliest of old.

    Refused when it is no text.
    """
    start = stream.read(_SAMPLE)
    stream.seek(0)
    for mark, encoding in _BOMS:
        if start.startswith(mark):
            return encoding
    if b"\0" in start[:4000] and (wide := _wide(start)):
        return wide
    good, bad = _utf8_sequences(stream)
    stream.seek(0)
    if bad == 0 or good >= 20 * bad:
        return "utf-8"
    return _eight_bit(stream)


def open_text(path: Path) -> io.TextIOWrapper:
    """The file as text, checked to be text, with its line ends as they stand."""
    stream = path.open("rb")
    encoding = encoding_of(stream)
    stream.seek(0)
    errors = "cp1252" if encoding == "utf-8" else "replace"
    text = io.TextIOWrapper(stream, encoding, errors=errors, newline="")
    _check_text(text.read(_SAMPLE))
    text.seek(0)
    return text


def decode(data: bytes) -> str:
    """All of `data` as text; Refused when it is none."""
    encoding = encoding_of(io.BytesIO(data))
    text = data.decode(encoding, "cp1252" if encoding == "utf-8" else "replace")
    _check_text(text[:_SAMPLE])
    return text


def _check_text(text: str) -> None:
    if len(_CONTROL.findall(text)) > _most_odd(len(text)) or text.count("\0") > len(text) // 5:
        raise Refused("no text")


def _most_odd(size: int) -> int:
    """So many characters that no text has are damage; more than that, and it is no text."""
    return 2 + size // 200


def _wide(start: bytes) -> str:
    """UTF-16 without its mark: every other byte of western text is NUL; "" for a stray NUL."""
    even, odd = start[0::2].count(0), start[1::2].count(0)
    if max(even, odd) < len(start) // 5 or min(even, odd) * 4 > max(even, odd):
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def _utf8_sequences(stream: BinaryIO) -> tuple[int, int]:
    """(characters of several bytes that are UTF-8, bytes that are not)."""
    good = bad = 0
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    while block := stream.read(_SAMPLE):
        if block.isascii():
            continue
        text = decoder.decode(block)
        wrong = len(_STRAY.findall(text))
        bad += wrong
        good += len(text) - len(text.encode("ascii", "ignore")) - wrong
    bad += len(decoder.decode(b"", final=True))
    return good, bad


def _eight_bit(stream: BinaryIO) -> str:
    sample, size = b"", 0
    while block := stream.read(_SAMPLE):
        sample += b"".join(
            block[max(found.start() - 1, 0) : found.end() + 1] for found in _HIGH.finditer(block)
        )
        size += len(block)
        if len(sample) > 4000:
            break
    # One in which it would be no text is none of them; those of DOS and the Macintosh have every byte.
    possible = [one for one in _EIGHT_BIT if sample.decode(one, "replace").count("\ufffd") <= _most_odd(size)]
    return max(possible, key=_likeliness(sample))


def _likeliness(sample: bytes) -> Callable[[str], int]:
    def score(encoding: str) -> int:
        text = sample.decode(encoding, "replace")
        marks = sum(_mark(char) for char in text if not char.isascii())
        return marks - 3 * len(_CAPITAL_INSIDE.findall(text))

    return score


def _mark(char: str) -> int:
    if char == "\ufffd":  # a byte that this encoding does not have
        return -10
    if char in _USUAL:
        return 3
    return 1 if char in _LIKELY else -1 if char.isalpha() else -3
