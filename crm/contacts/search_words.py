"""What is searched, and for what: the words of a contact's search document and the terms of a question.

In a document two spaces stand before every word. A term of one or two letters takes them along and so finds
only beginnings of words; with them every term has the three characters that a trigram index needs.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from crm.base.text import fold, visible, words

MOST_TERMS = 10
_INITIALS = re.compile(r"(?<!\w)\w(?:[./]\w)+(?!\w)")
_ADDRESS = re.compile(r"\S*@\S*")
# People mix these up, so they count as one; "vd" is any infix with these initials.
_INFIXES = {"den": "de", "der": "de", "ten": "te", "ter": "te", "vde": "vd", "vden": "vd", "vder": "vd"}


def search_document(
    *, names: Iterable[str], initials: str, infix: str, addresses: Iterable[str], others: Iterable[str]
) -> str:
    """The words of the names, the addresses whole, and the words of `others` (organisations)."""
    found = words(" ".join([*names, infix, initials]))
    found += [_first_letters(text) for text in (initials, infix) if text]
    found += [fold(address) for address in addresses]
    found += [word for other in others for word in _joined(other)]
    return "".join(f"  {word}" for word in dict.fromkeys(found) if word)


def search_terms(text: str) -> list[str]:
    """Strings that must all occur in a document; none when there is nothing to search for."""
    text = visible(text.replace("\0", " "))
    found = [fold(address).strip("@<>,;") for address in _ADDRESS.findall(text)]
    found += [_INFIXES.get(word, word) for word in _joined(_ADDRESS.sub(" ", text))]
    return [term.rjust(3) for term in dict.fromkeys(found) if term][:MOST_TERMS]


@lru_cache(1000)
def _first_letters(text: str) -> str:
    return "".join(word[0] for word in words(text))


# Many people work at few organisations.
@lru_cache(2000)
def _joined(text: str) -> list[str]:
    """The words of `text`; single letters with full stops or slashes between are one: "v.d." is "vd"."""
    return words(_INITIALS.sub(lambda found: re.sub(r"[./]", "", found.group()), text))
