"""Which columns of a spreadsheet hold what of a statement, and what a row says."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.db.models import TextChoices
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from crm.base.said import Said
from crm.base.text import fold, words
from crm.exchange.cleaning import plain_cell, yes_or_no
from crm.imports.columns.headings import field_of as field_of_people
from crm.imports.columns.mapping import Mapping
from crm.imports.columns.rows import RowReading
from crm.imports.kinds import Label
from crm.imports.reading.sheets import SheetRow
from crm.imports.said import TOO_LONG
from engagement.codes.models import LONGEST_NAME
from engagement.statements.models import Aspect, Stance, Statement
from engagement.statements.said import NO_CODE_NAME, NO_STATEMENTS, NOT_READ
from engagement.statements.texts import stored

Values = dict[str, Any]
FIELDS: dict[str, Label] = {
    "passage": _("literally"),
    "wording": _("in our words"),
    "codes": _("codes, separated by semicolons"),
    "code_mark": _("a mark for a code"),
    "stance": _("kind of statement"),
    "aspect": _("aspect"),
    "said_by": _("said by"),
    "origin": _("comes from"),
    "number": _("Kwartet number"),
}
ONCE = frozenset({"passage", "wording", "stance", "aspect", "number"})
READ = frozenset({*FIELDS, "external_id", "sector"})
# Which whole headings mean what, as their folded words.
_HEADINGS = {
    "passage": "uitspraak uitspraken statement statements citaat citaten quote quotes passage passages "
    "letterlijk",
    "wording": "wording verwoording parafrase paraphrase",
    "codes": "code codes label labels tag tags thema themas theme themes onderwerp onderwerpen topic topics "
    "trefwoord trefwoorden keyword keywords categorie categorieen category categories",
    "stance": "soort kind type stance houding standpunt",
    "aspect": "aspect",
    "external_id": "id nr nummer number",
    "origin": "bron source herkomst origin url link bijeenkomst meeting event gesprek interview sessie "
    "session",
}
_PHRASES = {
    "in onze woorden": "wording",
    "in our words": "wording",
    "letterlijke tekst": "passage",
    "externe id": "external_id",
    "external id": "external_id",
    "code elders": "external_id",
    "code elsewhere": "external_id",
    "komt uit": "origin",
    "comes from": "origin",
    "gezegd door": "said_by",
    "said by": "said_by",
    "thema s": "codes",
    "kwartet number": "number",
    "kwartet nummer": "number",
    "kind of statement": "stance",
    "soort uitspraak": "stance",
}
_MEANS = {**{word: field for field, many in _HEADINGS.items() for word in many.split()}, **_PHRASES}
# These mean it only above texts of some length.
_PERHAPS = {
    "tekst",
    "text",
    "bijdrage",
    "contribution",
    "inbreng",
    "reactie",
    "response",
    "mening",
    "opinion",
}
_LONG = 25  # characters, on average
# How lists of people or organisations call what a statement has too.
_AS_OF_PEOPLE = {
    "full_name": "said_by",
    "organisation": "origin",
    "sector": "sector",
    "sector_like": "sector",
}
# A list in which these are known is about people, whatever else stands in it.
_OF_PEOPLE = {"email", "mobile", "phone", "given_name", "family_name", "postcode", "street", "kvk_number"}
_LIMITED = {"wording", "external_id", "origin"}
_APART = re.compile(r"[;|\n]")


def blank() -> Values:
    texts = ("passage", "wording", "stance", "aspect", "external_id", "origin", "number")
    return {**dict.fromkeys(texts, ""), "codes": []}


def field_of(heading: str) -> str:
    """What a heading means that no list of people has: "passage" or ""."""
    found = _MEANS.get(" ".join(words(heading)), "")
    return found if found == "passage" else ""


def map_columns(headings: Sequence[str], sample: Sequence[Sequence[str]]) -> Mapping:
    """By the headings, and by the crosses below them: each such column is a code."""
    columns = [
        [row[at] for row in sample if at < len(row) and row[at].strip()] for at in range(len(headings))
    ]
    fields = [_meaning(heading, column) for heading, column in zip(headings, columns, strict=True)]
    if "code_mark" in fields:  # one that nobody has so far is still one of them
        for at, column in enumerate(columns):
            if headings[at] and not fields[at] and not column:
                fields[at] = "code_mark"
    for name in ("external_id", "sector", *ONCE):
        for at in [at for at, found in enumerate(fields) if found == name][1:]:
            fields[at] = ""
    return Mapping(list(headings), fields)


def _meaning(heading: str, column: Sequence[str]) -> str:
    plain = " ".join(words(heading))
    if plain and column and _MEANS.get(plain) != "external_id" and all(map(_is_mark, column)):
        return "code_mark"
    if plain in _PERHAPS:
        return "passage" if sum(map(len, column)) > _LONG * len(column) else ""
    return _MEANS.get(plain) or _AS_OF_PEOPLE.get(field_of_people(heading), "")


def _is_mark(cell: str) -> bool:
    return yes_or_no(plain_cell(cell)) is not None


def claims(mapping: Mapping) -> bool:
    """Whether a list of which nobody said what is in it holds statements."""
    others = {field_of_people(heading) for heading, found in mapping.pairs() if not found}
    return mapping.has("passage") and not others & _OF_PEOPLE


def lacks(mapping: Mapping) -> Said | None:
    return None if mapping.has("passage", "wording") else NO_STATEMENTS()


class StatementReader:
    """Reads the rows of one table."""

    def __init__(self, mapping: Mapping) -> None:
        self._headings = mapping.headings
        self._at = {name: mapping.columns_of(name) for name in (*FIELDS, "external_id", "sector")}
        self._marks = [(at, code_name(mapping.headings[at])) for at in self._at["code_mark"]]

    def read(self, row: SheetRow) -> RowReading:
        """`nobody` of the reading says why the row can be no statement."""
        cells = [*row.cells, *[""] * (len(self._headings) - len(row.cells))]
        reading = RowReading(blank())
        values = reading.values
        values["passage"] = stored(self._first(cells, "passage")).strip()
        values["wording"] = stored(self._first(cells, "wording")).strip()
        values["external_id"] = plain_cell(self._first(cells, "external_id"))
        values["number"] = plain_cell(self._first(cells, "number"))
        values["stance"] = self._choice(cells, "stance", Stance, reading)
        values["aspect"] = self._choice(cells, "aspect", Aspect, reading)
        parts = [plain_cell(cells[at]) for name in ("origin", "said_by", "sector") for at in self._at[name]]
        values["origin"] = ", ".join(dict.fromkeys(part for part in parts if part))
        values["codes"] = self._codes(cells, reading)
        reading.nobody += _too_long(values)
        return reading

    def _first(self, cells: Sequence[str], name: str) -> str:
        return next((cells[at] for at in self._at[name]), "")

    def _choice(
        self, cells: Sequence[str], name: str, choices: type[TextChoices], reading: RowReading
    ) -> str:
        text = self._first(cells, name).strip()
        found = _choices(choices).get(fold(text), "")
        if text and not found:
            heading = self._headings[self._at[name][0]]
            reading.remarks.append(NOT_READ(text=text[:60], heading=heading))
        return found

    def _codes(self, cells: Sequence[str], reading: RowReading) -> list[str]:
        """The names of the codes, each once; of a marked column that is its heading."""
        names = [code_name(part) for at in self._at["codes"] for part in _APART.split(cells[at])]
        for at, name in self._marks:
            marked = yes_or_no(plain_cell(cells[at]))
            if marked:
                names.append(name)
            elif marked is None and cells[at].strip():
                reading.remarks.append(NOT_READ(text=cells[at].strip()[:60], heading=self._headings[at]))
        found = list({fold(name): name for name in reversed(names) if name}.values())
        found.sort(key=names.index)
        reading.nobody += [NO_CODE_NAME(text=name[:60]) for name in found if not words(name)]
        return found


def code_name(text: str) -> str:
    """A heading like "level1_lighting" or what stands in a cell, as the name of a code."""
    return " ".join(plain_cell(text).replace("_", " ").split())


def _too_long(values: Values) -> list[Said]:
    fields = [field for field in Statement._meta.fields if field.name in _LIMITED]
    texts = [(values[field.name], field.max_length) for field in fields]
    texts += [(name, LONGEST_NAME) for name in values["codes"]]
    return [TOO_LONG(start=text[:30], most=most) for text, most in texts if most and len(text) > most]


@lru_cache
def _choices(choices: type[TextChoices]) -> dict[str, str]:
    """By value and by label in every language, folded."""
    found = {fold(choice.value): str(choice.value) for choice in choices}
    for language in ("nl", "en"):
        with translation.override(language):
            found |= {fold(str(choice.label)): str(choice.value) for choice in choices}
    return found
