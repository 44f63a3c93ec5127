"""A name in one cell, in any of the ways in which people write it, taken apart."""

import re
from dataclasses import dataclass, replace

from crm.contacts.infixes import infix_length, is_infix, normalise_infix, split_infix, straighten
from crm.contacts.titles import (
    FIRST_OF_COMPOUND,
    GENERATION,
    GENERATIONS,
    HEER,
    LAST_OF_COMPOUND,
    LOOSE_TITLES_AFTER,
    MEVROUW,
    MORE_OF_TITLE,
    NEUTRAL,
    NOBLE,
    TITLES_AFTER,
    TITLES_BEFORE,
    TITLES_WITH_STOP,
)


@dataclass(frozen=True)
class PersonName:
    """A name in its parts, with the same attributes as a contact."""

    given_name: str = ""
    initials: str = ""
    infix: str = ""
    family_name: str = ""
    titles_before: str = ""
    titles_after: str = ""
    form_of_address: str = ""
    own_salutation: str = ""
    formality: str = "u"
    language: str = "nl"


# What stands before the form of address on an envelope: "de weledelgestrenge heer".
_HONOUR = re.compile(r"(?:hoog|wel)?(?:edel|eerwaarde|geleerde)\w*|hoogge(?:leerde|boren|acht)\w*")
# Lower-case words that never are part of a name: "Dhr. en mevr. Jansen", "t.a.v. J. Jansen".
_FILLERS = {"en", "and", "&", "tav", "attn", "geachte", "beste", "dear"}
_ALSO_GIVEN_NAMES = {"al", "di", "do", "le", "da", "bin"}

_INITIALS = re.compile(r"(?:[^\W\d_]{1,3}\.-?)+[^\W\d_]?\.?")
_ELIDED = re.compile(r"(o|d|l|dell|dall|sant)'(?=[^\W\d_]{2})")
_NICKNAME = re.compile(r"\s*[(\"“„]\s*([^)\"”“]*?)\s*[)\"”]\s*")


def form_of_address_in(text: str) -> str:
    """ "heer" or "mevrouw" when a word says so ("Dhr.", "De heer", "Mrs"), "neutral" for "Mx", else ""."""
    plain = re.findall(r"[^\W\d_]+", straighten(text).lower())
    found = {form for word in plain if (form := _form(word))}
    found |= {"heer"} if plain == ["mr"] else set()
    return found.pop() if len(found) == 1 else ""


def split_titles(text: str) -> tuple[str, str, str]:
    """(form of address, titles before, titles after) of a cell with nothing else: "mevr. dr. MSc"."""
    words = straighten(text).replace(",", " ").split()
    after = [word for word in words if _is_title_after(word)]
    form, before, _rest = _take_address([" ".join([*(word for word in words if word not in after), "Xx"])])
    return form, before, " ".join(after)


def tidy_case(text: str) -> str:
    """ "JANSEN" and "jansen" with the usual capitals; anything in mixed case as it is."""
    return " ".join(_recase(straighten(text).split(), text))


def split_first_names(text: str) -> PersonName:
    """What a cell for given names holds: "drs. Jan", "J.A. (Jan)", "Jan, drs.", "Jan van den"."""
    nickname, rest = _take_nickname(straighten(text).strip(" ,;"))
    parts, after = _take_titles_after([part.strip() for part in rest.split(",") if part.strip()])
    form, before, parts = _take_address(parts)
    words = [word for part in parts for word in tidy_case(part).split()]
    start = next((at for at in range(len(words)) if _begins_family([*words, "Xx"], at)), len(words))
    given, initials = _first_names(words[:start])
    if nickname:
        given, initials = nickname, initials or _letters(given)
    infix = normalise_infix(" ".join(words[start:]))
    return PersonName(given, initials, infix, "", before, after, form)


def split_family_name(text: str) -> PersonName:
    """What a cell for family names holds: "Bos, MSc", "de Vries PhD, RA", "Berg, van den"."""
    parts, after = _take_titles_after([part.strip() for part in straighten(text).split(",") if part.strip()])
    form, before, rest = _take_address(parts)
    if not rest or form:  # "Heer" and "de Heer" are surnames here
        form, before, rest = "", "", parts
    family = tidy_case(", ".join(rest))
    listed = split_full_name(family) if "," in family else None
    infix, family = (listed.infix, listed.family_name) if listed else ("", family)
    return PersonName("", "", infix, family, before, after, form)


