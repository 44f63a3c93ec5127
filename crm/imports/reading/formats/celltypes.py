"""What kind of thing a cell looks like, as far as its form tells: for finding delimiters and headings."""

import re

EMPTY, TEXT, ODD = "", "text", "odd"
# The first that fits wins.
_FORMS = {
    "year": r"(19|20)\d\d",
    "number": r"[-+(]?\s?[€$£¥]?\s?[-+]?(\d{1,3}([., ]\d{3})+|\d+)([.,]\d+)?(e[-+]?\d+)?\s?[%€)]?"
    r"|-?[.,]\d+(e[-+]?\d+)?|nan",
    "date": r"\d{1,4}(?P<mark>[-/.])\d{1,2}(?P=mark)\d{1,4}([ T]\d{1,2}:\d{2}(:\d{2})?.*)?"
    r"|\d{1,2}[- ][a-z]{3,9}\.?[- ,]+\d{2,4}|[a-z]{3,9}[-/]\d{2,4}",
    "time": r"\d{1,2}[:.]\d{2}([:.]\d{2})?(\s?[ap]m|\s?uur)?",
    "email": r"[^\s@,;]+@[^\s@,;]+\.[^\s@,;]+",
    "url": r"(https?://|www\.)\S+",
    "phone": r"(\+|00|\(0|0)[\d\s()./-]{7,}\d",
    "postcode": r"\d{4} ?[a-z]{2}",
    "code": r"[a-z]{1,4}[-_.]?\d+[\w.-]*",
    "yes or no": r"ja|nee|yes|no|true|false|waar|onwaar|x|j|n",
    "nothing": r"-+|n/?a|n\.v\.t\.|null|none|\?+",
}
_FORM = re.compile("|".join(f"(?P<_{at}>{form})" for at, form in enumerate(_FORMS.values())), re.IGNORECASE)
_NAMES = list(_FORMS)
# What a cell of text does not hold when it was cut in the right place.
_UNCUT = re.compile(r"[;\t|]|,(?=\S)|^['\"]|[\"]$")


def kind_of(cell: str) -> str:
    """One of the forms above, "text" for words, "odd" for what seems to hold several cells, "" when empty."""
    plain = cell.strip()
    if not plain:
        return EMPTY
    if len(plain) <= 120 and (found := _FORM.fullmatch(plain)):
        return _NAMES[int(str(found.lastgroup)[1:])]
    return ODD if _UNCUT.search(plain) else TEXT
