"""The infix (tussenvoegsel) between given and family name: which words, and how they are written.

Convention: the Dutch registration of names (Stichting Interne Markt / GBA list of voorvoegsels), plus the
French, German, Italian, Iberian and Arabic particles that stand in Dutch address books.
"""

import re

_DUTCH = (
    "van de den der 't het ten ter te in op aan uit uijt voor onder over bij tot toe boven achter thoe tho 's"
)
_OTHER = "d' l' von vom zu zum zur und auf du des la le les del della delle dello di da do dos das"
_ARABIC = "el al bin ibn ul"
INFIX_WORDS = frozenset(f"{_DUTCH} {_OTHER} {_ARABIC}".split())
# Never an infix alone or at its end: "uit" needs "den", "und" needs "zu"; alone they are names.
_ONLY_WITH_MORE = frozenset({"und", "het", "des"})

_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "ʼ": "'", "′": "'"})
# Without its full stops: "v.d." is stored as "van der", the usual convention.
_ABBREVIATED = {
    "v": "van",
    "vd": "van der",
    "v/d": "van der",
    "vden": "van den",
    "v/den": "van den",
    "vder": "van der",
    "vde": "van de",
    "v't": "van 't",
    "v/t": "van 't",
    "vh": "van het",
    "v/h": "van het",
    "i't": "in 't",
    "o/d": "op de",
    "a/d": "aan de",
    "t": "'t",
    "d": "der",
}
_ELIDED = re.compile(r"(d|l|dell|dall)'(?=[^\W\d_])")


def straighten(text: str) -> str:
    """`text` with plain apostrophes and single spaces; "' t Hart" is "'t Hart"."""
    return re.sub(r"(?<!\S)' (?=[ts] )", "'", " ".join(text.translate(_APOSTROPHES).split()))


def normalise_infix(text: str) -> str:
    """The infix as it is stored: "v.d.", "v/d" and "V. D." are "van der", "Van Den" is "van den"."""
    spaced = re.sub(r"(?<=\w)\.(?=\w{2})", ". ", straighten(text).lower())
    found = [_ABBREVIATED.get(word.replace(".", ""), word.replace(".", "")) for word in spaced.split()]
    return " ".join(word for word in found if word)


def is_infix(word: str) -> bool:
    """Whether `word` ("van", "v.d.", "'T") can be part of an infix; "L.E." and "V.D." are initials."""
    if word.lower() in INFIX_WORDS:
        return True
    plain = word.replace(".", "")
    return word[:1].islower() and plain in _ABBREVIATED and (len(plain) > 1 or word == "v.")


def infix_length(words: list[str]) -> int:
    """How many of the first `words` are the infix; at least one is left for the family name."""
    length = 0
    while length < len(words) - 1 and is_infix(words[length]):
        length += 1
    while length and words[length - 1].lower() in _ONLY_WITH_MORE and length == 1:
        length -= 1
    return length


def split_infix(family: str) -> tuple[str, str]:
    """("van den", "Berg") of "Van den Berg"; ("d'", "Ancona") of "d'Ancona"; ("", name) without one."""
    words = straighten(family).split()
    length = infix_length(words)
    infix, rest = normalise_infix(" ".join(words[:length])), " ".join(words[length:])
    elided = _ELIDED.match(rest)
    if elided:
        return f"{infix} {elided.group()}".strip(), rest[elided.end() :]
    return infix, rest


def join_infix(infix: str, family: str) -> str:
    """ "van den Berg", "d'Ancona"; the one place that knows when no space stands between them."""
    glue = "" if infix.endswith("'") or not infix or not family else " "
    return f"{infix}{glue}{family}"


def capitalised(infix: str, family: str) -> str:
    """As written when no given name or initial precedes: "Van den Berg", "In 't Veld", but "'t Hoen"."""
    joined = join_infix(infix, family)
    return joined[:1].upper() + joined[1:]
