"""What a column holds by what stands in it, where its heading says nothing or there are no headings."""

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from crm.base.text import fold, words
from crm.contacts.infixes import is_infix
from crm.contacts.splitting import form_of_address_in
from crm.exchange.cleaning import looks_like_email, says_subscription, sector_of
from crm.imports.columns.headings import PERSON_FIELDS
from crm.imports.columns.people import is_addressed, is_job, is_named_as_organisation

Rows = Sequence[Sequence[str]]
# With nine digits or more, which a date has not; and not 0.3312349.
_PHONE = re.compile(r"(?!0[.,]\d*$)(?=(?:\D*\d){9})(\+|00|\(?0)[\d\s()./-]{7,}\d")
_POSTCODE = re.compile(r"[1-9]\d{3} ?[A-Za-z]{2}")
_PERSON = re.compile(r"[A-Z][\w'’.-]*( ([a-z'’]{1,4}|[A-Z(][\w'’.)-]*)){1,5}|[A-Z][\w'’ -]+, [\w'’. -]+")
# A word or two for a sector, not a sentence in which one occurs.
_MOST_WORDS = 4
_LOOKED_AT = 500
# Shorter words stand in many addresses; behind the @ those of three letters do too.
_SHORTEST_OF_NAME, _SHORTEST_OF_OTHERS = 3, 4


def share(column: Sequence[str], test: Callable[[str], object]) -> float:
    """The part of `column` that passes `test`, of its first cells when it is long."""
    sample = column[:_LOOKED_AT]
    return sum(1 for value in sample if test(value)) / len(sample) if sample else 0.0


def is_infix_cell(value: str) -> bool:
    return all(is_infix(word) for word in value.lower().split())


def is_only_a_form(cell: str) -> bool:
    """ "Mevrouw" or "de heer" without a name."""
    plain = words(cell)
    return len(plain) == 1 + (plain[:1] == ["de"]) and bool(form_of_address_in(cell))


def is_person(text: str) -> bool:
    """Whether it has the form of a whole name, with or without a form of address in front."""
    return bool(_PERSON.fullmatch(text.strip())) or is_addressed(text)


def sector_by_itself(value: str) -> str:
    return sector_of(value) if len(words(value)) <= _MOST_WORDS else ""


def fill_from_values(
    fields: list[str], titles: Sequence[str], columns: list[list[str]], rows: Rows
) -> list[int]:
    """A column whose heading says nothing can still be full of addresses, numbers, sectors or names; the
    places of those that were taken for names of people or organisations.

    One without a heading that nearly all rows leave empty is none: something was moved into it.
    """
    lacking = "email" not in fields
    for index, column in enumerate(columns):
        doubtful = lacking and fields[index] in ("full_name", "phone", "organisation")
        if not titles[index] and len(column) * 2 < len(rows) and len(rows) > len(column) + 1:
            continue
        if (fields[index] == "" or doubtful) and share(column, looks_like_email) >= 0.6:
            fields[index] = "email"
        elif fields[index] == "":
            fields[index] = _field_from(column, fields)
    before = list(fields)
    if "email" in fields and not {*PERSON_FIELDS} & set(fields):
        names = _Names(fields, columns, rows)
        if "organisation" in fields:
            # Who speaks for the organisation of the row: "Praktijkopleider" beside "Bedrijf".
            names.in_one_column()
        else:
            names.fill()
            if not any(titles):
                _fill_what_they_do(fields, columns)
    if {*PERSON_FIELDS} & set(fields) and "organisation" not in fields:
        _fill_organisation(fields, columns, rows)
    return [at for at, found in enumerate(fields) if found != before[at]]


def _field_from(column: list[str], fields: list[str]) -> str:
    """What the values of a column with a silent heading are, "" when they do not tell."""
    if share(column, _PHONE.fullmatch) >= 0.8:
        return "phone"
    if "postcode" not in fields and share(column, _POSTCODE.fullmatch) >= 0.8:
        return "postcode"
    if "newsletter" not in fields and share(column, says_subscription) >= 0.8:
        return "newsletter"
    if "sector" not in fields and share(column, sector_by_itself) >= 0.8:
        return "sector"
    return ""


