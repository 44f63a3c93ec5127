"""Which column holds what: by the words of its heading, and by its values where the heading is silent."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from crm.contacts.infixes import is_infix
from crm.imports.cleaning import looks_like_email, sector_of
from crm.imports.headings import IGNORED, field_of
from crm.text import words

# Of these every column counts; of all others the first one.
_REPEATABLE = {"email", "mobile", "phone", "themes", "alias", "code"}
PERSON_FIELDS = ("full_name", "family_name", "given_name")
_TITLE = re.compile(
    r"((prof|drs?|ir|ing|mr|mrs|ms|miss|dhr|mevr|mw|ds|mevrouw|de heer)\b\.?\s*)+", re.IGNORECASE
)


@dataclass(frozen=True)
class Mapping:
    """`fields[i]` says what column i holds, "" for a column that is not used."""

    headings: list[str]
    fields: list[str]

    def has(self, *names: str) -> bool:
        return any(name in self.fields for name in names)

    def columns_of(self, name: str) -> list[int]:
        return [index for index, found in enumerate(self.fields) if found == name]

    def pairs(self) -> list[list[str]]:
        """[heading, field] per column, in the order of the file."""
        return [list(pair) for pair in zip(self.headings, self.fields, strict=True)]


def recognised(cells: Iterable[str]) -> int:
    """How many of `cells` are headings that mean something, each field counted once."""
    short = [cell for cell in cells if len(cell) < 60 and "@" not in cell and 0 < len(words(cell)) <= 7]
    return len({found for cell in short if (found := field_of(cell))})


def map_columns(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> Mapping:
    """What each column holds, from its heading and a look at its values."""
    width = max([len(headings), *(len(row) for row in rows)])
    titles = [*headings, *[""] * (width - len(headings))]
    columns = [
        [row[index] for row in rows if index < len(row) and row[index].strip()] for index in range(width)
    ]
    fields = [_settled(field_of(title), title, column) for title, column in zip(titles, columns, strict=True)]
    _drop_repeated(fields)
    _fill_from_values(fields, columns)
    _tell_names_apart(fields)
    return Mapping(titles, ["" if found == IGNORED else found for found in fields])


def _share(column: list[str], test: Callable[[str], object]) -> float:
    sample = column[:500]
    return sum(1 for value in sample if test(value)) / len(sample) if sample else 0.0


def _settled(found: str, heading: str, column: list[str]) -> str:
    """`found`, unless the values know better."""
    plain = " ".join(words(heading))
    if found == "sector_like":
        return "sector" if _share(column, sector_of) >= 0.5 else ""
    if found == "titles_before" and plain == "title" and column and _share(column, _TITLE.fullmatch) < 0.5:
        return "job_title"
    if found in ("titles_before", "infix") and plain.endswith("prefix") and column:
        return "infix" if _share(column, _is_infix_cell) >= 0.5 else "titles_before"
    if found == "email" and column and _share(column, looks_like_email) < 0.3:
        return ""
    return found


def _is_infix_cell(value: str) -> bool:
    return all(is_infix(word) for word in value.split())


def _drop_repeated(fields: list[str]) -> None:
    seen: set[str] = set()
    for index, found in enumerate(fields):
        if found in seen and found not in _REPEATABLE:
            fields[index] = ""
        seen.add(found)


def _fill_from_values(fields: list[str], columns: list[list[str]]) -> None:
    """A column whose heading says nothing can still be full of addresses or sectors."""
    for index, column in enumerate(columns):
        silent = fields[index] == ""
        if fields[index] in ("", "full_name", "phone", "organisation") and "email" not in fields:
            fields[index] = "email" if _share(column, looks_like_email) >= 0.6 else fields[index]
        if silent and not fields[index] and "sector" not in fields and _share(column, sector_of) >= 0.8:
            fields[index] = "sector"


def _tell_names_apart(fields: list[str]) -> None:
    """ "Naam" beside "Voornaam" or "Tussenvoegsel" is the family name, beside "Achternaam" nothing new."""
    if "full_name" not in fields:
        return
    at = fields.index("full_name")
    if "family_name" in fields:
        fields[at] = ""
    elif {"given_name", "infix", "initials"} & set(fields):
        fields[at] = "family_name"
