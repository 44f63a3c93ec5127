"""The dates of a cell in the ways in which people write them, and how a column of them is to be read."""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache

from crm.base.text import fold

_MONTH_WORDS = (
    "jan januari january, feb febr februari february, mrt maart mar march, apr april, mei may, "
    "jun juni june, jul juli july, aug augustus august, sep sept september, okt oktober oct october, "
    "nov november, dec december"
)
_MONTHS = {
    month: number
    for number, spellings in enumerate(_MONTH_WORDS.split(","), 1)
    for month in spellings.split()
}
# A year in front, three numbers, a month by its word, a word in front (English), eight digits.
_DATE = re.compile(
    r"(?<!\d)(?P<whole_year>(?:19|20)\d{2})(?P<cut>[-/.]?)"
    r"(?P<whole_month>\d{1,2})(?P=cut)(?P<whole_day>\d{1,2})(?!\d)"
    r"|(?<!\d)(?P<first>\d{1,2})[-/. ]+(?P<second>\d{1,2})[-/. ]+'?(?P<year>\d{4}|\d{2})(?!\d)"
    r"|(?<!\d)(?P<day>\d{1,2})(?:e|st|nd|rd|th)?(?: of)?[- .]*(?P<word>[a-z]{3,9})\.?"
    r"[- ,]*'?(?P<word_year>\d{4}|\d{2})(?!\d)"
    r"|(?P<word_before>[a-z]{3,9})\.? (?P<day_behind>\d{1,2})(?:st|nd|rd|th)?,? (?P<year_behind>\d{4})(?!\d)"
)
# Days that share the month or the year of the one behind them: "1/2 mei 2025", "28 mei t/m 2 juni 2025".
_SHARED = re.compile(
    r"(?<![\d-])(?P<day>\d{1,2})(?:e|st|nd|rd|th)?(?: ?(?P<word>[a-z]{3,9})\.?)?"
    r"\s*(?:[/&+,–-]|\b(?:en|and|of|or|tot|t/m|tm|to)\b)\s*"
    r"(?=\d{1,2}(?:e|st|nd|rd|th)?(?P<own> ?[a-z]{3,9})\.? '?(?P<year>\d{4})(?!\d))"
)
_WITH_WORD = re.compile(r"\d\D+\d.*[a-z]{3}")
_MOST_MONTHS = 12
# So many dates of one order outweigh one of the other.
_OUTLIERS = 10
_EXCEL_DAY_ZERO = date(1899, 12, 30)


@lru_cache(2000)
def date_of(text: str) -> str:
    """ISO for "28-02-2026", "5/2/2026", "3 mrt 2026", "20260203" and Excel's 46100; "" when it is no date."""
    return next(iter(dates_in(text)), "")


def dates_in(text: str, *, month_first: bool = False) -> list[str]:
    """The dates of a cell in ISO form, each once, in its order."""
    plain = fold(text)
    if re.fullmatch(r"[2-6]\d{4}(\.\d+)?", plain):
        return [(_EXCEL_DAY_ZERO + timedelta(days=int(float(plain)))).isoformat()]
    if _WITH_WORD.search(plain):
        plain = _SHARED.sub(_with_its_month, plain)
    found = (_one_date(match, month_first=month_first) for match in _DATE.finditer(plain))
    return list(dict.fromkeys(filter(None, found)))


def _with_its_month(found: re.Match[str]) -> str:
    month = found["word"] if found["word"] in _MONTHS else found["own"].strip()
    return f"{found['day']} {month} {found['year']}, " if month in _MONTHS else found[0]


def _one_date(found: re.Match[str], *, month_first: bool) -> str:
    part = {name: text for name, text in found.groupdict().items() if text}
    if "whole_year" in part:
        return _iso(int(part["whole_year"]), int(part["whole_month"]), int(part["whole_day"]))
    if "first" in part:
        first, second, year = int(part["first"]), int(part["second"]), _year(int(part["year"]))
        either = [_iso(year, second, first), _iso(year, first, second)]
        return next(filter(None, reversed(either) if month_first else either), "")
    day = part.get("day") or part.get("day_behind", "")
    month = part.get("word") or part.get("word_before", "")
    of_word = part.get("word_year") or part.get("year_behind", "")
    return _iso(_year(int(of_word)), _MONTHS.get(month, 0), int(day))


def is_no_day(text: str) -> bool:
    """Whether a cell has the form of a date, and is none: 31-2-2026."""
    return bool(_DATE.search(fold(text))) and not dates_in(text)


def date_order(cells: Iterable[str]) -> str:
    """How a column writes its dates: "day" or "month" first, "" where they contradict each other."""
    pairs = [pair for cell in cells for pair in _pairs(cell)]
    days = sum(first > _MOST_MONTHS for first, _second in pairs)
    months = sum(first <= _MOST_MONTHS < second for first, second in pairs)
    if min(days, months) * _OUTLIERS > max(days, months):
        return ""
    return "month" if months > days else "day"


def undecided_in(cells: Iterable[str]) -> str:
    """A date with slashes of a column in which no day is beyond 12, "" where something decides."""
    column = list(cells)
    if any(max(pair) > _MOST_MONTHS for cell in column for pair in _pairs(cell)):
        return ""
    return next((cell for cell in column if "/" in cell and is_either_way(cell)), "")


def is_either_way(text: str) -> bool:
    """Whether a cell holds a date of which day and month could change places."""
    return any(max(pair) <= _MOST_MONTHS and pair[0] != pair[1] for pair in _pairs(text))


def _pairs(text: str) -> list[tuple[int, int]]:
    found = (match for match in _DATE.finditer(fold(text)) if match["first"])
    return [(int(match["first"]), int(match["second"])) for match in found]


def _year(year: int) -> int:
    return year if year > 99 else 2000 + year if year < 70 else 1900 + year


def _iso(year: int, month: int, day: int) -> str:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""
