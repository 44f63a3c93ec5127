"""A list on its way out: headings, rows of text, and where it comes from."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils import formats, timezone
from django.utils.translation import gettext as _

# What a spreadsheet program takes for a formula (OWASP, CSV injection), with the wide and small signs too.
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠﹦﹢﹣﹫]")
_LEADS = re.compile(r"\s*[\t\r]")
_HARMLESS = re.compile(r"\s*[+-]?[\d\s().,/-]+")
# A cell as a program sees it that was told of any separator, not only of the one that was written.
_CELL = re.compile(r"[^;,|\t\r\n]+")


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


def without_formula(text: str) -> str:
    """`text` so that no spreadsheet program computes it: an apostrophe in front of "=1+1" and the like, also
    behind a semicolon or comma, where a program that expects the other separator begins a cell.

    A telephone number or an amount ("+31 53 489 00 00", "-12") stays as it is.
    """
    if _HARMLESS.fullmatch(text):
        return text
    guarded = _CELL.sub(_guarded, text)
    return f"'{guarded}" if _LEADS.match(text) else guarded


def _guarded(cell: re.Match[str]) -> str:
    text = cell[0]
    return f"'{text}" if _FORMULA.match(text) and not _HARMLESS.fullmatch(text) else text


def made_on() -> tuple[str, str]:
    """When the list was made, for `Table.about`."""
    return _("Made on"), formats.date_format(timezone.localtime(), "SHORT_DATETIME_FORMAT")
