"""Text that was saved in UTF-8 and read as Windows-1252 before it was saved again: "ZoÃ«" for "Zoë"."""

import re

# Byte by character: Windows-1252, and Latin-1 for the five bytes that it leaves open.
_BYTES = {bytes([byte]).decode("cp1252", "ignore") or chr(byte): byte for byte in range(0x80, 0x100)}
_BEHIND = "[" + re.escape("".join(char for char, byte in _BYTES.items() if byte < 0xC0)) + "]"
# A first byte of UTF-8 with as many others behind it as it announces (RFC 3629, section 3).
_RUN = re.compile(f"[Â-ß]{_BEHIND}|[à-ï]{_BEHIND}{{2}}|[ð-ô]{_BEHIND}{{3}}")


# What such text is about: Latin letters and the signs of typesetters; other scripts are a coincidence.
_LIKELY = re.compile("[\u00a0-\u024f\u1e00-\u1eff\u2010-\u20bf\u2100-\u214f\ufb00-\ufb06]")


def repaired(text: str) -> str:
    """`text` with each such run of characters as the one that it was, also where that happened twice."""
    if text.isascii():
        return text
    once = _RUN.sub(_as_it_was, text)
    return once if once == text else _RUN.sub(_as_it_was, once)


def _as_it_was(found: re.Match[str]) -> str:
    try:
        char = bytes(_BYTES[char] for char in found.group()).decode()
    except UnicodeDecodeError:
        return found.group()
    return char if _LIKELY.fullmatch(char) else found.group()
