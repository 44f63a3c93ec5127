"""Shortcuts for what nearly every cell is. Each gives exactly what the long way gives, or None: ask that.

tests/crm/imports/test_quick.py compares both.
"""

import re

# 053-4890000, 06 12345678, +31 6 12 34 56 78: nine digits behind the zero or the country's code.
_DUTCH = re.compile(r"(?:0|\+31[ -]?)[1-9](?:[ -]?[0-9]){8}")
_NO_DIGITS = str.maketrans("", "", " -+")
# One address and nothing else, of the letters that all mail systems know.
_ADDRESS = re.compile(
    r"[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}", re.ASCII
)
_LONGEST_ADDRESS = 254


def dutch_number(text: str) -> tuple[str, str] | None:
    """(kind, E.164) of one Dutch number."""
    if not _DUTCH.fullmatch(text):
        return None
    national = text.translate(_NO_DIGITS)[-9:]
    return "mobile" if national[0] == "6" else "phone", f"+31{national}"


def plain_address(text: str) -> str | None:
    """The address in lower case."""
    lowered = text.strip().lower() if text.isascii() else ""
    return lowered if len(lowered) <= _LONGEST_ADDRESS and _ADDRESS.fullmatch(lowered) else None


def visible(text: str) -> str | None:
    """`text` with single spaces, when there can be nothing invisible in it."""
    return " ".join(text.split()) if text.isascii() and text.isprintable() else None
