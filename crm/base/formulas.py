"""What spreadsheet programs would compute in a file of text, disarmed when it leaves and as it was when it is
read again. Knows nothing else, since the process that reads files is small.
"""

import re

# What a spreadsheet program takes for a formula (OWASP, CSV injection), with the wide and small signs too;
# also behind apostrophes that were there before, so that one can be taken off again.
_FORMULA = re.compile(r"[\s']*[=+\-@＝＋－＠﹦﹢﹣﹫]")
_LEADS = re.compile(r"\s*[\t\r]")
_HARMLESS = re.compile(r"\s*[+-]?[\d\s().,/-]+")
# A cell as a program sees it that was told of any separator, not only of the one that was written.
_CELL = re.compile(r"[^;,|\t\r\n]+")


def without_formula(text: str) -> str:
    """`text` so that no spreadsheet program computes it: an apostrophe in front of "=1+1" and the like, also
    behind a semicolon or comma, where a program that expects the other separator begins a cell.

    A telephone number or an amount ("+31 53 489 00 00", "-12") stays as it is.
    """
    if _HARMLESS.fullmatch(text):
        return text
    guarded = _CELL.sub(lambda cell: f"'{cell[0]}" if _is_formula(cell[0]) else cell[0], text)
    return f"'{guarded}" if _LEADS.match(text) else guarded


def with_formula(text: str) -> str:
    """What without_formula() made this of: the apostrophe of "'=1+1" comes off, that of "'t Hof" stays."""
    if "'" not in text:
        return text
    if text[0] == "'" and _LEADS.match(text[1:]):
        text = text[1:]
    return _CELL.sub(lambda cell: cell[0][1:] if _is_guarded(cell[0]) else cell[0], text)


def _is_formula(text: str) -> bool:
    return bool(_FORMULA.match(text)) and not _HARMLESS.fullmatch(text)


def _is_guarded(text: str) -> bool:
    return text[0] == "'" and _is_formula(text[1:])
