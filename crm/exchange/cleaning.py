"""Single cells, from what people type to what is stored. A value that cannot be read gives "" or None."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email

from crm.base.said import Said, said_in
from crm.base.text import fold, visible, words
from crm.contacts.names import form_of_address_in
from crm.exchange import quick
from crm.themes.models import checked_tag

_NOTHING = {
    "-",
    "--",
    "---",
    "n.v.t.",
    "nvt",
    "n/a",
    # What a spreadsheet shows where a formula failed, in Dutch and English.
    *("#n/b", "#verw!", "#naam?", "#waarde!", "#getal!", "#deel/0!", "#leeg!", "#overlopen!"),
    *("#n/a", "#ref!", "#name?", "#value!", "#num!", "#div/0!", "#null!", "#spill!", "#calc!"),
    "null",
    "none",
    "?",
    "??",
    "onbekend",
    "unknown",
}
_YES = {
    "ja",
    "j",
    "yes",
    "y",
    "x",
    "v",
    "true",
    "waar",
    "1",
    "ok",
    "oke",
    "akkoord",
    "graag",
    "wel",
    "aan",
    "opt in",
    *("xx", "xxx", "vinkje", "aangevinkt", "gekozen", "geselecteerd", "checked", "selected"),
}
_NO = {
    "nee",
    "n",
    "no",
    "neen",
    "false",
    "onwaar",
    "0",
    "niet",
    "geen",
    "nooit",
    "liever niet",
    "uit",
    "opt out",
}
# Word writes ☒ for what is ticked and ☐ for what is not.
_YES_SIGNS, _NO_SIGNS = set("✓✔☑✅☒×+*●•√■▪👍"), set("✗✘☐❌-")
_LEFT = {"unsubscribed", "uitgeschreven", "afgemeld", "opted out", "cleaned", "bounced"}
_NO_WORDS = {"niet", "geen", "nee", "no", "not", "never", "nooit", "don", "non"} | _LEFT
_YES_WORDS = {"ja", "yes", "graag", "akkoord", "aangemeld", "ingeschreven", "subscribed"}
_SUBSCRIPTIONS = _LEFT | {"subscribed", "ingeschreven", "aangemeld", "opted in", "pending", "non subscribed"}
_SECTOR_STEMS = [
    (
        "education",
        "onderwijs opleiding educat school hogeschool hogescholen universit roc mbo hbo student academ",
    ),
    ("research", "onderzoek kennis research wetenschap science scientific institut instituut"),
    (
        "entrepreneurs",
        (
            "ondernem bedrijf bedrijven business compan entrepreneur industr mkb sme markt startup commerc "
            "privat zzp corporate handel"
        ),
    ),
    (
        "government",
        (
            "overhe gemeente provinc waterschap veiligheidsregio omgevingsdienst rijk government ministerie "
            "public publiek municipal authorit"
        ),
    ),
]
# Short for kinds of education, where nothing else is said: "hbo/wo".
_KINDS_OF_EDUCATION = {"po", "bo", "sbo", "so", "vso", "vo", "vmbo", "havo", "vwo", "mbo", "ho", "hbo", "wo"}
_EMAIL = re.compile(r"[^\s<>\"',;:()\[\]]+@[^\s<>\"',;:()\[\]]+")
_LONGEST_ADDRESS = 250
_ADDRESS = re.compile(
    r"(?P<street>\D*?[^\W\d]\D*?)(?: (?P<house_number>\d+(?:[ -]?[A-Za-z]{0,3}(?:[ -]?\d{1,3})?)?))?"
    r"(?:[ ,;]+(?P<postcode>[1-9]\d{3} ?[A-Z]{2})(?:[ ,;]+(?P<city>[^\d,;]+))?"
    r"(?:[,;] *(?P<country>[^\d,;]+))?)?"
)
_PAGE = URLValidator(schemes=["http", "https"])
_LONGEST_REMEMBERED = 60

# Columns of words and dates hold few different texts.
_remembered = lru_cache(2000)


def plain_cell(text: str) -> str:
    """`text` without invisible characters and "n.v.t."; line breaks become spaces."""
    return _plain(text) if len(text) <= _LONGEST_REMEMBERED else _plain.__wrapped__(text)


@lru_cache(5000)
def _plain(text: str) -> str:
    joined = quick.visible(text)
    if joined is None:
        kept = visible(text)
        joined = " ".join(kept.split())
    return "" if joined.lower() in _NOTHING else joined


def checked(check: Callable[[str], Any], text: str) -> tuple[Any, list[Said]]:
    """(what `check` makes of `text`, []), or ("", its complaints)."""
    try:
        return check(text), []
    except ValidationError as error:
        # It refers to itself and by this to the rows in hand, which would stay until cycles are looked for.
        error.__traceback__ = None
        return "", said_in(error)


def looks_like_email(text: str) -> bool:
    return bool(_EMAIL.search(text if text.isascii() else visible(text)))


def emails_in(text: str) -> tuple[list[str], list[str]]:
    """(addresses in lower case, what looks like one but is not valid); "Jan <jan@x.nl>; j@y.nl" holds two."""
    if address := quick.plain_address(text):
        return [address], []
    good: list[str] = []
    bad: list[str] = []
    text = visible(text)
    for found in _EMAIL.findall(re.sub(r"(?i)mailto:", " ", text)):
        address = found.strip(".").lower()
        (good if _is_email(address) else bad).append(address)
    if text and not good and not bad:
        bad.append(text)
    return list(dict.fromkeys(good)), bad


def _is_email(address: str) -> bool:
    _none, complaints = checked(validate_email, address)
    return not complaints and len(address) <= 254


@_remembered
def yes_or_no(text: str) -> bool | None:
    """True or False for a word of agreement or refusal, None when the cell says neither."""
    signs = set(text.strip())
    if signs & _NO_SIGNS and not words(text):
        return False
    if signs & _YES_SIGNS and not words(text):
        return True
    plain = words(text)
    joined = " ".join(plain)
    if joined in _YES or joined in _NO:
        return joined in _YES
    if set(plain) & _NO_WORDS:
        return False
    return True if set(plain) & _YES_WORDS else None


def says_subscription(text: str) -> bool:
    """Whether a cell says that somebody takes a mailing or has left it: "subscribed", "afgemeld"."""
    return fold(text) in _SUBSCRIPTIONS


def has_refused(text: str) -> bool:
    """What a cell of a column of refusals means: anything but a plain no, such as a date or a reason."""
    return bool(text) and yes_or_no(text) is not False or fold(text) in _LEFT


@_remembered
def sector_of(text: str) -> str:
    """The O that a word stands for: "Overheid", "bedrijven", "Kennisinstelling"; "" for anything else."""
    if text and _KINDS_OF_EDUCATION.issuperset(words(text)):
        return "education" if words(text) else ""
    for word in words(text):
        for sector, stems in _SECTOR_STEMS:
            if any(word.startswith(stem) for stem in stems.split()):
                return sector
    return ""


@_remembered
def form_of_address_of(text: str) -> str:
    """ "heer" for "Dhr.", "De heer" and, in a column of their own, "M" or "man"; "" when it does not say."""
    letter = {"m": "heer", "man": "heer", "male": "heer", "h": "heer", "v": "mevrouw", "vrouw": "mevrouw"}
    letter |= {
        "d": "mevrouw",
        "dame": "mevrouw",
        "w": "mevrouw",
        "woman": "mevrouw",
        "♂": "heer",
        "♀": "mevrouw",
    }
    letter |= {"f": "mevrouw", "female": "mevrouw", "x": "neutral", "o": "neutral", "neutraal": "neutral"}
    return letter.get(fold(text).strip(". "), "") or form_of_address_in(text)


@_remembered
def language_of(text: str) -> str:
    plain = fold(text)[:2]
    return {"nl": "nl", "ne": "nl", "du": "nl", "en": "en"}.get(plain, "")


def tags_in(text: str) -> tuple[list[str], list[Said]]:
    """(names, why the others cannot be a tag); between commas, semicolons, bars and line breaks.

    Mailchimp quotes them, Google puts ":::" between them and a star before those that it made itself.
    """
    good: dict[str, str] = {}
    problems: list[Said] = []
    for part in re.split(r"[;,|\n]|:::", text):
        if (name := _unquoted(plain_cell(part))) and not name.startswith("* "):
            tag, complaints = checked(checked_tag, name)
            problems += complaints
            if tag:
                good.setdefault(fold(name), tag)
    return list(good.values()), problems


def _unquoted(name: str) -> str:
    """A tag without the quotes around it; the apostrophe of "'t Hof" is no quote."""
    paired = len(name) > 1 and name[0] == name[-1] and name[0] in "\"'"
    return name[1:-1].strip() if paired else name.strip('" ')


def website_of(text: str) -> str:
    """With the scheme that people leave out; "" for what is no address of a page."""
    address = text if "://" in text or not text else f"https://{text}"
    _none, complaints = checked(_PAGE, address)
    return address if not complaints and len(address) <= 200 else ""


def address_parts(text: str) -> dict[str, str]:
    """ "Drienerlolaan 5, 7522 NB Enschede" in its parts; what cannot be told apart stays the street."""
    found = _ADDRESS.fullmatch(" ".join(text.split())) if len(text) <= _LONGEST_ADDRESS else None
    parts = found.groupdict(default="") if found else {"street": text}
    names = ("street", "house_number", "postcode", "city", "country")
    return {name: parts.get(name, "").strip(" ,;") for name in names}
