"""The shortcuts give what the long way gives, or nothing."""

from random import Random

import phonenumbers
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from phonenumbers import PhoneNumberFormat

from crm.base.text import visible
from crm.exchange import cleaning, quick
from crm.exchange.phones import phones_in

FORMS = ["0{a}{b}", "0{a}-{b}", "0{a} {b}", "+31{a}{b}", "+31 {a} {b}", "+31-{a}-{b}", "0{a} {b:.2} {b:.0}"]


def the_long_way(text: str) -> tuple[str, str]:
    """As cleaning does it, with phonenumbers."""
    number = phonenumbers.parse(text, "NL")
    national = str(number.national_number)
    kind = "mobile" if national.startswith("6") and len(national) == 9 else "phone"
    assert number.country_code == 31
    assert len(national) == 9
    return kind, phonenumbers.format_number(number, PhoneNumberFormat.E164)


@pytest.mark.parametrize("start", range(10, 1000))
def test_number_of_every_area_is_what_phonenumbers_makes_of_it(start: int) -> None:
    chance = Random(start)
    digits = f"{start}{chance.randrange(10**9)}".ljust(9, "5")[:9]
    spaced = " ".join([digits[:2], digits[2:5], digits[5:7], digits[7:]])
    for text in (f"0{digits}", f"0{digits[:2]}-{digits[2:]}", f"0{spaced}", f"+31{digits}", f"+31 {spaced}"):
        found = quick.dutch_number(text)
        assert found == the_long_way(text), text


@given(st.from_regex(quick._DUTCH, fullmatch=True))
def test_whatever_the_shortcut_takes_is_what_phonenumbers_makes_of_it(text: str) -> None:
    assert quick.dutch_number(text) == the_long_way(text)


@given(st.text(alphabet="0123456789+-() /,abcof", max_size=20))
@example("0612345678 / 053-4890000")
@example("0031612345678")
@example("+32 2 555 12 12")
def test_what_the_shortcut_leaves_is_not_one_plain_number(text: str) -> None:
    found = quick.dutch_number(text)
    assert found is None or phones_in(text) == ([found], [])


@given(st.from_regex(quick._ADDRESS, fullmatch=True))
@example("a.b+c@x-y.example.org")
def test_address_of_the_shortcut_is_valid_and_alone(text: str) -> None:
    found = quick.plain_address(text)
    assert (found is None) == (len(text) > 254)
    if found:
        assert cleaning._is_email(found)
        assert [found] == list(dict.fromkeys(m.strip(".").lower() for m in cleaning._EMAIL.findall(text)))


@given(st.text(max_size=40))
@example("a\u200bb")
@example(" a \t b ")
def test_visible_text_is_what_the_long_way_keeps(text: str) -> None:
    found = quick.visible(text)
    if found is not None:
        assert found == " ".join(visible(text).split())
