"""A piece of a text around what was looked for, with the words that were found marked."""

import re
from functools import lru_cache

from crm.base.stems import stem
from crm.texts.queries import Query, cut_words

# In code points, and how much of it stands before the first word that was found.
LENGTH, BEFORE = 160, 40
_WORD = re.compile(r"[^\W_]+")
_SPACE = re.compile(r"\s+")
# (text, whether it was found), one after the other.
Snippet = tuple[tuple[str, bool], ...]


def snippet(text: str, query: Query, language: str) -> Snippet:
    """The piece of `text` with most of what `query` asks; () when nothing of it occurs.

    White space of any kind becomes one space, and "…" stands where the text goes on.
    """
    text = _SPACE.sub(" ", text).strip()
    places = _places(text, query, language)
    if not places:
        return ()
    begin = _begin(text, places)
    end = _end(text, begin)
    pieces, at = [("… " if begin else "", False)], begin
    for start, stop, _ in places:
        if at <= start and stop <= end:
            pieces += [(text[at:start], False), (text[start:stop], True)]
            at = stop
    pieces += [(text[at:end], False), (" …" if end < len(text) else "", False)]
    return tuple(piece for piece in pieces if piece[0])


def marks(pieces: Snippet) -> int:
    return sum(found for _, found in pieces)


def _places(text: str, query: Query, language: str) -> list[tuple[int, int, str]]:
    """(start, end, what was asked) of everything in `text` that `query` asks, in order."""
    terms = query.terms(language)
    words = [(one.start(), one.end(), _folded(one.group())) for one in _WORD.finditer(text)]
    found = []
    for at, (start, end, word) in enumerate(words):
        found += [
            (start, words[at + len(phrase) - 1][1], " ".join(phrase))
            for phrase in query.phrases
            if tuple(one[2] for one in words[at : at + len(phrase)]) == phrase
        ]
        if (stemmed := stem(word, language)) in terms.stems:
            found.append((start, end, stemmed))
        elif terms.beginning and word.startswith(terms.beginning):
            found.append((start, end, terms.stems[-1]))
    return found


@lru_cache(50_000)
def _folded(word: str) -> str:
    return "".join(cut_words(word))


def _begin(text: str, places: list[tuple[int, int, str]]) -> int:
    """So that most of what was asked stands in the piece, at the beginning of a word."""
    first = places[max(range(len(places)), key=lambda at: _asked_from(places, at))][0]
    begin = max(0, first - BEFORE)
    space = text.find(" ", begin, first)
    return space + 1 if begin and space >= 0 else begin


def _asked_from(places: list[tuple[int, int, str]], at: int) -> int:
    """How much of what was asked stands in a piece around this place and those after it."""
    end = places[at][0] - BEFORE + LENGTH
    asked = set()
    while at < len(places) and places[at][1] <= end:
        asked.add(places[at][2])
        at += 1
    return len(asked)


def _end(text: str, begin: int) -> int:
    """At the end of a word, unless there is only one."""
    end = begin + LENGTH
    if end >= len(text):
        return len(text)
    space = text.rfind(" ", begin, end + 1)
    return space if space > begin else end
