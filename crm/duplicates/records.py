"""What is compared: the record as it is given, and the same in the form in which it can be compared."""

import re
from dataclasses import dataclass

from crm.base.text import fold, words
from crm.contacts.infixes import split_infix
from crm.organisations.names import organisation_key

_NUMBER = re.compile(r"\d+\w?")
_BOX_OR_UNIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Record:
    """A person, or with only an organisation name an organisation. Every field may be empty.

    `number` may be in `street` as well; `extra` is a second address line, `region` a province or state.
    `phone` and `email` may hold several values, separated by spaces or semicolons.
    """

    given: str = ""
    family: str = ""
    initials: str = ""
    infix: str = ""
    organisation: str = ""
    street: str = ""
    number: str = ""
    extra: str = ""
    postcode: str = ""
    city: str = ""
    region: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Comparable:
    """Folded, without infixes, punctuation and spelling habits. "" is "not known"."""

    given: str
    family: str
    initials: str
    organisation: str
    street: str
    number: str
    extra: str
    postcode: str
    city: str
    region: str
    phones: tuple[str, ...]
    emails: tuple[str, ...]

    is_person: bool
    # "" unless it says which door it is.
    address: str


def comparable(record: Record) -> Comparable:
    given, letters = _first_names(record.given, record.initials)
    family = _family(record.family, record.infix)
    street, number = _street(record.street, record.number)
    postcode = "".join(words(record.postcode))
    return Comparable(
        given=given,
        family=family,
        initials=letters,
        organisation=organisation_key(record.organisation) if record.organisation.strip() else "",
        street=street,
        number=number,
        extra=" ".join(words(record.extra)),
        postcode=postcode,
        city=" ".join(words(record.city)),
        region=" ".join(words(record.region)),
        phones=_phones(record.phone),
        emails=tuple(dict.fromkeys(part for part in re.split(r"[\s;,]+", fold(record.email)) if part)),
        is_person=bool(given or family or letters),
        address=f"{street} {number} {postcode}" if number and (street or postcode) else "",
    )


def _first_names(given: str, initials: str) -> tuple[str, str]:
    """("jan willem", "jw"); a given name that is only letters ("J.W.") is initials."""
    names = words(given)
    if names and (all(len(name) == 1 for name in names) or re.fullmatch(r"(?:[A-Z]\.){1,6}", given.strip())):
        return "", "".join(names)
    letters = "".join(words(initials))
    return " ".join(names), letters or "".join(name[0] for name in names)


def _family(family: str, infix: str) -> str:
    """Without the infix, wherever it stands: "van den Berg", "Berg, van den" and "Berg" are the same."""
    plain = fold(family.partition(",")[0])
    rest = plain if infix.strip() and not plain.startswith(fold(infix) + " ") else split_infix(plain)[1]
    return " ".join(words(rest))


def _street(street: str, number: str) -> tuple[str, str]:
    """("dorpsstraat", "12a") of "Dorpsstr. 12-A"; the number may stand before the street too."""
    parts = words(street)
    numbers = words(number)
    if not numbers:
        numbers = [part for part in parts if _NUMBER.fullmatch(part)][:1]
    names = [part for part in parts if not _BOX_OR_UNIT.search(part)]
    name = " ".join(names)
    return re.sub(r"str\b", "straat", name), "".join(numbers)


def _phones(text: str) -> tuple[str, ...]:
    """The last nine digits of each: the same for "+31 53 489 00 00", "0031534890000" and "053-4890000"."""
    parts = [re.sub(r"\D", "", part) for part in re.split(r"[;,/|]", text)]
    return tuple(dict.fromkeys(part[-9:] for part in parts if len(part) >= 6))
