"""The records of a CSV file, its columns recognised by their headings in Dutch or English."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from crm.base.text import words
from crm.contacts.names import split_full_name
from crm.duplicates.records import Record
from crm.imports.columns.headings import field_of
from crm.imports.reading.textfiles import NotText, decode, records

# Per field the whole headings, as folded words without spaces: "address_1" and "Address 1" are "address1".
_HEADINGS = {
    "given": "given givenname givennames firstname forename voornaam roepnaam",
    "family": "family familyname surname lastname achternaam",
    "initials": "initials voorletters",
    "infix": "infix tussenvoegsel",
    "organisation": "organisation organization organisatie company bedrijf",
    "number": "streetnumber housenumber number huisnummer huisnr nummer",
    "addition": "addition numberaddition toevoeging huisnummertoevoeging",
    "street": "street streetname address address1 addressline1 straat straatnaam adres adresregel1",
    "extra": "street2 address2 addressline2 adresregel2 locality",
    "postcode": "postcode postalcode zip zipcode",
    "city": "city suburb town place plaats plaatsnaam woonplaats",
    "region": "state region province provincie",
    "phone": "phone phonenumber telephone telefoon tel mobile mobiel",
    "email": "email emailaddress mail",
}
_FIELDS = {heading: field for field, headings in _HEADINGS.items() for heading in headings.split()}
# What the import knows of headings, for those that are not in the table above.
_AS_IMPORTED = {
    "given_name": "given",
    "family_name": "family",
    "initials": "initials",
    "infix": "infix",
    "organisation": "organisation",
    "full_name": "name",
    "city": "city",
    "phone": "phone",
    "mobile": "phone",
    "email": "email",
}
_PERSONAL = {"given", "family", "initials", "infix"}
# Of these every column counts, in the order of the file.
_JOINED = {"phone": "; ", "email": "; ", "number": " ", "street": " "}


class UnknownColumns(ValueError):
    """No heading says what any column holds."""


def read_records(data: bytes) -> list[Record]:
    """One record per data row in the order of the file; a line without any cell is no row.

    NotText when it is no text file, UnknownColumns when no heading is recognised.
    """
    rows = [cells for _line, cells in records(decode(data)) if cells]
    fields = [field_for(heading) for heading in rows[0]] if rows else []
    if not any(fields):
        raise UnknownColumns
    if "name" in fields:
        _settle_name(fields)
    return [_record(fields, cells) for cells in rows[1:]]


def field_for(heading: str) -> str:
    """The field of a record that a heading stands for; "" for one that is not compared."""
    plain = re.sub(r"\W|_", "", "".join(words(heading)))
    return _FIELDS.get(plain) or _AS_IMPORTED.get(field_of(heading), "")


def _settle_name(fields: list[str]) -> None:
    """ "Naam" is a person's, unless only the rest of the name or nothing personal stands beside it."""
    at = fields.index("name")
    if "family" in fields:
        fields[at] = ""
    elif _PERSONAL & set(fields):
        fields[at] = "family"


def _record(fields: Sequence[str], cells: Iterable[str]) -> Record:
    values: dict[str, str] = {}
    for field, cell in zip(fields, cells, strict=False):
        text = cell.strip()
        field = "number" if field == "addition" else field
        if not field or not text:
            continue
        if field not in values:
            values[field] = text
        elif field in _JOINED:
            values[field] += _JOINED[field] + text
    name = values.pop("name", "")
    record = Record(**values)
    return _named(record, name) if name else record


def _named(record: Record, name: str) -> Record:
    found = split_full_name(name)
    return replace(
        record,
        given=found.given_name,
        initials=found.initials,
        infix=found.infix,
        family=found.family_name,
    )


__all__ = ["NotText", "UnknownColumns", "field_for", "read_records"]
