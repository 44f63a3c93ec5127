"""Address cards (vCard 2.1, 3 and 4) as a table: one row per card, under headings that the import knows.

Each further function of somebody is a row of its own, on the line of the same card.
"""

import quopri
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from crm.contacts.splitting import split_full_name
from crm.imports.reading.formats.limits import Refused, Row

HEADINGS = (
    ("prefix", "Titels"),
    ("given", "Voornaam"),
    ("family", "Achternaam"),
    ("suffix", "Achtervoegsel"),
    ("organisation", "Organisatie"),
    ("department", "Afdeling"),
    ("job", "Functie"),
    ("email", "E-mail"),
    ("mobile", "Mobiel"),
    ("phone", "Telefoon"),
    ("fax", "Fax"),
    ("street", "Straat"),
    ("postcode", "Postcode"),
    ("city", "Plaats"),
    ("region", "Provincie"),
    ("country", "Land"),
    ("address", "Ander adres"),
    ("website", "Website"),
    ("language", "Taal"),
    ("gender", "Geslacht"),
    ("birthday", "Verjaardag"),
    ("categories", "Thema's en labels"),
    ("note", "Notities"),
)
_SINGLE = {
    "URL": "website",
    "LANG": "language",
    "GENDER": "gender",
    "BDAY": "birthday",
    "NOTE": "note",
    "FN": "full",
    "NICKNAME": "nickname",
}
_MOST_IN_CARD = 5000
_END = re.compile(r"END:\s*VCARD\s*", re.IGNORECASE)
_PROPERTY = re.compile(r"(?:([\w-]+)\.)?([\w-]+)((?:;(?:\"[^\"]*\"|[^:;\"])*)*):(.*)", re.DOTALL)
_PARAMETER = re.compile(r";([^=;:]*)(?:=((?:\"[^\"]*\"|[^;\"])*))?")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_COMMA = re.compile(r"(?<!\\),")
_PART, _SCHEME = re.compile(r"(?<!\\)(?:\\\\)*;"), re.compile(r"(?:tel|mailto):", re.IGNORECASE)
_INITIALS = re.compile(r"(?:[^\W\d_]{1,2}\.[ -]?)+|[A-Z]{1,3}")
_WORK, _PREFERRED = "WORK", "PREF"
# RFC 6350 section 5.3: 1 is the most preferred, 100 the least; without a number it is what stands first.
_NO_PREFERENCE = 101
# Of which a person has one: of several the preferred one, else the first.
_ONCE = {"N", "FN", "URL", "LANG", "GENDER", "BDAY"}
_JOBS = {"ORG", "TITLE", "ROLE"}
# What a row of a further function repeats, so that it is known whose it is.
_REPEATED = ("prefix", "given", "family", "suffix", "email", "mobile", "phone")


@dataclass(eq=False)
class _Property:
    """One line of a card; equal to nothing but itself."""

    name: str
    types: set[str]
    value: str
    # What stands before the name: properties of one group belong together (section 3.3).
    group: str = ""
    preference: int = _NO_PREFERENCE
    # The same for two that say one thing in two ways (section 5.4).
    alternative: str = ""

    def parts(self) -> list[str]:
        """The parts of a structured value: "Berg;Jan" is two, "a\\;b" one."""
        if "\\" not in self.value:
            return [part.strip() for part in self.value.split(";")]
        return [plain(part) for part in _PART.split(self.value)]

    def lists(self) -> list[str]:
        """The same where each part is a list: its commas become spaces, one with a backslash stays."""
        return [plain(_COMMA.sub(" ", part)) for part in _PART.split(self.value)]


@dataclass
class _Job:
    """What somebody does at one organisation; `titles` may be several."""

    organisation: str = ""
    department: str = ""
    titles: list[str] = field(default_factory=list)


