"""A list on its way out: headings, rows of text, and where it comes from."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils import formats, timezone
from django.utils.translation import gettext as _

# What a spreadsheet program takes for a formula (OWASP, CSV injection).
_FORMULA = re.compile(r"^\s*[=+\-@\t\r]")
_HARMLESS = re.compile(r"[+-]?[\d\s().,/-]+")


@dataclass(frozen=True)
class Table:
    """`about` says which filter and when, as (word, value); `rows` may be read once."""

    name: str
    headings: Sequence[str]
    rows: Iterable[Sequence[str]]
    about: Sequence[tuple[str, str]] = field(default_factory=list)


def without_formula(text: str) -> str:
    """`text` so that no spreadsheet program computes it: an apostrophe in front of "=1+1" and the like.

    A telephone number or an amount ("+31 53 489 00 00", "-12") stays as it is.
    """
    if _FORMULA.match(text) and not _HARMLESS.fullmatch(text):
        return f"'{text}"
    return text


def made_on() -> tuple[str, str]:
    """When the list was made, for `Table.about`."""
    return _("Made on"), formats.date_format(timezone.localtime(), "SHORT_DATETIME_FORMAT")
