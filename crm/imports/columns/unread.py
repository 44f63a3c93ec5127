"""What of a table is not read and what is read by a guess, as far as it is true of a whole column."""

from collections.abc import Sequence

from crm.base.said import Said
from crm.contacts.models import Affiliation
from crm.exchange.dates import dates_in, undecided_in
from crm.imports.columns.headings import field_of
from crm.imports.columns.mapping import ADDRESS_FIELDS, SECTOR_MARK, THEME_MARK, Mapping, is_contradicted
from crm.imports.kinds import KINDS
from crm.imports.said import (
    COLUMN_BY_VALUES,
    COLUMN_CONTRADICTED,
    COLUMN_TWICE,
    COLUMNS_BY_VALUES,
    COLUMNS_NOT_READ,
    DAY_FIRST,
)

_REFUSALS = {"opt_out", "not_invite", "not_newsletter"}
# What a person or an organisation has; a column of anything else is not read.
READ_OF_CONTACTS = frozenset(
    {
        *("full_name", "given_name", "middle", "initials", "infix", "family_name", "form_of_address"),
        *("gender", "titles_before", "titles_after", "organisation", *Affiliation.TEXTS, "external_id"),
        *("email", "mobile", "phone", "themes", "tags", "categories", "may_invite", "newsletter"),
        *("last_spoken", "sector", "language", "kwartet_number", SECTOR_MARK, THEME_MARK, *_REFUSALS),
    }
)
READ_OF_ORGANISATIONS = frozenset(
    {
        *("organisation", "full_name", "family_name", "external_id", "code", "alias", "sector", SECTOR_MARK),
        *("kvk_number", "website", "tags", *ADDRESS_FIELDS),
    }
)
_MOST_NAMED = 30
# A column that more rows fill is one whose heading lacks.
_MOST_MOVED = 0.1


def unread(kind: str, mapping: Mapping, sample: Sequence[Sequence[str]]) -> list[Said]:
    """The filled columns of which nothing comes into the plan, and why where a heading promised more."""
    read = KINDS[kind].reads
    said: list[Said] = []
    others: list[str | int] = []
    for index, (heading, found) in enumerate(mapping.pairs()):
        column = [cells[index] for cells in sample if index < len(cells) and cells[index].strip()]
        if not column or found in read:
            continue
        meant = field_of(heading)
        if meant in read and is_contradicted(meant, column):
            said.append(COLUMN_CONTRADICTED(heading=heading, field=meant))
        elif meant in read and mapping.has(meant):
            taken = mapping.headings[mapping.columns_of(meant)[0]]
            said.append(COLUMN_TWICE(heading=heading, field=meant, taken=taken))
        else:
            others.append(heading or index + 1)
    return [*said, *([COLUMNS_NOT_READ(columns=others[:_MOST_NAMED])] if others else [])]


def beyond(mapping: Mapping, sample: Sequence[Sequence[str]]) -> list[int]:
    """The columns without a heading that nearly all rows leave empty: what stands there was moved by a
    separator too many.
    """
    nameless = [at for at, (heading, found) in enumerate(mapping.pairs()) if not heading and not found]
    filled = {at: sum(bool(cells[at : at + 1] and cells[at].strip()) for cells in sample) for at in nameless}
    return [at for at, count in filled.items() if count <= max(1, len(sample) * _MOST_MOVED)]


def guessed(mapping: Mapping, sample: Sequence[Sequence[str]]) -> list[Said]:
    """What was read without headings, or by its values since its heading says nothing, and a column of dates
    like 3/4/2026 in which none shows whether the day or the month stands first.
    """
    if not any(mapping.headings):
        columns = [[number, found] for number, found in enumerate(mapping.fields, 1) if found]
        return [COLUMNS_BY_VALUES(columns=columns)]
    pairs = mapping.pairs()
    said = [COLUMN_BY_VALUES(heading=pairs[at][0], field=pairs[at][1]) for at in mapping.by_values]
    if not mapping.has("last_spoken"):
        return said
    index = mapping.columns_of("last_spoken")[0]
    text = undecided_in(cells[index] for cells in sample if index < len(cells))
    day = dates_in(text)[:1]
    if day:
        said.append(DAY_FIRST(heading=mapping.headings[index], text=text[:60], day=day[0]))
    return said