def dotted_initials(text: str) -> str:
    """ "CJ", "c. j." and "C.J" are "C.J."; a whole first name gives its first letter; "Th.M." stays."""
    compact = straighten(text).replace(" ", "" if "." in text else " ")
    if "." in compact:
        pieces = [piece.strip("-") for piece in compact.split(".")]
        return "".join(f"{piece[0].upper()}{piece[1:]}." for piece in pieces if piece[:1].isalpha())
    names = [word for word in compact.split() if word.isalpha()]
    if len(names) == 1 and len(names[0]) < 5 and (names[0].isupper() or len(names[0]) < 3):
        return "".join(f"{letter}." for letter in names[0].upper())
    return "".join(f"{word[0].upper()}." for word in names)


def split_full_name(text: str) -> PersonName:
    """The parts of `text`: "Berg, van den, Jan", "Dhr. prof. dr. J.H. van den Berg MSc", "E. (Els) ten Kate".

    The form of address comes from words like "dhr." and "mw." only, never from a given name.
    """
    cleaned = re.sub(r"\s*[-‐‑–]\s*", "-", straighten(text).strip(" ,;-"))
    nickname, rest = _take_nickname(cleaned)
    parts, after = _take_titles_after([part.strip() for part in rest.split(",") if part.strip()])
    parts, ahead = _take_degree_in_front(parts)
    form, before, parts = _take_address(parts)
    parts, noble = _take_noble_title(parts)
    parts = _surname_first(parts)
    words = [_recase(part.split(), rest) for part in parts]
    name = _in_list_order(words) if len(words) > 1 else _in_reading_order(words[0] if words else [])
    if nickname:
        name = replace(name, given_name=nickname, initials=name.initials or _letters(name.given_name))
    before, after = f"{before} {noble}".strip(), f"{ahead} {after}".strip()
    return replace(name, form_of_address=form, titles_before=before, titles_after=after)


def _form(word: str) -> str:
    return "heer" if word in HEER else "mevrouw" if word in MEVROUW else "neutral" if word in NEUTRAL else ""


def _take_nickname(text: str) -> tuple[str, str]:
    """The name between brackets, and `text` without it; a remark in lower case is dropped."""
    found = _NICKNAME.search(text)
    if not found:
        return "", text
    inner = found.group(1)
    rest = f"{text[: found.start()]} {text[found.end() :]}".strip()
    return (inner if inner[:1].isupper() and not _INITIALS.fullmatch(inner) else ""), straighten(rest)


def _take_titles_after(parts: list[str]) -> tuple[list[str], str]:
    """Take "MSc" and the like from the end, with or without a comma before it."""
    titles: list[str] = []
    while len(parts) > 1 and all(_is_title_after(word) for word in parts[-1].split()):
        if len(parts) == 2 and " " not in parts[0] and len(parts[1]) < 3:
            break  # "Jansen, MA": initials
        titles = [*parts.pop().split(), *titles]
    if not parts:
        return parts, " ".join(titles)
    last = parts[-1].split()
    shouting = parts[-1].isupper()
    while len(last) > 1 and _is_title_after(last[-1]) and not (shouting and len(last[-1]) < 3):
        titles.insert(0, last.pop())
    first = parts[0].split() if len(parts) > 1 else []
    while len(first) > 1 and first[-1].rstrip(".").lower() in GENERATION:
        titles.insert(0, first.pop())
        parts[0] = " ".join(first)
    return [*parts[:-1], " ".join(last)], " ".join(titles)


def _take_degree_in_front(parts: list[str]) -> tuple[list[str], str]:
    """ "Ph.D. Li Testwei": a degree that usually stands behind, written in front."""
    words = parts[0].split() if parts else []
    if len(words) < 3 or words[0].replace(".", "").lower() not in LOOSE_TITLES_AFTER:
        return parts, ""
    return [" ".join(words[1:]), *parts[1:]], words[0]


def _take_noble_title(parts: list[str]) -> tuple[list[str], str]:
    """ "J.W.F. Baron van Testeren" without its title: it stands between first names and infix."""
    words = parts[0].split() if len(parts) == 1 else []
    for at in range(1, len(words) - 2):
        if words[at].lower().rstrip(".") in NOBLE and is_infix(words[at + 1]) and not is_infix(words[at - 1]):
            return [" ".join([*words[:at], *words[at + 1 :]])], words[at].lower()
    return parts, ""


