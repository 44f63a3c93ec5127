"""One row of a table: from its cells to values in the form in which they are stored, with what was odd."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from crm.base.text import fold, words
from crm.contacts.models import Affiliation
from crm.contacts.names import PersonName
from crm.contacts.splitting import split_titles
from crm.exchange import cleaning
from crm.exchange.cells import Cell, DayCell, Remarks, ThemesCell
from crm.exchange.contacts import ContactResource
from crm.exchange.dates import date_order
from crm.exchange.organisations import OrganisationResource
from crm.exchange.said import DATE_EITHER_WAY, IMPOSSIBLE_DATE, NO_FORM_OF_ADDRESS, NO_WEBSITE
from crm.exchange.theme_words import ThemeFinder
from crm.imports.columns.headings import PERSON_FIELDS, beside_name
from crm.imports.columns.mapping import (
    BESIDE_NAME,
    SECTOR_MARK,
    THEME_MARK,
    Mapping,
    is_crossed,
    tails,
    without_group,
)
from crm.imports.columns.names import NameCells, Said
from crm.imports.columns.people import read_names
from crm.imports.columns.values import Values
from crm.imports.reading.sheets import SheetRow
from crm.imports.said import NAME_UNCLEAR, NEVER_INVITE, NOT_IN_NAME, TOO_LONG

_NEVER = re.compile(
    r"\b(niet|nooit|geen|not|never|don't)\b[^.;]{0,20}\b(uitnodig\w*|benaderen|mailen|invite|contact)\b"
)
# How the cells of each column are read, as the Resources declare it.
_CONTACT: dict[str, Cell] = {name: one.widget for name, one in ContactResource.fields.items()}
_ORGANISATION: dict[str, Cell] = {name: one.widget for name, one in OrganisationResource.fields.items()}
# Columns of which every cell counts, as it stands; of all others the first that is filled, as plain text.
_LISTS = {"", "email", "mobile", "phone", "themes", "tags", "alias", SECTOR_MARK, THEME_MARK}
# What is said of a cell that only a person can settle.
_ASKED = {DATE_EITHER_WAY.code, IMPOSSIBLE_DATE.code}
# An initial behind a word is no part of a family name, as in "van Proefstad J. Bos".
_INITIAL = re.compile(r"\w\w+ (?:[A-Z]\.)+ ")
# Under such a heading "Mr." is no "meester".
_ENGLISH = re.compile(r"\b(?:first|given|last|full|name|attn|attention|contact person)\b", re.IGNORECASE)
_MR = re.compile(r"^\s*Mr\.(?= )")
_ADDRESS = re.compile(r"[\s<(\[]*([^\s<>()\[\],;]+@[^\s<>()\[\],;]+)[>)\]]*")
_SHORTEST_NEVER = len("not mailen")
_NAME_PARTS = (
    "given_name",
    "initials",
    "infix",
    "family_name",
    "form_of_address",
    "titles_before",
    "titles_after",
)
_LIMITS = {
    "given_name": 100,
    "initials": 30,
    "infix": 30,
    "family_name": 150,
    "titles_before": 60,
    "titles_after": 60,
    "organisation": 200,
    **{field.name: field.max_length or 0 for field in Affiliation.text_fields()},
    "name": 200,
    "external_id": 50,
    "street": 150,
    "house_number": 20,
    "postcode": 12,
    "city": 100,
}


def says_never(cell: str) -> bool:
    """Whether a remark asks not to be invited."""
    if len(cell) < _SHORTEST_NEVER:
        return False
    return bool(_NEVER.search(cell.lower()))


@dataclass(slots=True)
class RowReading:
    """`remarks` are for the person who imports; `too_long` names what does not fit."""

    values: Values
    remarks: Remarks = field(default_factory=list)
    # What a person has to decide before the row can be somebody new, and why it can be nobody.
    questions: Remarks = field(default_factory=list)
    nobody: Remarks = field(default_factory=list)

    def too_long(self) -> Remarks:
        """Why the row cannot be stored."""
        get = self.values.get
        for name, most in _LIMITS.items():
            if len(get(name, "")) > most:
                return [TOO_LONG(start=self.values[name][:30], most=most)]
        return []


def _leave_whole_name(said: Said) -> None:
    """Beside a name in parts the whole name says nothing new; nor does it where it is the organisation's."""
    if said.keys() & {"given_name", "family_name"} or fold(said.get("full_name", "")) == fold(
        said.get("organisation", "")
    ):
        said.pop("full_name", None)


