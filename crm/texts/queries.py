"""What somebody looks for in texts: words of which the stems must occur, and phrases in quotation marks."""

from __future__ import annotations

import re
from dataclasses import dataclass

from crm.base.stems import STOP_WORDS, stem
from crm.base.text import visible, words

MOST_WORDS = 10
# Longer ones are cut, as in the documents.
LONGEST_WORD = 100
_QUOTED = re.compile(r'["“”„]([^"“”„]*)(?:["“”„]|$)')


@dataclass(frozen=True)
class Terms:
    """What a document in one language must hold: all `stems`, but for the last one a word that begins with
    `beginning` will do as well; "" when it will not.
    """

    stems: tuple[str, ...]
    beginning: str


@dataclass(frozen=True)
class Query:
    """`words` are folded; each of `phrases` are words that follow each other."""

    words: tuple[str, ...]
    phrases: tuple[tuple[str, ...], ...]

    def __bool__(self) -> bool:
        return bool(self.words or self.phrases)

    def terms(self, language: str) -> Terms:
        """Stop words count only where there is nothing else to look for."""
        telling = [word for word in self.words if word not in STOP_WORDS[language]]
        wanted = telling or ([] if self.phrases else list(self.words))
        # While somebody types, the last word may not be whole.
        is_open = bool(wanted) and wanted[-1] == self.words[-1]
        found = tuple(stem(word, language) for word in wanted)
        return Terms(found, wanted[-1] if is_open else "")


def read_query(text: str) -> Query:
    text = visible(text.replace("\0", " "))
    phrases = [tuple(cut_words(quoted)) for quoted in _QUOTED.findall(text)]
    single = dict.fromkeys(cut_words(_QUOTED.sub(" ", text)))
    return Query(tuple(single)[:MOST_WORDS], tuple(phrase for phrase in phrases if phrase)[:MOST_WORDS])


def cut_words(text: str) -> list[str]:
    """The folded words of a text as its document holds them."""
    return [word[:LONGEST_WORD] for word in words(text)]