class _Names:
    """The columns of names where no heading says so.

    What tells: "t.a.v." or "mevrouw" in front, a column of infixes between two others, and that the words of
    a name come back in the e-mail address beside it.
    """

    def __init__(self, fields: list[str], columns: list[list[str]], rows: Rows) -> None:
        self._fields, self._columns = fields, columns
        self._silent = [at for at, found in enumerate(fields) if not found and columns[at]]
        self._pairs = _beside_addresses(rows, fields.index("email"), 0)

    def fill(self) -> None:
        if self._addressed() or self._around_infix() or self.in_one_column() or self._in_two_columns():
            return
        whole = [at for at in self._silent if share(self._columns[at], _PERSON.fullmatch) > 0.7]
        for at in whole[:1]:
            self._fields[at] = "full_name"

    def _addressed(self) -> bool:
        """ "t.a.v. mevrouw Proef" stands below the organisation."""
        at = next((at for at in self._silent if share(self._columns[at], is_addressed) >= 0.5), -1)
        if at >= 0:
            self._fields[at] = "full_name"
            if at - 1 in self._silent:
                self._fields[at - 1] = "organisation"
        return at >= 0

    def _around_infix(self) -> bool:
        for at in self._silent:
            around = {at - 1, at + 1} <= set(self._silent)
            if around and share(self._columns[at], is_infix_cell) >= 0.8:
                self._fields[at - 1 : at + 2] = ["given_name", "infix", "family_name"]
                return True
        return False

    def in_one_column(self) -> bool:
        whole = [at for at in self._silent if share(self._columns[at], _PERSON.fullmatch) > 0.7]
        best = max(whole, key=lambda at: self._told((at,)), default=-1)
        if best < 0 or self._told((best,)) < 0.3:
            return False
        self._fields[best] = "full_name"
        return True

    def _in_two_columns(self) -> bool:
        """Given and family name in either order: the given name begins the address."""
        for first, second in pairwise(self._silent):
            if second - first == 1 and self._told((first, second)) >= 0.5:
                begins = [
                    sum(mail[:1] == fold(row[at])[:1] for row, mail in self._pairs) for at in (first, second)
                ]
                names = ["given_name", "family_name"]
                self._fields[first : second + 1] = names if begins[0] >= begins[1] else names[::-1]
                return True
        return False

    def _told(self, places: tuple[int, ...]) -> float:
        return _told(self._pairs, places, _SHORTEST_OF_NAME)


def _beside_addresses(rows: Rows, mail: int, part: int) -> list[tuple[Sequence[str], str]]:
    """The rows that have an address, each with what stands before (0) or behind (1) its @."""
    there = (row for row in rows[:_LOOKED_AT] if "@" in "".join(row[mail : mail + 1]))
    return [(row, fold(row[mail].split("@", 1)[part])) for row in there]


def _told(pairs: Sequence[tuple[Sequence[str], str]], places: Sequence[int], shortest: int) -> float:
    """The share of rows in which a word of these cells, not too short, stands in the address."""
    found = [
        any(
            len(word) >= shortest and word in address
            for at in places
            for word in words("".join(row[at : at + 1]))
        )
        for row, address in pairs
    ]
    return sum(found) / len(found) if found else 0.0


def _fill_organisation(fields: list[str], columns: list[list[str]], rows: Rows) -> None:
    """Of the columns whose headings say nothing the one that says what it is ("Stichting Proef"), or whose
    words come back behind the @ of the row's address: "Huurder", "Ziekenhuis".
    """
    pairs = _beside_addresses(rows, fields.index("email"), 1) if "email" in fields else []
    silent = [at for at, found in enumerate(fields) if not found and columns[at]]
    scores = {
        at: max(share(columns[at], is_named_as_organisation), _told(pairs, [at], _SHORTEST_OF_OTHERS))
        for at in silent
    }
    best = max(scores, key=lambda at: scores[at], default=-1)
    if best >= 0 and scores[best] >= 0.5:
        fields[best] = "organisation"


def _fill_what_they_do(fields: list[str], columns: list[list[str]]) -> None:
    """Functions, and of what is left the organisation, in a list without headings."""
    silent = [at for at, found in enumerate(fields) if not found and columns[at]]
    for at in silent:
        if "job_title" not in fields and share(columns[at], is_job) >= 0.3:
            fields[at] = "job_title"
    left = [
        at
        for at in silent
        if not fields[at]
        and share(columns[at], lambda cell: len(words(cell)) > 0 and not cell[0].isdigit()) > 0.9
    ]
    best = max(left, key=lambda at: share(columns[at], is_named_as_organisation), default=-1)
    if best >= 0 and (len(left) == 1 or share(columns[best], is_named_as_organisation)):
        fields[best] = "organisation"
