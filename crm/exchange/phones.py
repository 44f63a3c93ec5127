"""The telephone numbers of a cell, with the words and extensions that people write beside them."""

import contextlib
import re
from dataclasses import dataclass, field

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

from crm.base.said import Said
from crm.exchange import quick
from crm.exchange.cleaning import plain_cell
from crm.exchange.said import COUNTRY_CODE_GUESSED, EXTENSION, HOME_NUMBER_GUESSED, WORDS_BESIDE_PHONE

# "tst. 12", "ext. 12", "x12", "#12", ";ext=12": behind a number.
_EXTENSION = re.compile(
    r"[\s,;/-]*(?:\b(?:toestel(?:nummer)?|tst|tstl|toest|ext(?:ension)?|extn|intern|doorkies(?:nummer)?|durchwahl"
    r"|poste|anschluss)\b[\s.:=]*(?:nr\.?\s*)?|(?<=\d)\s*x\s*|\s+x\s*|#\s*)(\d{1,6})\b\)?\s*$"
    r"|(?<=\d)\s*(?:tst|ext|tstl)[\s.:=]*(\d{1,6})\)?\s*$"
    r"|(?<=\d\d\d\d)\s*,\s*(\d{1,5})\s*$",
    re.IGNORECASE,
)
_BETWEEN_NUMBERS = re.compile(r":::|[/;,|&]|\b(?:of|en|or|and|resp)\b")
# A label of a next number behind one: "T: 053-4891234 M: 06-12345678".
_LABELLED = re.compile(
    r"(?<=\d)\)?\s+(?=[^\W\d_]{1,12}\.?:?\s*(?:\(?0|\+)\d)"
    r"|(?<=\d)\s+(?=(?:06[-\s]?\d|\+\d{2}))(?=(?:\D*\d){9})"
    r"|(?<=\))\s+(?=0\d|\+\d)(?=(?:\D*\d){9})"
)
# "(na 18 uur)", but not "(werk 053-4891234)".
_WORDS = re.compile(r"\((?=[^)]*[^\W\d_])(?![^)]*(?:\d[^)\d]*){8})[^)]*\)|[^\W\d_]+[.:]*")
# "06-12345678 bellen na 18:00": a number with words behind it that hold digits.
_IN_FRONT = re.compile(r"\s*([+(]?\d[\d\s()./-]{7,}\d)[\s,(]+[^\W\d_]")
# Words beside a number that say more than "telephone".
_WORDS_THAT_TELL = re.compile(
    r"\b(?!(?:tel|tele[fp]oon(?:nummer)?|phone|t|m|mob|mobiel|mobile|gsm|nr|nummer|no|p|f|vast)\b)[^\W\d_]+",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Phones:
    """`good` are (kind, E.164 number), `bad` what is no number; `remarks` say what beside them was left."""

    good: list[tuple[str, str]] = field(default_factory=list)
    bad: list[str] = field(default_factory=list)
    remarks: list[Said] = field(default_factory=list)


def phones_in(text: str) -> tuple[list[tuple[str, str]], list[str]]:
    """([(kind, E.164 number)], what is no number): "053-4890000 / 06 12345678" holds a phone and a mobile."""
    found = read_phones(text)
    return found.good, found.bad


def read_phones(text: str) -> Phones:
    """The numbers of a cell, with what is said of extensions and of words that stand beside them."""
    found = Phones()
    if not text:
        return found
    if one := quick.dutch_number(text):
        found.good.append(one)
        return found
    text = plain_cell(text)
    for part in _number_parts(text):
        _read_number(part, found)
    return found


def _number_parts(text: str) -> list[str]:
    """The cell in pieces with a number each; whole where a piece could not be one."""
    whole = _EXTENSION.sub(_uncut_extension, text)
    parts = [part for part in _BETWEEN_NUMBERS.split(whole) if part.strip()]
    if any(len(re.sub(r"\D", "", _EXTENSION.sub("", part))) < 8 for part in parts):
        return [text] if text else []
    return [piece for part in parts for piece in _LABELLED.split(part) if re.search(r"\d", piece)]


def _uncut_extension(found: re.Match[str]) -> str:
    """An extension without the signs at which a cell is cut; ", 12" is " x12"."""
    return f" x{found[3]}" if found[3] else re.sub("[,;/]", " ", found[0])


def _read_number(part: str, found: Phones) -> None:
    extension = _EXTENSION.search(part)
    bare = part[: extension.start()] if extension else part
    number = _phone(_WORDS.sub(" ", bare)) or _phone(bare) or _first_number(bare, found)
    if not number and (ahead := _IN_FRONT.match(bare)):
        number = _phone(ahead[1])
    if not number:
        found.bad.append(part.strip())
        return
    found.good.append(number)
    if number[1].startswith("+31") and _is_valid_abroad(bare):
        found.remarks.append(HOME_NUMBER_GUESSED(text=part.strip()[:60], number=number[1]))
    if not number[1].startswith("+31") and not re.search(r"\+|\b00", bare):
        found.remarks.append(COUNTRY_CODE_GUESSED(text=part.strip()[:60], number=number[1]))
    if extension:
        found.remarks.append(
            EXTENSION(extension=extension[1] or extension[2] or extension[3], text=part.strip()[:60])
        )
    elif _WORDS_THAT_TELL.search(bare):
        found.remarks.append(WORDS_BESIDE_PHONE(text=part.strip()[:60]))


def _first_number(text: str, found: Phones) -> tuple[str, str] | None:
    """Of "053-4891267 / 068" the number in front; the rest is given back as no number."""
    first, cut, rest = text.partition("/")
    number = _phone(first) if cut and len(re.sub(r"\D", "", rest)) < 8 else None
    if number:
        found.bad.append(rest.strip())
    return number


def _phone(text: str) -> tuple[str, str] | None:
    """The Dutch number plan (0 + 9 digits) decides at home: the metadata lacks ranges that are in use."""
    text = re.sub(r"\(0\)", "", text).strip()
    try:
        number = phonenumbers.parse(text, "NL")
        if _is_foreign_without_plus(text, number):
            number = phonenumbers.parse(f"+{text}", "NL")
    except NumberParseException:
        return None
    national = str(number.national_number)
    if number.country_code == 31:
        if len(national) != 9 and not phonenumbers.is_valid_number(number):
            return None
        kind = "mobile" if national.startswith("6") and len(national) == 9 else "phone"
        return kind, phonenumbers.format_number(number, PhoneNumberFormat.E164)
    if not phonenumbers.is_valid_number(number):
        return None
    mobile = phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.MOBILE
    return "mobile" if mobile else "phone", phonenumbers.format_number(number, PhoneNumberFormat.E164)


def _is_valid_abroad(text: str) -> bool:
    """ "49 541 9690": the zero in front may be lost, or the plus; without a space it is the zero."""
    bare = text.strip()
    if not re.match(r"[1-57-9]\d{1,2}[ -]", bare) or bare.startswith("31"):
        return False
    with contextlib.suppress(NumberParseException):
        return phonenumbers.is_valid_number(phonenumbers.parse(f"+{bare}", "NL"))
    return False


def _is_foreign_without_plus(text: str, number: phonenumbers.PhoneNumber) -> bool:
    """ "49 170 1234567": no zero in front, too long for the Netherlands, and valid with a plus."""
    if text[:1] in "+0(" or not text[:1].isdigit() or len(str(number.national_number)) <= 9:
        return False
    with contextlib.suppress(NumberParseException):
        return phonenumbers.is_valid_number(phonenumbers.parse(f"+{text}", "NL"))
    return False
