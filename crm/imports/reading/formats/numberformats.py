"""A stored number as the text that a person sees in the cell.

Kept: leading zeros, the marks between digits ("06-12345678"), percentages, the number of decimals, and the
order of day, month and year. Left out: colours, and the grouping of thousands, which differs by country.
A date whose format hides a part, or puts the month first, is written as year-month-day: it cannot be misread.
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache

_BUILT_IN = {1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 49: "@"}
_BUILT_IN |= dict.fromkeys((14, 15, 16, 17, *range(27, 32), 36, *range(50, 59)), "yyyy-mm-dd")
_BUILT_IN |= {18: "h:mm", 19: "h:mm:ss", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy-mm-dd h:mm"}
_BUILT_IN |= {45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss"}
_TOKEN = re.compile(
    r'"([^"]*)"|\\(.)|_.|\*.|\[(h+|m+|s+)\]|\[\$([^\]-]*)[^\]]*\]|\[[^\]]*\]'
    r"|(am/pm|a/p|general|y+|j+|m+|d+|h+|s+)|(0+|#+|\?+)|(.)",
    re.IGNORECASE | re.DOTALL,
)
_SECTION = re.compile(r'(?:"[^"]*"|\\.|\[[^\]]*\]|[^;])*')
_LAST_DAY = 2_958_466  # 1 January 10000
Token = tuple[str, str]


def built_in(number: int) -> str:
    return _BUILT_IN.get(number, "General")


def shown(number: float, code: str, *, epoch_1904: bool = False) -> str:
    """`number` in the format `code`."""
    return _renderer(code, epoch_1904)(number)


def plain(number: float) -> str:
    """A number without a format: all its digits, but not the noise behind the fifteenth."""
    if number != number or number in (float("inf"), float("-inf")):
        return ""
    if number == int(number) and abs(number) < 1e21:
        return str(int(number))
    text = f"{number:.15g}"
    return f"{number:.20f}".rstrip("0") if "e" in text and 1e-9 < abs(number) < 1 else text


@lru_cache(maxsize=500)
def _renderer(code: str, epoch_1904: bool) -> Callable[[float], str]:
    sections = [part for part in _SECTION.findall(code) if part] or ["General"]
    tokens = _tokens(sections[0])
    kinds = {kind for kind, _text in tokens}
    if kinds & {"date", "elapsed"}:
        return lambda number: _date_or_time(number, tokens, epoch_1904)
    if (
        "general" in kinds
        or "digits" not in kinds
        or "/" in [text for kind, text in tokens if kind == "sign"]
    ):
        return plain
    negative = _tokens(sections[1]) if len(sections) > 1 else None
    return lambda number: _number(number, tokens, negative)


def _tokens(section: str) -> list[Token]:
    found: list[Token] = []
    for quoted, escaped, elapsed, currency, letters, digits, sign in _TOKEN.findall(section):
        if elapsed:
            found.append(("elapsed", elapsed.lower()))
        elif letters:
            found.append(("general" if letters.lower() == "general" else "date", letters.lower()))
        elif digits:
            found.append(("digits", digits))
        elif sign:
            found.append(("sign", sign))
        elif text := quoted or escaped or currency:
            found.append(("text", text))
    return found


def _number(number: float, tokens: list[Token], negative: list[Token] | None) -> str:
    used = negative if negative and number < 0 else tokens
    if not any(kind == "digits" for kind, _text in used):
        return plain(number)
    minus = "-" if number < 0 and not negative else ""
    signs = [text for kind, text in used if kind == "sign"]
    if "E" in signs or "e" in signs:
        return plain(number)
    value = abs(number) * 100 ** signs.count("%")
    whole, decimals, behind = _split(used)
    digits = f"{value:.{len(decimals)}f}"
    integer, _point, fraction = digits.partition(".")
    while fraction and decimals.endswith("#") and fraction.endswith("0"):
        fraction, decimals = fraction[:-1], decimals[:-1]
    text = _placed(integer, whole)
    text += f".{fraction}" if fraction else ""
    text = (text + behind).strip()
    return minus + text + "%" * signs.count("%")


def _split(tokens: list[Token]) -> tuple[list[Token], str, str]:
    """(what stands before the decimal point, the digits behind it, the words and signs behind those)."""
    if ("sign", ".") not in tokens:
        return tokens, "", ""
    at = tokens.index(("sign", "."))
    behind = tokens[at + 1 :]
    digits = "".join(text for kind, text in behind if kind == "digits")
    return tokens[:at], digits, "".join(text for kind, text in behind if _is_mark(kind, text))


def _is_mark(kind: str, text: str) -> bool:
    return kind == "text" or (kind == "sign" and text in "-+/() :.")


def _placed(integer: str, tokens: list[Token]) -> str:
    """The digits of `integer` in the places of a format, from the right; more digits stand at the left."""
    places = [
        (kind, char) for kind, text in tokens for char in text if kind == "digits" or _is_mark(kind, char)
    ]
    digits, out = list(integer), []
    count = sum(kind == "digits" for kind, _char in places)
    for kind, char in reversed(places):
        if kind != "digits":
            out.append(char)
            continue
        count -= 1
        if digits and (digits != ["0"] or char == "0" or len(integer) > 1):
            out.append(digits.pop())
        elif char == "0":
            out.append("0")
        if count == 0:
            out += reversed(digits)
            digits = []
    return "".join(reversed(out)).strip()


def _date_or_time(number: float, tokens: list[Token], epoch_1904: bool) -> str:
    if any(kind == "elapsed" for kind, _text in tokens):
        seconds = round(abs(number) * 86400)
        return f"{'-' if number < 0 else ''}{seconds // 3600}:{seconds // 60 % 60:02}"
    if not 0 <= number < _LAST_DAY:
        return plain(number)
    # Day 60 is 29 February 1900, which Lotus invented and Excel kept.
    start = datetime.fromisoformat(
        "1904-01-01" if epoch_1904 else "1899-12-31" if number < 60 else "1899-12-30"
    )
    try:
        moment = start + timedelta(seconds=round(number * 86400))
    except OverflowError:
        return plain(number)
    letters = [text for kind, text in tokens if kind == "date"]
    if not any(text[0] in "ydj" for text in letters):
        months_only = not any(text[0] in "hsa" for text in letters)
        return f"{moment:%Y-%m-%d}" if months_only else _time(moment, letters)
    return _day(moment, tokens) + _time_of_day(moment, letters)


def _time(moment: datetime, letters: list[str]) -> str:
    return f"{moment:%H:%M:%S}" if any(text[0] == "s" for text in letters) else f"{moment:%H:%M}"


def _time_of_day(moment: datetime, letters: list[str]) -> str:
    midnight = moment.hour == moment.minute == moment.second == 0
    return "" if midnight or not any(text[0] == "h" for text in letters) else f" {moment:%H:%M}"


def _day(moment: datetime, tokens: list[Token]) -> str:
    """Day first as it is shown, with four digits for the year; everything else as year-month-day."""
    letters = [text for kind, text in tokens if kind == "date" and text[0] in "yjdm"][:3]
    order = "".join(text[0] for text in letters).replace("j", "y")
    marks = [text for kind, text in tokens if kind in ("sign", "text") and text in ("-", "/", ".")]
    if order != "dmy" or len(letters[0]) > 2 or len(letters[1]) > 2 or not marks:
        return f"{moment:%Y-%m-%d}"
    day = f"{moment.day:0{len(letters[0])}}"
    month = f"{moment.month:0{len(letters[1])}}"
    return marks[0].join((day, month, str(moment.year)))
