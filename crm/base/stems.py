"""Stems of Dutch and English words, by Snowball's algorithms.

They are made here, and not by PostgreSQL, so that both databases find the same. `dutch_porter` is what
PostgreSQL 15 calls Dutch; Snowball's `dutch` is another algorithm since its version 3. With PyStemmer beside
it snowballstemmer runs the same algorithms in C, forty times as fast.
"""

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from snowballstemmer import stemmer

ALGORITHMS = {"nl": "dutch_porter", "en": "english"}
# Words that say nothing of what a text is about. They are left out of what somebody looks for, and tell which
# language a text is in.
_STOP_WORDS = {
    "nl": (
        "aan al alle als altijd andere ben bij daar dan dat de der deze die dit doen door dus een en er"
        " ge geen gewoon haar had heb hebben heeft hem het hier hij hoe hun iets ik in is ja je kan kon"
        " kunnen maar me meer men met mij mijn moet na naar niet niets nog nu of om omdat onder ons ook op"
        " over reeds s t te tegen toch toen tot u uit uw van veel voor want waren was wat we wel werd"
        " wezen wie wij wil worden wordt zal ze zei zelf zich zij zijn zo zonder zou"
    ),
    "en": (
        "a about after all am an and any are as at be because been but by can could did do does for from"
        " had has have he her here him his how i if in into is it its just me more most my no not of on"
        " only or our out over re s she should so some such t than that the their them then there these"
        " they this those to too under up very was we were what when where which who why will with would"
        " you your"
    ),
}
STOP_WORDS = {language: frozenset(listed.split()) for language, listed in _STOP_WORDS.items()}


@lru_cache(50_000)
def stem(word: str, language: str) -> str:
    """The stem of a word in lower case; KeyError for a language that ALGORITHMS does not have."""
    # One for each word: a stemmer keeps its place in itself, and requests run side by side.
    made: str = stemmer(ALGORITHMS[language]).stemWord(word)
    return made


def language_of(words: Iterable[str]) -> str:
    """In which of the two languages a text of these folded words is, by its stop words; Dutch in doubt."""
    counts = Counter(words)
    english, dutch = (sum(counts[word] for word in STOP_WORDS[language]) for language in ("en", "nl"))
    return "en" if english > dutch else "nl"
