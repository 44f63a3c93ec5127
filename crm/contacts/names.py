"""Dutch names: how a person is written in running text, formally, in a salutation and in a sorted list."""

from typing import Protocol

from crm.base.text import words
from crm.contacts.infixes import capitalised, join_infix, normalise_infix, split_infix
from crm.contacts.splitting import PersonName, form_of_address_in, split_full_name

__all__ = [
    "Named",
    "PersonName",
    "UnresolvedSalutation",
    "form_of_address_in",
    "formal_name",
    "full_name",
    "listed_name",
    "normalise_infix",
    "salutation",
    "sort_name",
    "split_full_name",
    "split_infix",
    "surname_key",
]

_FORMAL_GREETING = {"nl": "Geachte", "en": "Dear"}
_INFORMAL_GREETING = {"nl": "Beste", "en": "Dear"}
_FORM_IN_GREETING = {
    "nl": {"heer": "heer", "mevrouw": "mevrouw"},
    "en": {"heer": "Mr", "mevrouw": "Ms"},
}
_FORM_IN_ADDRESS = {
    "nl": {"heer": "de heer", "mevrouw": "mevrouw"},
    "en": {"heer": "Mr", "mevrouw": "Ms"},
}


class Named(Protocol):
    """Whatever has the name fields of a contact. `form_of_address` is heer, mevrouw, neutral, own or ""."""

    @property
    def given_name(self) -> str: ...
    @property
    def initials(self) -> str: ...
    @property
    def infix(self) -> str: ...
    @property
    def family_name(self) -> str: ...
    @property
    def titles_before(self) -> str: ...
    @property
    def titles_after(self) -> str: ...
    @property
    def form_of_address(self) -> str: ...
    @property
    def own_salutation(self) -> str: ...
    @property
    def formality(self) -> str: ...
    @property
    def language(self) -> str: ...


class UnresolvedSalutation(ValueError):
    """What is known of this person is not enough to greet them properly."""


def full_name(n: Named) -> str:
    """In running text: "Jan van den Berg"; without a given name "J. van den Berg"."""
    return _preceded(n.given_name or n.initials, n)


def formal_name(n: Named) -> str:
    """In an address: "de heer prof. dr. ir. J. van den Berg", "J. van den Berg MSc"."""
    form = _FORM_IN_ADDRESS[_language(n, None)].get(n.form_of_address, "")
    if n.language == "en" and n.titles_before:
        form = ""  # English uses a title or "Mr", not both
    name = _preceded(n.initials or n.given_name, n, alone=not (form or n.titles_before))
    return " ".join(part for part in (form, n.titles_before, name, n.titles_after) if part)


def sort_name(n: Named) -> str:
    """In a sorted list, in the Dutch order: "Berg, van den, Jan"."""
    return listed_name(n.family_name, n.infix, n.given_name or n.initials)


def listed_name(family_name: str, infix: str, first: str) -> str:
    """The same of the parts alone."""
    return ", ".join(part for part in (family_name, infix, first) if part)


def surname_key(infix: str, family_name: str, given_name: str) -> str:
    """What namesakes share: "van den berg"; of somebody with one name, that name."""
    return " ".join(words(f"{infix} {family_name}")) or " ".join(words(given_name))


def salutation(n: Named, language: str | None = None, formality: str | None = None) -> str:
    """The first line of a letter, without a comma: "Geachte heer Van den Berg", "Dear Jan".

    `formality` ("u" or "je") is that of a Dutch letter, where it is not the person's own. Titles are dropped.
    UnresolvedSalutation when the name and the form of address do not give one.
    """
    if n.form_of_address == "own":
        return _resolved(n.own_salutation.strip())
    spoken = _language(n, language)
    form = formality if formality and spoken == "nl" else n.formality
    if form == "je":
        return f"{_INFORMAL_GREETING[spoken]} {_resolved(_informal(n, spoken))}"
    return f"{_FORMAL_GREETING[spoken]} {_resolved(_formal(n, spoken))}"


def _language(n: Named, language: str | None) -> str:
    return "en" if (language or n.language).startswith("en") else "nl"


def _resolved(text: str) -> str:
    if not text:
        raise UnresolvedSalutation
    return text


def _preceded(first: str, n: Named, *, alone: bool = True) -> str:
    """The family name behind `first`; with a capital infix when nothing at all precedes it."""
    if not first:
        return capitalised(n.infix, n.family_name) if alone else join_infix(n.infix, n.family_name)
    return f"{first} {join_infix(n.infix, n.family_name)}".strip()


def _formal(n: Named, language: str) -> str:
    form = _FORM_IN_GREETING[language].get(n.form_of_address)
    if form and n.family_name:
        return f"{form} {capitalised(n.infix, n.family_name)}"
    if not n.family_name:
        return n.given_name
    return _with_first_name(n.initials or n.given_name, n)


def _informal(n: Named, language: str) -> str:
    if n.given_name and n.form_of_address:
        return n.given_name
    if n.given_name:
        return full_name(n)
    form = _FORM_IN_GREETING[language].get(n.form_of_address)
    if form and n.family_name:
        return f"{form} {capitalised(n.infix, n.family_name)}"
    return _with_first_name(n.initials, n)


def _with_first_name(first: str, n: Named) -> str:
    """ "J. van den Berg"; nothing without a first name, since a bare family name is no way to greet."""
    return _preceded(first, n) if first and n.family_name else ""