def _surname_first(parts: list[str]) -> list[str]:
    """ "VAN DEN BERG Jan" as "VAN DEN BERG, Jan": capitals mark it where the rest has small letters.

    So do initials behind it: "Berg J.H. van den".
    """
    words = parts[0].split() if len(parts) == 1 else []
    start = next((at for at, word in enumerate(words) if not is_infix(word)), len(words))
    end = next((at for at in range(start, len(words)) if not _is_loud(words[at])), len(words))
    rest = words[end:]
    last = next((at for at in range(len(words) - 1, 0, -1) if not is_infix(words[at])), 0)
    if last and "." in words[last] and _INITIALS.fullmatch(words[last]) and not _INITIALS.fullmatch(words[0]):
        return [" ".join(words[:last]), " ".join(words[last:])]
    if start == end or not rest or not rest[0][0].isupper() or rest[0].isupper() and "." not in rest[0]:
        return parts
    return [" ".join(words[:end]), " ".join(rest)]


def _is_loud(word: str) -> bool:
    letters = re.sub(r"[-']", "", word)
    return len(letters) > 3 and letters.isalpha() and letters.isupper()


def _is_title_after(word: str) -> bool:
    """Case counts: "MA" is a degree, "Ma" a family name."""
    word = word.rstrip("®™")
    plain = word.replace(".", "")
    if "." in word and plain.isupper() and not word.startswith("LL."):
        return False  # "M.A." is more often initials
    return plain in TITLES_AFTER or plain in GENERATIONS or plain.lower() in LOOSE_TITLES_AFTER


def _take_address(parts: list[str]) -> tuple[str, str, list[str]]:
    """Take the words of address and the titles from the front of each part."""
    forms: set[str] = set()
    titles: list[str] = []
    kept: list[str] = []
    for part in parts:
        words = [word for word in part.split() if any(map(str.isalpha, word))]
        least = 1 if part is parts[0] and len(parts) > 1 else 0  # "Heer, Jan" is called Heer
        while len(words) > least and (taken := _address_word(words) or _more_of_title(words, titles)):
            form, title, count = taken
            forms |= {form} if form else set()
            titles += [title] if title else []
            words = words[count:]
        kept += [" ".join(words)] if words else []
    return forms.pop() if len(forms) == 1 else "", " ".join(titles), kept


def _address_word(words: list[str]) -> tuple[str, str, int] | None:
    """(form, title, number of words) at the front ("de weledele heer": three); None when a name begins."""
    plain = words[0].lower().rstrip(".").replace(".-", "-")
    if words[0] == "Mr" and len(words) > 1:
        return "heer", "", 1  # English; the Dutch title is "mr."
    at = 1 if plain == "de" and len(words) > 1 else 0
    while at < len(words) - 1 and _HONOUR.fullmatch(words[at].lower()):
        at += 1
    forms = [_form(part.rstrip(".")) for part in words[at].lower().split("/")]
    if all(forms):
        return forms[0] if len(forms) == 1 else "", "", at + 1  # "heer/mevrouw" does not tell
    if plain in _FILLERS and len(words) > 1 and words[0][0].islower():
        return "", "", 1
    if words[0] == "BC":
        return None  # initials; the title is "bc."
    if plain in TITLES_BEFORE and len(words) > 1 or "." in words[0] and plain in TITLES_BEFORE:
        return "", _written_title(words[0]), 1
    return _glued_titles(words[0])


def _more_of_title(words: list[str], titles: list[str]) -> tuple[str, str, int] | None:
    """ "em." and "h.c." behind a title, "em. prof.", "Kol.": they need their full stop."""
    if len(words) < 2 or "." not in words[0]:
        return None
    plain = words[0].replace(".", "").lower()
    beside = titles or words[1].lower().rstrip(".") in TITLES_BEFORE
    more = plain in TITLES_WITH_STOP or beside and words[0].islower() and plain in MORE_OF_TITLE
    return ("", words[0].lower(), 1) if more else None


def _written_title(word: str) -> str:
    """In small letters with a full stop; what has a hyphen is no Dutch title and stays: "Dipl.-Ing."."""
    plain = word.lower().rstrip(".")
    return word if "-" in plain else plain if len(plain) > 5 else f"{plain}."


def _glued_titles(word: str) -> tuple[str, str, int] | None:
    """ "prof.dr.ir." without spaces."""
    pieces = [piece for piece in word.lower().replace("h.c.", "hc.").split(".") if piece]
    known = TITLES_BEFORE | MORE_OF_TITLE
    if len(pieces) < 2 or pieces[0] not in TITLES_BEFORE or not all(piece in known for piece in pieces):
        return None
    return "", " ".join(_written_title(piece) for piece in pieces).replace("hc.", "h.c."), 1


def _recase(words: list[str], whole: str) -> list[str]:
    """JAN VAN DEN BERG, jan van den berg and Jan BERG get the usual capitals; initials stay."""
    shouting, murmuring = whole.isupper() and len(whole) > 4, whole.islower()
    return [
        _recased(word, shouting=shouting, murmuring=murmuring, longest=3 if index == 0 else 2)
        for index, word in enumerate(words)
    ]


