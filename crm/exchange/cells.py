"""One kind of cell each, both ways: from what people type to what is stored, and back.

The Resources of the nouns name them once; reading a list and writing an export both go by them.
"""

from functools import cache
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from import_export.widgets import Widget

from crm.base.said import Said
from crm.base.sectors import Sector
from crm.base.text import fold
from crm.exchange import cleaning
from crm.exchange.dates import dates_in, is_either_way, is_no_day
from crm.exchange.phones import read_phones
from crm.exchange.said import (
    DATE_EITHER_WAY,
    IMPOSSIBLE_DATE,
    LATEST_DATE,
    NO_ANSWER,
    NO_COUNTRY,
    NO_DATE,
    NO_EMAIL,
    NO_LANGUAGE,
    NO_PHONE,
    NO_SECTOR,
    NO_THEME,
    OTHER_SECTORS,
)
from crm.exchange.theme_words import ThemeFinder
from crm.organisations.addresses import COUNTRIES, normalised_kvk_number

Remarks = list[Said]
_CUTS = str.maketrans(";,/&+|", "\n" * 6)
# Nobody keeps an address book of people last heard before.
_EARLIEST_YEAR = 1950
# "0/0/00" and "0000-00-00" are what programs write for no date.
_ZERO = set("0-/. :")


class Cell(Widget):
    """Text as it is. `read` gives the value with remarks on what in it was not understood."""

    def read(self, text: str) -> tuple[Any, Remarks]:
        return cleaning.plain_cell(text), []

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        return self.read(str(value or ""))[0]

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return str(value or "")


class FormOfAddressCell(Cell):
    """Only the two that a list of people has words for."""

    def read(self, text: str) -> tuple[str, Remarks]:
        return cleaning.form_of_address_of(text), []

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return value if value in {"heer", "mevrouw"} else ""


class SectorCell(Cell):
    """One of the four O's by any of its words; of several the first."""

    def read(self, text: str) -> tuple[str, Remarks]:
        sector = cleaning.sector_of(text)
        if text and not sector:
            return "", [NO_SECTOR(text=text[:60])]
        named = {cleaning.sector_of(part) for part in text.translate(_CUTS).split("\n")}
        return sector, [OTHER_SECTORS(text=text[:60])] if named - {"", sector} else []

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        codes = [value] if isinstance(value, str) else value or []
        return "; ".join(str(Sector(code).label) for code in codes if code)


class DayCell(Cell):
    """A date, stored as in ISO 8601; `order` is how its column writes dates, see dates.date_order()."""

    def __init__(self, order: str = "day") -> None:
        super().__init__()
        self._order = order

    def read(self, text: str) -> tuple[str, Remarks]:
        days = dates_in(text, month_first=self._order == "month")
        if not days and (not text or not set(text) - _ZERO):
            return "", []
        if not days:
            return "", [(IMPOSSIBLE_DATE if is_no_day(text) else NO_DATE)(text=text[:60])]
        day, remarks = max(days), []
        if len(days) > 1:
            remarks.append(LATEST_DATE(text=text[:60], day=day))
        if not _EARLIEST_YEAR <= int(day[:4]) <= timezone.localdate().year + 1:
            return "", [*remarks, IMPOSSIBLE_DATE(text=text[:60])]
        if not self._order and is_either_way(text):
            remarks.append(DATE_EITHER_WAY(text=text[:60]))
        return day, remarks

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return value.isoformat() if value else ""


class AnswerCell(Cell):
    """Yes, no, or nothing for never asked: that is for the person to say, not for a file."""

    def read(self, text: str) -> tuple[bool | None, Remarks]:
        said = cleaning.yes_or_no(text)
        if text and said is None:
            return None, [NO_ANSWER(text=text[:60])]
        return said, []

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "" if value is None else str(_("yes") if value else _("no"))


class LanguageCell(Cell):
    def read(self, text: str) -> tuple[str, Remarks]:
        language = cleaning.language_of(text)
        return language, [NO_LANGUAGE(text=text[:60])] if text and not language else []


class EmailsCell(Cell):
    """Any number of addresses in one cell; an export has the preferred one."""

    def read(self, text: str) -> tuple[list[str], Remarks]:
        good, bad = cleaning.emails_in(text)
        return good, [NO_EMAIL(text=one[:60]) for one in bad]


class PhonesCell(Cell):
    """Any number of numbers in one cell, each with its kind: (kind, E.164)."""

    def read(self, text: str) -> tuple[list[tuple[str, str]], Remarks]:
        found = read_phones(text)
        return found.good, [*(NO_PHONE(text=one[:60]) for one in found.bad), *found.remarks]


class ThemesCell(Cell):
    """Themes that exist, by their Dutch names: a list never invents one."""

    def __init__(self, finder: ThemeFinder | None = None) -> None:
        super().__init__()
        self._finder = finder

    def read(self, text: str) -> tuple[list[str], Remarks]:
        themes, unknown = (self._finder or ThemeFinder()).find(text)
        remarks = [NO_THEME(text=one[:60]) for one in unknown]
        return [theme.name_nl for theme in themes], remarks

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "; ".join(theme.name_nl for theme in value.all())


class TagsCell(Cell):
    def read(self, text: str) -> tuple[list[str], Remarks]:
        return cleaning.tags_in(text)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "; ".join(tag.name for tag in value.all())


class NamesCell(Cell):
    """Other names of an organisation."""

    def read(self, text: str) -> tuple[list[str], Remarks]:
        return [name for part in text.split(";") if (name := cleaning.plain_cell(part))], []

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "; ".join(one.name for one in value.all())


class KvkCell(Cell):
    def read(self, text: str) -> tuple[str, Remarks]:
        return cleaning.checked(normalised_kvk_number, text) if text else ("", [])


class CountryCell(Cell):
    """By its code, or its name in either language of the interface."""

    def read(self, text: str) -> tuple[str, Remarks]:
        code = _countries().get(fold(text), "")
        return code, [NO_COUNTRY(text=text[:60])] if text and not code else []


@cache
def _countries() -> dict[str, str]:
    """Codes by what a country is called in the languages of the interface, and by the codes themselves."""
    found: dict[str, str] = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            found |= {fold(str(word)): code for code, name in COUNTRIES for word in (code, name)}
    return found
