"""Which column holds what: by the words of its heading, and by its values where the heading is silent."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from crm.base.text import fold, words
from crm.contacts.models import Affiliation
from crm.exchange.cleaning import looks_like_email, plain_cell, sector_of, yes_or_no
from crm.imports.columns.guessing import (
    fill_from_values,
    is_infix_cell,
    is_only_a_form,
    is_person,
    sector_by_itself,
    share,
)
from crm.imports.columns.headings import IGNORED, PERSON_FIELDS, beside_name, field_of, place_of
from crm.imports.columns.people import is_named_as_organisation
from crm.imports.kinds import field_named

# Columns with a cross for each row to which their heading applies: an O, or a theme.
SECTOR_MARK, THEME_MARK = "sector_mark", "theme_mark"
# Of these every column counts; of all others the first one.
_REPEATABLE = {
    "email",
    "mobile",
    "phone",
    "themes",
    "tags",
    "alias",
    "code",
    "opt_out",
    "not_newsletter",
    "not_invite",
    SECTOR_MARK,
    THEME_MARK,
}
ADDRESS_FIELDS = {"street", "house_number", "addition", "postcode", "city", "country", "address"}
# Of several addresses the first that is filled, in this order.
_PLACES = ("work", "", "home", "other")
# What can stand in one column with a name, where the heading says so: "Naam (organisatie)".
BESIDE_NAME = {"job_title", "department", "organisation"}
_WITH_MORE = re.compile(r".*\w\s*\([^)]+\)\s*|.+\s[-–—]\s.+|\S+ .+,\s.+|.+\n.+")
_SITE = re.compile(r"(https?://|www\.)\S+|[\w-]+(\.[\w-]+)+(/\S*)?", re.IGNORECASE)
_LETTER = re.compile(r"[^\W\d_]")
# What these hold is called something.
_NAMES = {*PERSON_FIELDS, "organisation", *Affiliation.TEXTS, "city"}
# "x", "ja", "waar", "nee": what stands in a column of crosses.
_LONGEST_CROSS = 6
# What people put where there is no cross. It is no "no" to anything else.
_DASH = re.compile(r"\s*[-–—.·_]+\s*")
# Words that group such columns: "O: onderwijs", "Thema - Duurzaamheid".
_AMONG = re.compile(
    r"^\s*(?:de )?(?:o|o's|sector|themas?|thema's|themes?|helix|vier o's)\s*[:\s–-]\s*", re.IGNORECASE
)
# What the heading of such a column can be taken for.
_MARKED = {"", IGNORED, "organisation", "sector", "department", "full_name"}
# Who receives something, and through whom.
_PARTY = re.compile(
    r"(?:naam|name)(?: 1)?|relaties?|relatienaam|geadresseerden?|adressant|ontvangers?|addressee"
    r"|recipient|account|(?:naam )?(?:aanvragers?|indieners?|begunstigden?|begunstigers?|opdrachtnemers?"
    r"|huurders?|exposanten|exposant|standhouders?|sponsors?|adverteerders?|donateurs?|inschrijvers?|ondertekenaars?"
    r"|abonnees?|deelnemers?|leden|lid|eigenaar|gebruikers?|afnemers?)|applicants?|tenants?|exhibitors?|sponsors?|vendors?"
    r"|suppliers?|beneficiar(?:y|ies)|grantees?|subscribers?|members?|customers?|clients?"
)
_ATTENTION = re.compile(r"\b(?:t a v|tav|ter attentie van|attn|attention)\b")
_PREFIX = re.compile(r"prefix$|voorvoegsel")
_PROVINCE = re.compile(r"provincies?|provincienaam|naam (?:van de )?provincie")
_MUNICIPALITY = re.compile(r"gemeenten?|gemeentenaam")
_NOT = {"geen", "niet", "zonder", "no", "not", "without"}
_TITLE = re.compile(
    r"((prof|drs?|ir|ing|mr|mrs|ms|miss|dhr|mevr|mw|ds|mevrouw|de heer)\b\.?\s*)+", re.IGNORECASE
)


@dataclass(frozen=True)
class Mapping:
    """`fields[i]` says what column i holds, "" for a column that is not used; `by_values` has the places of
    those whose heading said nothing, but what stands in them did.
    """

    headings: list[str]
    fields: list[str]
    by_values: tuple[int, ...] = ()

    def has(self, *names: str) -> bool:
        return any(name in self.fields for name in names)

    def columns_of(self, name: str) -> list[int]:
        return [index for index, found in enumerate(self.fields) if found == name]

    def pairs(self) -> list[list[str]]:
        """[heading, field] per column, in the order of the file."""
        return [list(pair) for pair in zip(self.headings, self.fields, strict=True)]


def filled_width(cells: Sequence[str]) -> int:
    """A separator too many behind the last cell of a row makes no column."""
    return max((at for at, cell in enumerate(cells, 1) if cell.strip()), default=0)


def recognised(cells: Iterable[str]) -> int:
    """How many of `cells` are headings that mean something, each field counted once."""
    short = [cell for cell in cells if len(cell) < 60 and "@" not in cell and 0 < len(words(cell)) <= 7]
    return len({found for cell in short if (found := field_of(cell) or field_named(cell))})


def map_columns(
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    names_theme: Callable[[str], object] = lambda _text: None,
) -> Mapping:
    """What each column holds, from its heading and a look at its values; `names_theme` knows the themes."""
    width = max([len(headings), *map(filled_width, rows)])
    titles = [*headings, *[""] * (width - len(headings))]
    columns = [
        [row[index] for row in rows if index < len(row) and row[index].strip()] for index in range(width)
    ]
    fields = [_settled(field_of(title), title, column) for title, column in zip(titles, columns, strict=True)]
    _mark(fields, titles, columns, names_theme)
    _choose_address(fields, titles, columns)
    _leave_where_it_is(fields, titles)
    _take_provinces(fields, titles)
    _take_parties(fields, titles, columns)
    _drop_repeated(fields, columns)
    _take_addressed(fields, columns)
    by_values = fill_from_values(fields, titles, columns, rows)
    _tell_names_apart(fields)
    _leave_what_is_put_together(fields)
    return Mapping(titles, ["" if found == IGNORED else found for found in fields], tuple(by_values))


def _settled(found: str, heading: str, column: list[str]) -> str:
    """`found`, unless the values know better."""
    plain = " ".join(words(heading))
    if beside_name(heading) in BESIDE_NAME and share(column, _WITH_MORE.fullmatch) >= 0.5:
        return "full_name"
    if found == "sector_like":
        if plain.startswith("categor"):  # in address books these are labels
            return "sector" if share(column, _are_sectors) >= 0.8 else "categories" if column else ""
        return "sector" if share(column, sector_of) >= 0.5 else ""
    if found == "full_name" and column and share(column, is_only_a_form) == 1:
        return "form_of_address"
    if (
        found == "titles_before"
        and plain.endswith("title")
        and column
        and share(column, _TITLE.fullmatch) < 0.5
    ):
        return "job_title"
    if found in ("titles_before", "infix") and _PREFIX.search(plain) and column:
        told = [cell for cell in column if _filled(cell)]  # "NULL" and "n.v.t." say nothing
        return "infix" if share(told, is_infix_cell) >= 0.5 or not told else "titles_before"
    if found == "middle" and column and share(column, is_infix_cell) == 1:
        return "infix"  # in Dutch address books it often stands there
    return "" if column and is_contradicted(found, column) else found


def is_contradicted(found: str, column: list[str]) -> bool:
    """Whether hardly any value is what the heading promises."""
    if found == "email":
        return share(column, looks_like_email) < 0.3
    if found == "website":
        return share(column, lambda value: _SITE.fullmatch(value.strip())) < 0.3
    return found in _NAMES and share(column, _LETTER.search) < 0.3


def _mark(
    fields: list[str],
    titles: list[str],
    columns: list[list[str]],
    names_theme: Callable[[str], object],
) -> None:
    """Find the columns of crosses, whatever else their heading could mean."""
    for index, column in enumerate(columns):
        heading = without_group(titles[index])
        if not _only_crosses(column, heading):
            continue
        if any(map(names_theme, tails(heading))):
            fields[index] = THEME_MARK
        elif fields[index] in _MARKED and sector_by_itself(heading):
            fields[index] = SECTOR_MARK
    if SECTOR_MARK in fields:  # one that nobody has is still one of them
        for index, column in enumerate(columns):
            nobody = fields[index] in _MARKED and not any(map(_filled, column))
            if nobody and sector_by_itself(without_group(titles[index])):
                fields[index] = SECTOR_MARK


def _only_crosses(column: list[str], heading: str) -> bool:
    """Whether a column has crosses and nothing else; one of other words is left at its first cell."""
    return all(is_crossed(cell, heading) is not None or not _filled(cell) for cell in column) and any(
        map(_filled, column)
    )


def _filled(cell: str) -> bool:
    """Whether there is more in it than what people put where there is no cross."""
    return bool(plain_cell(cell)) and not _DASH.fullmatch(cell)


def without_group(heading: str) -> str:
    """A heading without the word that groups it with others."""
    return _AMONG.sub("", heading)


def tails(heading: str) -> list[str]:
    """It, and what is left of it without what may group it: "Belang bij duurzaamheid", "duurzaamheid"."""
    parts = heading.split()
    if _NOT.intersection(words(heading)):
        return [heading]
    return [" ".join(parts[at:]) for at in range(max(1, len(parts)))]


def is_crossed(cell: str, heading: str) -> bool | None:
    """Whether a cell of a column of crosses has one: "x", "ja", its heading again; None for other words."""
    plain = plain_cell(cell)
    if len(plain) > _LONGEST_CROSS:
        return True if fold(plain) == fold(heading) else None
    return yes_or_no(plain)


def _choose_address(fields: list[str], titles: list[str], columns: list[list[str]]) -> None:
    """Of the addresses at work, at home and elsewhere one is used: parts of two would make a third."""
    places = {index: place_of(titles[index]) for index, found in enumerate(fields) if found in ADDRESS_FIELDS}
    if len(set(places.values())) < 2:
        return
    filled = {place for index, place in places.items() if columns[index]} or set(places.values())
    chosen = next(place for place in _PLACES if place in filled)
    for index, place in places.items():
        if place != chosen:
            fields[index] = ""


def _leave_where_it_is(fields: list[str], titles: list[str]) -> None:
    """Beside the name of a school or company, the municipality says where it is."""
    named = [at for at, found in enumerate(fields) if found == "organisation"]
    places = [at for at in named if _MUNICIPALITY.fullmatch(" ".join(words(titles[at])))]
    if len(places) < len(named):
        for at in places:
            fields[at] = ""


def _take_provinces(fields: list[str], titles: list[str]) -> None:
    """Where nothing else has a name, a list of provinces is one of organisations."""
    if not {*PERSON_FIELDS, "organisation"} & set(fields):
        for at, title in enumerate(titles):
            if _PROVINCE.fullmatch(" ".join(words(title))):
                fields[at] = "organisation"


def _take_parties(fields: list[str], titles: list[str], columns: list[list[str]]) -> None:
    """Of two columns for names, where none is for organisations, the general one names the organisation:
    "Relatie" beside "T.a.v.", "Naam" beside "Contactpersoon" where it holds no names of people.
    """
    if "organisation" in fields or not {"full_name", "family_name"} & set(fields):
        return
    named = [at for at, found in enumerate(fields) if found in ("", "full_name", "family_name")]
    plain = [" ".join(words(titles[at])) for at in named]
    named_or_party = [
        at for at, text in zip(named, plain, strict=True) if fields[at] or _PARTY.fullmatch(text)
    ]
    if len(named_or_party) < 2:
        return
    for at, heading in zip(named, plain, strict=True):
        if not _PARTY.fullmatch(heading):
            continue
        attention = any(_ATTENTION.search(other) for other in plain if other != heading)
        if attention or share(columns[at], is_named_as_organisation) > 0.2 or not _are_people(columns[at]):
            fields[at] = "organisation"
            return
    for at in named:
        if share(columns[at], is_named_as_organisation) >= 0.5:
            fields[at] = "organisation"
            return


def _take_addressed(fields: list[str], columns: list[list[str]]) -> None:
    """Where no other column has a name, the one of salutations has it: "Geachte heer Bos", "C.J. Bos"."""
    if not {*PERSON_FIELDS} & set(fields) and "form_of_address" in fields:
        at = fields.index("form_of_address")
        if columns[at] and _are_people(columns[at]):
            fields[at] = "full_name"


def _are_people(column: list[str]) -> bool:
    return not column or share(column, is_person) >= 0.5


def _drop_repeated(fields: list[str], columns: list[list[str]]) -> None:
    """Of what can be read only once, the first column with something in it stays."""
    kept: dict[str, int] = {}
    for index, found in enumerate(fields):
        if found not in kept or (columns[index] and not columns[kept[found]]):
            kept[found] = index
    for index, found in enumerate(fields):
        if found not in _REPEATABLE and kept[found] != index:
            fields[index] = ""


def _are_sectors(value: str) -> bool:
    """Whether each of the categories of a cell is one: "Onderwijs;Overheid", but not "Bestuur;Onderzoek"."""
    return all(sector_of(part) for part in re.split("[;,]", value) if part.strip())


def _tell_names_apart(fields: list[str]) -> None:
    """ "Naam" beside "Voornaam" or "Tussenvoegsel" is the family name; beside "Achternaam" it is the whole
    name, for the rows in which the parts are empty.
    """
    if (
        "full_name" in fields
        and "family_name" not in fields
        and {"given_name", "infix", "initials"} & set(fields)
    ):
        fields[fields.index("full_name")] = "family_name"


def _leave_what_is_put_together(fields: list[str]) -> None:
    """In a list as Kwartet shows it, all functions stand in one cell and their O's in another: these are not
    taken apart again.
    """
    if "kwartet_number" in fields and "organisation" not in fields:
        for at, found in enumerate(fields):
            if found in {*Affiliation.TEXTS, "sector"}:
                fields[at] = ""
