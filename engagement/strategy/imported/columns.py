"""What the columns of a spreadsheet say of the parts of the strategy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import TextChoices
from django.utils import translation

from crm.base.said import Said
from crm.base.text import fold, words
from crm.exchange.cleaning import plain_cell
from crm.exchange.dates import date_of
from crm.imports.columns.mapping import Mapping
from crm.imports.columns.rows import RowReading
from crm.imports.reading.sheets import SheetRow
from crm.imports.said import TOO_LONG
from engagement.statements.texts import stored
from engagement.strategy.exports import COLUMNS
from engagement.strategy.models import StrategyItem
from engagement.strategy.said import NO_PARTS, NOT_READ

Values = dict[str, Any]
_TEXTS = ("title_nl", "title_en", "text_nl", "text_en")
DAYS = ("stalled_since", "starts_on", "ends_on")
# What a row says of a part, by what the model calls it.
SAYS = {
    **{name: name for name in (*_TEXTS, "progress", *DAYS)},
    **{f"item_{name}": name for name in ("owner", "aspect", "state")},
    "item_contact": "owner_contact_id",
}
READ = frozenset(COLUMNS)


def blank() -> Values:
    """`parent_key` is what it hangs under by the list, `was_under` what it hung under before it moved."""
    return {**dict.fromkeys(COLUMNS, ""), "parent_key": "", "was_under": ""}


@lru_cache
def _means() -> dict[str, str]:
    """Which heading means what, in every language."""
    found: dict[str, str] = {}
    for language in ("nl", "en"):
        with translation.override(language):
            found |= {" ".join(words(str(label))): name for name, (label, _cell) in COLUMNS.items()}
    return found


def map_columns(headings: Sequence[str], _sample: Any) -> Mapping:
    fields = [_means().get(" ".join(words(heading)), "") for heading in headings]
    first = [name if name not in fields[:at] else "" for at, name in enumerate(fields)]
    return Mapping(list(headings), first)


def claims(mapping: Mapping) -> bool:
    return mapping.has("item_code") and mapping.has("title_nl")


def lacks(mapping: Mapping) -> Said | None:
    return None if claims(mapping) else NO_PARTS()


class ItemReader:
    def __init__(self, mapping: Mapping) -> None:
        self._at = {name: at for name in COLUMNS for at in mapping.columns_of(name)}

    def read(self, row: SheetRow) -> RowReading:
        """`nobody` of the reading says why the row can be no part."""
        reading = RowReading(blank())
        for name, at in self._at.items():
            cell = row.cells[at] if at < len(row.cells) else ""
            reading.values[name] = stored(cell).strip() if name in _TEXTS else plain_cell(cell)
        for name, read in _READERS.items():
            text = reading.values[name]
            reading.values[name] = read(text)
            if text and not reading.values[name]:
                reading.remarks.append(NOT_READ(text=text[:60]))
        limits = [(reading.values[name], _longest(name)) for name in _TEXTS]
        reading.nobody += [TOO_LONG(start=text[:30], most=most) for text, most in limits if len(text) > most]
        return reading


def _longest(name: str) -> int:
    field: Any = StrategyItem._meta.get_field(name)
    return int(field.max_length)


def _choice(choices: type[TextChoices]) -> Callable[[str], str]:
    """By value and by label in every language."""
    found: dict[str, str] = {}
    for language in ("nl", "en"):
        with translation.override(language):
            found |= {fold(str(word)): one.value for one in choices for word in (one.value, one.label)}
    return lambda text: found.get(fold(text), "")


def _percent(text: str) -> str:
    digits = text.rstrip("% ")
    return str(int(digits)) if digits.isdecimal() and int(digits) <= 100 else ""


def _key(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        return ""


_READERS: dict[str, Callable[[str], str]] = {
    "item_aspect": lambda text: _choice(StrategyItem.Aspect)(text),
    "item_state": lambda text: _choice(StrategyItem.State)(text),
    "progress": _percent,
    "item_key": _key,
    **dict.fromkeys(DAYS, date_of),
}