class RowReader:
    """Reads the rows of one table; it holds what is the same for all of them."""

    def __init__(
        self,
        mapping: Mapping,
        themes: ThemeFinder,
        sector: str = "",
        sample: Sequence[Sequence[str]] = (),
    ) -> None:
        self.mapping = mapping
        self._columns = {name: mapping.columns_of(name) for name in set(mapping.fields)}
        self._single = [(at, name) for at, name in enumerate(mapping.fields) if name not in _LISTS]
        # The columns of refusals, by what is refused.
        self._refusals = {
            "may_invite": mapping.columns_of("not_invite") + mapping.columns_of("opt_out"),
            "newsletter": mapping.columns_of("not_newsletter") + mapping.columns_of("opt_out"),
        }
        self._finder = themes
        self._themes = lru_cache(2000)(ThemesCell(themes).read)
        self._tags = lru_cache(2000)(_CONTACT["tags"].read)
        self._sector = sector
        at = mapping.columns_of("last_spoken")[:1]
        self._days = DayCell(date_order(row[at[0]] for row in sample if at and at[0] < len(row)))
        self._english = {
            name
            for name in PERSON_FIELDS
            if any(_ENGLISH.search(mapping.headings[at]) for at in mapping.columns_of(name))
        }
        beside = [beside_name(mapping.headings[at]) for at in mapping.columns_of("full_name")]
        self._beside = beside[0] if beside and beside[0] in BESIDE_NAME else ""
        self._names = NameCells(mapping)

    def contact(self, row: SheetRow) -> RowReading:
        """The values of a person, with the keys and forms of the stored contact; None is "not said".

        A sheet that is called "Ondernemers" says the sector where no column does.
        """
        cells, said = row.cells, self._said(row.cells)
        reading = RowReading({})
        by_number = "kwartet_number" in said
        if not by_number:
            _leave_whole_name(said)
            self._read_name_cells(cells, said, reading)
        name = PersonName() if by_number else self._names.name(said)
        if _INITIAL.search(name.family_name) and not reading.questions:
            reading.questions.append(NAME_UNCLEAR(text=(said.get("full_name") or name.family_name)[:60]))
        reading.values = {part: getattr(name, part) for part in _NAME_PARTS}
        if by_number:  # then the name is as it is shown, not in its parts
            reading.values["kwartet_number"] = said["kwartet_number"]
            reading.values["shown_name"] = said.get("full_name", "")
        for part in ("organisation", *Affiliation.TEXTS, "external_id"):
            reading.values[part] = said.get(part, "")
        self._read_emails(cells, reading)
        self._read_phones(cells, reading)
        self._read_themes(cells, reading)
        self._read_tags(cells, reading)
        if "categories" in self._columns:
            self._read_categories(said, reading)
        self._read_permissions(cells, said, reading)
        self._read_known_words(cells, said, reading)
        if not {"sector", SECTOR_MARK} & self._columns.keys():
            reading.values["sector"] = cleaning.sector_of(row.sheet)
        return reading

    def organisation(self, row: SheetRow) -> RowReading:
        """The values of an organisation; its sector is the row's, else the one chosen for the file."""
        cells, said = row.cells, self._said(row.cells)
        column = "organisation" if self.mapping.has("organisation") else "full_name"
        name = said.get(column) or said.get("family_name", "")
        reading = RowReading({"name": name, "city": ""})
        reading.values |= {part: text for part, text in self._address(said).items() if text}
        reading.values["external_id"] = said.get("external_id") or said.get("code", "")
        aliases = self._read(_ORGANISATION["aliases"], ";".join(self._raw(cells, "alias")), reading)
        reading.values["aliases"] = [alias for alias in aliases if alias != name]
        marked = "; ".join(self._marked(cells, SECTOR_MARK))
        own = self._read(_ORGANISATION["sector"], said.get("sector", "") or marked, reading)
        reading.values["sector"] = own or self._sector
        for part in ("kvk_number", "country"):
            if value := self._read(_ORGANISATION[part], said.get(part, ""), reading):
                reading.values[part] = value
        if website := cleaning.website_of(said.get("website", "")):
            reading.values["website"] = website
        elif "website" in said:
            reading.remarks.append(NO_WEBSITE(text=said["website"][:60]))
        self._read_tags(cells, reading)
        return reading

    def _read(self, cell: Cell, text: str, reading: RowReading) -> Any:
        value, remarks = cell.read(text)
        if remarks:
            reading.remarks += remarks
        return value

    def _address(self, said: Said) -> Values:
        """The parts of an address; one in a single cell fills those that have no column of their own."""
        parts = cleaning.address_parts(said.get("address") or said.get("street", ""))
        number = f"{said.get('house_number', '')} {said.get('addition', '')}".strip()
        if number:
            parts["street"], parts["house_number"] = said.get("street") or parts["street"], number
        for name in ("postcode", "city"):
            parts[name] = said.get(name) or parts[name]
        return parts

    def _said(self, cells: Sequence[str]) -> Said:
        """By what they hold, the columns that are filled in this row; of several the first."""
        said: Said = {}
        width = len(cells)
        for index, name in self._single:
            if index < width and name not in said and (text := cleaning.plain_cell(cells[index])):
                said[name] = text
        return said

    def _raw(self, cells: Sequence[str], name: str) -> list[str]:
        """The cells that hold `name` with their line breaks, for those that are lists."""
        return [cells[index] for index in self._columns.get(name, ()) if index < len(cells)]

    def _read_name_cells(self, cells: Sequence[str], said: Said, reading: RowReading) -> None:
        """Leave of the cells for names what is a name, and say what else stands in them."""
        for part in ("full_name", "family_name", "given_name"):
            if part not in said:
                continue
            raw = next(cell for cell in self._raw(cells, part) if cleaning.plain_cell(cell))
            if part in self._english:
                raw = _MR.sub("Mr", raw)
            if "@" in raw:
                raw = self._without_address(cells, raw, reading)
            found = read_names(raw, beside=self._beside if part == "full_name" else "")
            said[part] = found.name
            if cleaning.looks_like_email(found.name) and not self._is_address_of_row(cells, found.name):
                reading.remarks.append(NOT_IN_NAME(text=found.name[:60]))
            if found.beside and said.setdefault(self._beside, found.beside) != found.beside:
                reading.remarks.append(NOT_IN_NAME(text=found.beside[:60]))
            if found.job_title and said.setdefault("job_title", found.job_title) != found.job_title:
                reading.remarks.append(NOT_IN_NAME(text=found.job_title[:60]))
            reading.remarks += found.remarks
            reading.questions += found.questions
            reading.nobody += found.nobody

    def _without_address(self, cells: Sequence[str], raw: str, reading: RowReading) -> str:
        """ "Jan Bos" of "Jan Bos <jan@example.org>"; an address alone as it is."""
        address = _ADDRESS.search(raw)
        rest = _ADDRESS.sub(" ", raw)
        if not address or not words(rest):
            return raw
        if not self._is_address_of_row(cells, address[1]):
            reading.remarks.append(NOT_IN_NAME(text=address[1][:60]))
        return rest

    def _is_address_of_row(self, cells: Sequence[str], text: str) -> bool:
        """Whether what stands in the cell for a name is read as an address from another cell."""
        return any(fold(text) in fold(cell) for cell in self._raw(cells, "email"))

    def _read_emails(self, cells: Sequence[str], reading: RowReading) -> None:
        text = " ; ".join(filter(None, self._raw(cells, "email")))
        good = self._read(_CONTACT["email"], text, reading) if text else []
        reading.values["email"] = good[0] if good else ""
        if good[1:]:
            reading.values["other_emails"] = good[1:]

    def _read_phones(self, cells: Sequence[str], reading: RowReading) -> None:
        found: dict[str, list[str]] = {"mobile": [], "phone": []}
        for column in ("mobile", "phone"):
            for cell in filter(None, self._raw(cells, column)):
                for kind, number in self._read(_CONTACT[column], cell, reading):
                    found[kind] += [number] if number not in found[kind] else []
        for kind, numbers in found.items():
            reading.values[kind] = numbers[0] if numbers else ""
            if numbers[1:]:
                reading.values[f"other_{kind}s"] = numbers[1:]

    def _read_themes(self, cells: Sequence[str], reading: RowReading) -> None:
        themes, remarks = self._themes("\n".join(self._raw(cells, "themes")))
        marked = [
            theme.name_nl
            for text in self._marked(cells, THEME_MARK)
            if (theme := next(filter(None, map(self._finder.one, tails(text))), None))
        ]
        reading.values["themes"] = [*themes, *(name for name in marked if name not in themes)]
        reading.remarks += remarks

    def _marked(self, cells: Sequence[str], name: str) -> list[str]:
        """The headings of those columns of crosses that have one in this row."""
        return [
            heading
            for at in self._columns.get(name, ())
            if at < len(cells) and is_crossed(cells[at], heading := without_group(self.mapping.headings[at]))
        ]

    def _read_tags(self, cells: Sequence[str], reading: RowReading) -> None:
        tags, problems = self._tags("\n".join(self._raw(cells, "tags")))
        reading.values["tags"] = tags.copy()
        reading.remarks += problems

    def _read_categories(self, said: Said, reading: RowReading) -> None:
        """Those of an address card: what is called as a theme is one, everything else is a tag."""
        for part in said.get("categories", "").split(";"):
            theme = self._finder.named(part)
            kind, names = ("themes", [theme.name_nl]) if theme else ("tags", self._tags(part)[0])
            reading.values[kind] += [name for name in names if name not in reading.values[kind]]

    def _read_permissions(self, cells: Sequence[str], said: Said, reading: RowReading) -> None:
        for name, refusals in self._refusals.items():
            answer = self._read(_CONTACT[name], said[name], reading) if name in said else None
            refused = any(
                cleaning.has_refused(cleaning.plain_cell(cells[index]))
                for index in refusals
                if index < len(cells)
            )
            reading.values[name] = False if refused else answer
        if any(says_never(cell) for cell in self._raw(cells, "")):
            reading.values["may_invite"] = False
            reading.remarks.append(NEVER_INVITE())

    def _read_known_words(self, cells: Sequence[str], said: Said, reading: RowReading) -> None:
        """Dates and sectors: what they are, with a remark when a filled cell is not understood."""
        spoken = said.get("last_spoken")
        reading.values["last_spoken"], remarks = self._days.read(spoken) if spoken else ("", [])
        for remark in remarks:
            (reading.questions if remark.code in _ASKED else reading.remarks).append(remark)
        sectors = said.get("sector") or "; ".join(self._marked(cells, SECTOR_MARK))
        reading.values["sector"] = self._read(_CONTACT["sector"], sectors, reading)
        forms = [said[name] for name in ("form_of_address", "gender") if name in said]
        unknown = [
            text
            for text in forms
            if not cleaning.form_of_address_of(text) and not any(split_titles(text)[:2])
        ]
        reading.remarks += [NO_FORM_OF_ADDRESS(text=text[:60]) for text in unknown]
        if "language" in said and (language := self._read(_CONTACT["language"], said["language"], reading)):
            reading.values["language"] = language
