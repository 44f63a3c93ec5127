"""The name of a person from the cells of a row: whole or in parts, with titles and a form of address."""

import re
from dataclasses import replace
from functools import lru_cache

from crm.base.text import words
from crm.contacts.infixes import normalise_infix, split_infix
from crm.contacts.names import PersonName, split_full_name
from crm.contacts.splitting import dotted_initials, split_family_name, split_first_names, split_titles
from crm.exchange.cleaning import form_of_address_of
from crm.imports.columns.guessing import is_infix_cell
from crm.imports.columns.mapping import Mapping

# The plain text of what a row fills in, by what it is.
Said = dict[str, str]
# "JAN" beside "BOS" is a name, "JH" beside it are initials.
_SHOUTED = re.compile(r"(?=.*[AEIOUY])[A-Z]{3,}")

# Names come back: of the 20,000 surnames in a list of 100,000 people a quarter is most of it.
_first_names = lru_cache(5_000)(split_first_names)


@lru_cache(5_000)
def _family_name(family: str, infix: str) -> PersonName:
    """What the cells for infix and family name say together; the second may hold both."""
    name, infix = split_family_name(family), normalise_infix(infix)
    if name.infix:
        return replace(name, infix=infix or name.infix)
    inside, rest = split_infix(name.family_name)
    if not infix or inside == infix:
        infix, name = inside, replace(name, family_name=rest)
    return replace(name, infix=infix, family_name="" if "@" in name.family_name else name.family_name)


class NameCells:
    def __init__(self, mapping: Mapping) -> None:
        self._with_forms = mapping.has("titles_before", "titles_after", "form_of_address", "gender")
        self._mr = _mr(mapping)

    def name(self, said: Said) -> PersonName:
        """From the cell for the whole name, else from those for its parts, with what stands in others."""
        whole = said.get("full_name")
        name = split_full_name("" if "@" in whole else whole) if whole else _from_parts(said)
        if (cell := said.get("initials")) and (letters := dotted_initials(cell)):
            name = replace(name, initials=letters)
        return self._with_titles(name, said) if self._with_forms else name

    def _with_titles(self, name: PersonName, said: Said) -> PersonName:
        """Titles and form of address from the name and from every column that may hold them."""
        titles = said.get("titles_before", "")
        form, before, after = split_titles(re.sub(r"\bMr\b\.?", self._mr, titles))
        spoken, more_before, _rest = split_titles(said.get("form_of_address", ""))
        told = form_of_address_of(said.get("form_of_address", ""))
        if told and not spoken:
            more_before = ""  # "mr." alone in that column is no title
        gender = form_of_address_of(said.get("gender", ""))
        behind = " ".join(part for part in (after, said.get("titles_after", "")) if part)
        return replace(
            name,
            form_of_address=told or spoken or form or name.form_of_address or gender,
            titles_before=before or more_before or name.titles_before,
            titles_after=behind or name.titles_after,
        )


def _mr(mapping: Mapping) -> str:
    """What "Mr." is in the column of titles: the English form of address under "Title", else meester."""
    headings = (mapping.headings[index] for index in mapping.columns_of("titles_before"))
    return "Mr" if any(words(heading)[-1:] == ["title"] for heading in headings) else "mr."


def _from_parts(said: Said) -> PersonName:
    middle, infix = said.get("middle", ""), said.get("infix", "")
    if middle and not infix and is_infix_cell(middle):
        middle, infix = "", middle
    given, family = said.get("given_name", ""), said.get("family_name", "")
    if given.isupper() and family.isupper() and _SHOUTED.fullmatch(given):
        given = given.capitalize()
    first = _first_names(f"{given} {middle}".strip())
    last = _family_name(family, infix or first.infix)
    return PersonName(
        first.given_name,
        first.initials,
        last.infix,
        last.family_name,
        f"{first.titles_before} {last.titles_before}".strip(),
        f"{first.titles_after} {last.titles_after}".strip(),
        first.form_of_address or last.form_of_address,
    )
