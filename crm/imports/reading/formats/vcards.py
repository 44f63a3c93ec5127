"""Address cards (vCard 2.1, 3 and 4) as a table: one row per card, under headings that the import knows."""

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
    ("full", "Weergavenaam"),
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
    "TITLE": "job",
    "ROLE": "job",
    "URL": "website",
    "LANG": "language",
    "GENDER": "gender",
    "BDAY": "birthday",
    "NOTE": "note",
    "FN": "full",
}
_MOST_IN_CARD = 5000
_END = re.compile(r"END:\s*VCARD\s*", re.IGNORECASE)
_PROPERTY = re.compile(r"(?:[\w-]+\.)?([\w-]+)((?:;(?:\"[^\"]*\"|[^:;\"])*)*):(.*)", re.DOTALL)
_PARAMETER = re.compile(r";([^=;:]*)(?:=((?:\"[^\"]*\"|[^;\"])*))?")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_PART, _SCHEME = re.compile(r"(?<!\\)(?:\\\\)*;"), re.compile(r"(?:tel|mailto):", re.IGNORECASE)
_WORK, _PREFERRED = "WORK", "PREF"


@dataclass
class _Property:
    name: str
    types: set[str]
    value: str

    def parts(self) -> list[str]:
        """The parts of a structured value: "Berg;Jan" is two, "a\\;b" one."""
        if "\\" not in self.value:
            return [part.strip() for part in self.value.split(";")]
        return [plain(part) for part in _PART.split(self.value)]


@dataclass
class _Card:
    """The cells of one card; of what may occur several times, all that were found."""

    line: int
    found: dict[str, list[str]] = field(default_factory=dict)
    addresses: list[tuple[bool, list[str]]] = field(default_factory=list)

    def add(self, cell: str, text: str) -> None:
        if text.strip():
            values = self.found.setdefault(cell, [])
            values += [] if text.strip() in values else [text.strip()]

    def cells(self) -> list[str]:
        self._settle_address()
        self._settle_name()
        return ["; ".join(self.found.get(key, [])) for key, _heading in HEADINGS]

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
        """A card may have no structured name, only what it is shown as."""
        full = " ".join(self.found.get("full", []))
        if (
            full
            and not {"given", "family"} & set(self.found)
            and full not in self.found.get("organisation", [])
        ):
            name = split_full_name(full)
            self.add("given", name.given_name or name.initials)
            self.add("family", f"{name.infix} {name.family_name}")


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
            yield card.line, card.cells()
            card = None
        elif card:
            _take(card, found)
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
    name, parameters, value = found.groups()
    if not parameters:
        return _Property(name.upper(), set(), value)
    types, charset, quoted = set(), "utf-8", False
    for key, setting in _PARAMETER.findall(parameters):
        upper, bare = key.strip().upper(), setting.strip('"')
        if upper == "CHARSET":
            charset = bare
        elif upper == "PREF" or not setting:
            types.add(upper or _PREFERRED)
        else:
            types |= {part.strip().upper() for part in bare.split(",")}
        quoted |= "QUOTED-PRINTABLE" in (upper, bare.upper())
    return _Property(name.upper(), types, _decoded(value, charset) if quoted else value)


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
        family, given, more, prefix, suffix = (found.parts() + [""] * 5)[:5]
        named = (("family", family), ("given", f"{given} {more}"), ("prefix", prefix), ("suffix", suffix))
        for cell, text in named:
            card.add(cell, text.replace(",", " "))
    elif name == "ORG":
        organisation, *units = found.parts()
        card.add("organisation", organisation)
        card.add("department", ", ".join(filter(None, units)))
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
