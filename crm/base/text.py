"""Folding of text for searching, sorting and matching."""

import re
import unicodedata

# Letters that Unicode does not decompose into a base letter plus marks.
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
    | {"ʼ": "'", "’": "'", "‘": "'", "`": "'", "´": "'"}
)

_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn")
_WORD = re.compile(r"[^\W_]+")
# What XML 1.0 does not know (section 2.2), and the other controls, which no card and no calendar may hold
# (RFC 6350 and RFC 5545, section 3.1 of each).
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


# Ligatures of printers and the full-width forms of East Asian keyboards stand for plain letters.
_FORMS = re.compile("[\ufb00-\ufb06\uff01-\uff5e]+")


def visible(text: str) -> str:
    """Return `text` in NFC, without format and control characters, with ligatures and wide forms plain.

    White space of every kind stays.
    """
    composed = unicodedata.normalize("NFC", text)
    plain = _FORMS.sub(lambda found: unicodedata.normalize("NFKC", found.group()), composed)
    return "".join(char for char in plain if char.isspace() or unicodedata.category(char) not in _UNSEEN)


def fold(text: str) -> str:
    """Return `text` in lower case without accents, with single spaces: "Özgür  Yıldız" is "ozgur yildiz"."""
    if text.isascii():  # most texts; the result is the same
        return " ".join(text.lower().replace("`", "'").split())
    lowered = text.casefold().translate(_LETTERS)
    decomposed = unicodedata.normalize("NFKD", lowered)
    plain = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(plain.split())


def words(text: str) -> list[str]:
    """Return the folded words of `text`, without punctuation: "v.d. Berg" is ["v", "d", "berg"]."""
    return _WORD.findall(fold(text))


def printable(text: str) -> str:
    """Return `text` without what no workbook, card or calendar may hold; tabs and line breaks stay."""
    return _UNPRINTABLE.sub("", text)