def _recased(word: str, *, shouting: bool, murmuring: bool, longest: int) -> str:
    """`longest`: up to how many capitals may be initials, as "JH" is in "JH Bos"."""
    if shouting and word in ("V.D.", "V/D", "VD", "V.D"):
        return word.lower()
    if _INITIALS.fullmatch(word) and not is_infix(word):
        return word.upper() if murmuring else word
    loud = word.isupper() and (shouting and len(word) > 1 or len(word) > longest)
    if not (loud or murmuring):
        return word
    first, *others = word.split("-")
    pieces = [first.lower() if is_infix(first) and not others else _capital(first)]
    return "-".join(pieces + [piece.lower() if is_infix(piece) else _capital(piece) for piece in others])


def _capital(word: str) -> str:
    lowered = word.lower()
    if elided := _ELIDED.match(lowered):
        return elided[1].capitalize() + "'" + _capital(lowered[elided.end() :])
    return "IJ" + lowered[2:] if lowered.startswith("ij") else lowered[:1].upper() + lowered[1:]


def _in_list_order(parts: list[list[str]]) -> PersonName:
    """ "Berg, van den, Jan", "Berg, J. van den", "Van den Berg, Jan"."""
    infix, family = split_infix(" ".join(parts[0]))
    words = [word for part in parts[1:] for word in part]
    particles = [word for word in words if is_infix(word) and not (word[0].isupper() and len(words) == 1)]
    given, initials = _first_names([word for word in words if word not in particles])
    return PersonName(given, initials, infix or normalise_infix(" ".join(particles)), family)


def _in_reading_order(words: list[str]) -> PersonName:
    """ "Jan Willem van den Berg", "J.H. Bos-van der Steen"."""
    start = _family_start(words)
    given, initials = _first_names(words[:start])
    infix, family = split_infix(" ".join(words[start:]))
    return PersonName(given, initials, infix, family)


def _family_start(words: list[str]) -> int:
    """Where infix or family name begin: at the first infix, else the last word, or right behind initials."""
    for index, word in enumerate(words):
        if _begins_family(words, index) or "-" in word and is_infix(word.rsplit("-", 1)[1]):
            return index
    if len(words) > 2 and (start := _compound_start(words)):
        return start
    initials = 0
    while initials < len(words) - 1 and _is_initials(words[initials], words):
        initials += 1
    return initials or max(len(words) - 1, 0)


def _begins_family(words: list[str], index: int) -> bool:
    word, following = words[index], len(words) - index - 1
    if index == 0 and word[0].isupper() and word.lower() in _ALSO_GIVEN_NAMES and following > 1:
        return False
    if index == 0 and following and len(word) == 2 and word.isupper():
        return False  # "LE Broek": initials
    return infix_length(words[index:]) > 0 or bool(re.match(r"d'[^\W\d_]", word))


def _compound_start(words: list[str]) -> int:
    """Where a family name of several words without an infix begins: "Tjon A Ten", "Ben Amar",
    "Gangaram Panday"; 0 where there is none.
    """
    last = len(words) - 1
    for at in range(1, last):
        begins = words[at].lower() in FIRST_OF_COMPOUND and not is_infix(words[at + 1].lower())
        if begins or words[at + 1] == "A" and at + 2 == last:
            return at
    return last - 1 if words[last].lower() in LAST_OF_COMPOUND else 0


def _is_initials(word: str, words: list[str]) -> bool:
    if _INITIALS.fullmatch(word) or len(word) == 1 and word.isalpha():
        return True
    return len(word) < 4 and word.isupper() and word.isalpha() and not " ".join(words).isupper()


def _first_names(words: list[str]) -> tuple[str, str]:
    """(given name, initials) of the words before the family name; "Jan P." is Jan with initials J.P."""
    given = [word for word in words if not _is_initials(word, [*words, "x"])]
    letters = [word for word in words if word not in given]
    if not letters:
        return " ".join(given), ""
    written = "".join(_dotted(word) for word in letters)
    if given and words[0] == given[0]:
        written = _letters(given[0]) + written
    return " ".join(given), written


def _dotted(word: str) -> str:
    """ "JH", "J.H" and "J.H." are "J.H."."""
    if "." in word:
        return word if word.endswith(".") else f"{word}."
    return "".join(f"{letter}." for letter in word.upper())


def _letters(given: str) -> str:
    return "".join(f"{name[0].upper()}." for name in given.split())
