"""A list on its way out: headings, rows of text, and where it comes from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils import formats, timezone
from django.utils.translation import gettext as _

# A day stays one where the format knows days; all else is text.
Cell = str | date


@dataclass(frozen=True)
class Table:
    """`about` says which filter and when, as (word, value); `rows` may be read once."""

    name: str
    headings: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    about: Sequence[tuple[str, str]] = field(default_factory=list)


def in_words(cell: Cell) -> str:
    """A day as in ISO 8601, which programs in every language take for one."""
    return cell if isinstance(cell, str) else cell.isoformat()


def made_on() -> tuple[str, str]:
    """When the list was made, for `Table.about`."""
    return _("Made on"), formats.date_format(timezone.localtime(), "SHORT_DATETIME_FORMAT")