@dataclass
class _Card:
    """The cells of one card; of what may occur several times, all that were found."""

    line: int
    properties: list[_Property] = field(default_factory=list)
    found: dict[str, list[str]] = field(default_factory=dict)
    addresses: list[tuple[bool, list[str]]] = field(default_factory=list)

    def add(self, cell: str, text: str) -> None:
        if text.strip():
            values = self.found.setdefault(cell, [])
            values += [] if text.strip() in values else [text.strip()]

    def rows(self) -> Iterator[list[str]]:
        """The cells of the card with the first function, then those of each further one."""
        jobs = _jobs([one for one in self._stated() if one.name in _JOBS])
        for one in sorted(self._stated(), key=lambda one: one.preference):
            if one.name not in _JOBS:
                _take(self, one)
        self._settle_address()
        for job in jobs[:1]:
            self._add_job(job)
        self._settle_name()
        yield self._cells()
        for job in jobs[1:]:
            self.found = {key: self.found[key] for key in _REPEATED if key in self.found}
            self._add_job(job)
            yield self._cells()

    def _cells(self) -> list[str]:
        return ["; ".join(self.found.get(key, [])) for key, _heading in HEADINGS]

    def _stated(self) -> list[_Property]:
        """What the card says, each thing once."""
        stated = {
            (one.name, one.alternative or ("" if one.name in _ONCE else at)): one
            for at, one in reversed(list(enumerate(sorted(self.properties, key=lambda one: one.preference))))
        }
        return [one for one in self.properties if one in stated.values()]

    def _add_job(self, job: _Job) -> None:
        self.add("organisation", job.organisation)
        self.add("department", job.department)
        for title in job.titles:
            self.add("job", title)

    def _settle_address(self) -> None:
        self.addresses.sort(key=lambda pair: not pair[0])
        for at, (_preferred, parts) in enumerate(self.addresses):
            box, extra, street, city, region, postcode, country = (parts + [""] * 7)[:7]
            if at:
                self.add("address", ", ".join(filter(None, [street or box, extra, postcode, city, country])))
                continue
            self.add("street", " ".join(filter(None, [street or box, extra])).replace("\n", ", "))
            for cell, text in (
                ("city", city),
                ("region", region),
                ("postcode", postcode),
                ("country", country),
            ):
                self.add(cell, text)

    def _settle_name(self) -> None:
        """A card may have no structured name, only what it is shown as, or initials beside a nickname."""
        given, nickname = (self.found.get(key, [""])[0] for key in ("given", "nickname"))
        if nickname and _INITIALS.fullmatch(given):
            self.found["given"] = [f"{given} ({nickname})"]
        full = self.found.get("full", [""])[0]
        if not given and self.found.get("family", [""]) == self.found.get("organisation"):
            del self.found["family"]  # a card of an organisation
        if (
            full
            and not {"given", "family"} & set(self.found)
            and full not in self.found.get("organisation", [])
        ):
            name = split_full_name(full)
            self.add("given", name.given_name or name.initials)
            self.add("family", f"{name.infix} {name.family_name}")
            self.add("prefix", f"{name.form_of_address} {name.titles_before}")
            self.add("suffix", name.titles_after)


def has_cards(lines: Iterable[str], count: int) -> bool:
    """Whether there are so many, which is known much sooner than they are read; it looks no further."""
    ends = (line for line in lines if line[0] in "Ee" and _END.fullmatch(line))
    return next(islice(ends, count - 1, None), "") != ""


def rows(lines: Iterator[str]) -> Iterator[Row]:
    """The headings, then a row per card with the line on which it begins; Refused when there is no card."""
    card: _Card | None = None
    count = 0
    for number, line in _unfolded(lines):
        found = _property(line)
        if found is None:
            continue
        if found.name == "BEGIN" and found.value.strip().upper() == "VCARD":
            card = _Card(number)
        elif found.name == "END" and card:
            count += 1
            if count == 1:
                yield 0, [heading for _key, heading in HEADINGS]
            for cells in card.rows():
                yield card.line, cells
            card = None
        elif card:
            card.properties.append(found)
    if not count:
        raise Refused("no table")


