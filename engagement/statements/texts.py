"""Notes as they are stored."""

import re
import unicodedata

LONGEST_NOTES = 1_000_000  # characters; 200 pages are about 600,000
_BREAK = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_NEVER_SHOWN = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")


def stored(text: str) -> str:
    """`text` in NFC, with LF as its only line break and without what no page, file or database can hold."""
    return unicodedata.normalize("NFC", _NEVER_SHOWN.sub("", _BREAK.sub("\n", text)))
