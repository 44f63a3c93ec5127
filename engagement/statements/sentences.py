r"""Where sentences end, by one rule that the server and the browser read.

A text is cut into words, and of two words side by side the first of CASES that fits says whether a sentence
ends between them. The patterns are that part of the language of regular expressions which Python and
JavaScript (with its flag u) read alike: without \w, \s or flags, and with bounded repeats where two of them
could take the same characters. The page carries RULE as JSON (json_script, "sentence-rule"), and
js/sentences.js does with it what this module does.
"""

import re

_LOWER = "a-zß-öø-ÿ"
_UPPER = "A-ZÀ-ÖØ-Þ"
_DIGIT = "0-9"
_SPACE = r"\t-\r\x1c- \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_OPENING = r"""["'“„‘«(\[]{0,3}"""
_CLOSING = r"""["'”’»)\]]{0,3}"""
_STOP = ".!?…"

# These stand before what they belong to, so no sentence ends with them.
_ALWAYS_GO_ON = (
    "dhr mw mevr mej hr prof dr drs ir ing mr ds st burg wed gebr gem afd gen chr joh bijv bv ca zgn resp evt"
    " excl incl vgl fig hoofdst vs cf approx mrs ms messrs capt sgt lt"
)
# With these one may end: it does when a capital follows.
_MAY_END = (
    "enz etc e.d e.a e.v o.i.d c.s jr sr jl a.s b.d a.u.b n.v.t s.v.p t.z.t z.s.m z.o.z v.Chr n.Chr inc ltd"
    " co corp a.m p.m no nr nrs art blz p pp tel min max ed red vz jan feb febr mrt apr jun jul aug sep sept"
    " okt oct nov dec v.s n.v b.v u.s u.k e.u ph.d"
)
# After a letter with a full stop they begin a sentence, and are no family name.
_BEGINNERS = (
    "De Het Een Dit Dat Deze Die Er Hij Zij Ze We Wij Ik Je En Maar Ook Als Toen Dus Daarna Daar Dan Wat In"
    " Op Met Voor Bij The This That These It He She They You And But So If When What There For"
)


def _any(choices: str) -> str:
    """One of these as written, or with a capital in front; those with full stops within also in capitals.

    Without them "ING", "VS" and "BV" are names, with which a sentence may well end.
    """
    spelled = [form for one in choices.split() for form in (one, one[0].upper() + one[1:])]
    spelled += [one.upper() for one in choices.split() if "." in one]
    return f"(?:{'|'.join(re.escape(one) for one in spelled)})"


# What CASES see: a space unless the word is the first of its sentence, the word, a space, the next word.
_WORD = rf"^ ?(?:[^ ]*[^ .{_LOWER}{_UPPER}{_DIGIT}])?"
CASES: list[tuple[str, bool]] = [
    # A word without a closing full stop; the number of a footnote may follow it.
    (rf"^(?! ?[^ ]*[{_STOP}]{_CLOSING}(?:\[[{_DIGIT}]{{1,3}}\])? )", False),
    # What follows goes on: ", zei hij" after "weg!".
    (r"^ ?[^ ]+ [,;:.!?…&)\]”]", False),
    # The mark of a list, at its beginning: "1.", "2.3.", "a.", "(iv.".
    (rf"^{_OPENING}(?:(?:[{_DIGIT}]{{1,3}}\.)+|[A-Za-z]\.|[ivx]+\.|[IVX]+\.) ", False),
    (rf"{_WORD}{_any(_MAY_END)}\.{_CLOSING} {_OPENING}[{_UPPER}]", True),
    (rf"{_WORD}{_any(_MAY_END)}\.{_CLOSING} ", False),
    (rf"{_WORD}{_any(_ALWAYS_GO_ON)}\.{_CLOSING} ", False),
    # Others of their kind: "m.b.t.", "D.w.z.", "i.e."
    (rf"{_WORD}[A-Za-z][a-z]?\.(?:[a-z]{{1,2}}\.)+{_CLOSING} ", False),
    # Initials, and the letter of a thing: "J.P. de Vries", but "plan B. Dat".
    (rf"{_WORD}(?:[{_UPPER}][{_LOWER}]?\.-?)+ (?:{_BEGINNERS.replace(' ', '|')})$", True),
    (rf"{_WORD}(?:[{_UPPER}][{_LOWER}]?\.-?)+ ", False),
    # Sentences that begin without a capital: "'s Avonds", "(zie boven)", and in haste after a whole word.
    (r"^ ?[^ ]+ ['’][nst](?:-[^ ]*)?$", True),
    (r"^ ?[^ ]+\. \(", True),
    (rf"[{_LOWER}]{{5}}\. ", True),
    (rf" {_OPENING}[{_LOWER}](?![{_UPPER}])[^ ]*$", False),
    ("", True),
]
# Words have no white space; a new one begins where it was forgotten ("klaar.Daarna"), but not in addresses.
WORD = (
    rf"(?![^{_SPACE}]*(?:@|://|www\.))[^{_SPACE}]*?(?:[{_LOWER}]{{3}}|[{_DIGIT}]{{4}})[{_STOP}]{{1,3}}{_CLOSING}"
    rf"(?={_OPENING}[{_UPPER}][{_LOWER}])|[^{_SPACE}]+"
)
RULE = {"word": WORD, "cases": CASES}

_word = re.compile(WORD)
_cases = [(re.compile(pattern), ends) for pattern, ends in CASES]


def sentences(text: str) -> list[tuple[int, int]]:
    """Where each sentence of `text` starts and ends, half-open, in code points; only white space is left out.

    A line break always ends one.
    """
    found: list[tuple[int, int]] = []
    words = list(_word.finditer(text))
    start = 0
    for place, word in enumerate(words):
        following = words[place + 1] if place + 1 < len(words) else None
        first = words[start] is word
        if following is None or _ends(text, word, following, first):
            found.append((words[start].start(), word.end()))
            start = place + 1
    return found


def _ends(text: str, word: re.Match[str], following: re.Match[str], first: bool) -> bool:
    if "\n" in text[word.end() : following.start()]:
        return True
    pair = f"{'' if first else ' '}{word.group()} {following.group()}"
    return next(ends for pattern, ends in _cases if pattern.search(pair))