def _unfolded(lines: Iterator[str]) -> Iterator[tuple[int, str]]:
    """(line number, logical line): continued by a space, or by "=" where the text is quoted-printable."""
    whole, start, length = "", 0, 0
    for number, line in enumerate(lines, 1):
        text = line.rstrip("\r\n")
        soft = whole[-1:] == "=" and "QUOTED-PRINTABLE" in whole.upper()
        if start and (text[:1] in (" ", "\t") or soft):
            whole = whole[:-1] + text.lstrip() if soft else whole + text[1:]
            length += 1
            if length > _MOST_IN_CARD:
                raise Refused("cell", str(number))
            continue
        if start:
            yield start, whole
        whole, start, length = text, number, 0
    if start:
        yield start, whole


def _property(line: str) -> _Property | None:
    found = _PROPERTY.fullmatch(line)
    if not found:
        return None
    group, name, parameters, value = found.groups()
    stated = _Property(name.upper(), set(), value, (group or "").lower())
    if not parameters:
        return stated
    types, charset, quoted = stated.types, "utf-8", False
    for key, setting in _PARAMETER.findall(parameters):
        upper, bare = key.strip().upper(), setting.strip('"')
        if upper == "CHARSET":
            charset = bare
        elif upper == "PREF" or not setting:
            types.add(upper or _PREFERRED)
            stated.preference = int(bare) if bare.isdecimal() and len(bare) < 4 else 1
        elif upper == "ALTID":
            stated.alternative = bare
        else:
            types |= {part.strip().upper() for part in bare.split(",")}
        quoted |= "QUOTED-PRINTABLE" in (upper, bare.upper())
    if _PREFERRED in types:
        stated.preference = min(stated.preference, 100)
    stated.value = _decoded(value, charset) if quoted else value
    return stated


def _jobs(stated: list[_Property]) -> list[_Job]:
    """The functions that these say, the preferred one first: what is of one group, else as many titles as
    organisations in their order, else each title with the organisation before it.
    """
    places = [one for one in stated if one.name == "ORG" and any(one.parts())]
    titles = [one for one in stated if one.name != "ORG"]
    if not places:
        return [_Job(titles=[plain(one.value) for one in titles])]
    jobs = {id(one): _job(one) for one in places}
    paired = len(places) == len(titles)
    for at, title in enumerate(titles):
        own = [one for one in places if title.group and one.group == title.group]
        before = [one for one in places if stated.index(one) < stated.index(title)]
        place = (own or ([places[at]] if paired else before[-1:]) or places)[0]
        jobs[id(place)].titles.append(plain(title.value))
    return [jobs[id(one)] for one in sorted(places, key=lambda one: one.preference)]


def _job(place: _Property) -> _Job:
    organisation, *units = place.parts()
    return _Job(organisation, ", ".join(filter(None, units)))


def _decoded(value: str, charset: str) -> str:
    data = quopri.decodestring(value.encode("latin-1", "replace"))
    for encoding in (charset, "utf-8", "cp1252"):
        try:
            return data.decode(encoding)
        except (LookupError, UnicodeDecodeError):
            continue
    return data.decode("cp1252", "replace")


def plain(text: str) -> str:
    """A value without its backslashes."""
    if "\\" not in text:
        return text.strip()
    return _ESCAPE.sub(lambda found: "\n" if found[1] in "nN" else found[1], text).strip()


def _without_scheme(value: str) -> str:
    """The number or the address of a URI."""
    text = plain(value)
    scheme = _SCHEME.match(text)
    return text[scheme.end() :] if scheme else text


def _take(card: _Card, found: _Property) -> None:
    name, types = found.name, found.types
    if name == "N":
        family, given, more, prefix, suffix = (found.lists() + [""] * 5)[:5]
        named = (("family", family), ("given", f"{given} {more}"), ("prefix", prefix), ("suffix", suffix))
        for cell, text in named:
            card.add(cell, text)
    elif name == "TEL":
        number = _without_scheme(found.value)
        card.add("fax" if "FAX" in types else "mobile" if types & {"CELL", "IPHONE"} else "phone", number)
    elif name == "EMAIL":
        card.add("email", _without_scheme(found.value))
    elif name == "ADR":
        card.addresses.append((bool(types & {_WORK, _PREFERRED}), found.parts()))
    elif name == "CATEGORIES":
        for category in re.split(r"(?<!\\),", found.value):
            card.add("categories", plain(category))
    elif name in _SINGLE:
        card.add(_SINGLE[name], plain(found.value))
