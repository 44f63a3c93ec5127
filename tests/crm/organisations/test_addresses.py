"""Postcodes and KvK numbers."""

from collections.abc import Iterator

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from crm.organisations.addresses import normalised_kvk_number, normalised_postcode


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("typed", "country", "kept"),
    [
        ("7522nb", "NL", "7522 NB"),
        (" 7522  NB ", "NL", "7522 NB"),
        ("", "NL", ""),
        ("48149", "DE", "48149"),
        ("sw1a 1aa", "GB", "SW1A 1AA"),
    ],
)
def test_postcode_is_kept_in_one_way(typed, country, kept):
    assert normalised_postcode(typed, country) == kept


@pytest.mark.parametrize("typed", ["0522 NB", "7522", "7522 N", "7522 SS", "48149", "7522 NB 1", "٧522 NB"])
def test_what_is_no_dutch_postcode_is_refused(typed):
    with pytest.raises(ValidationError, match="7522 NB"):
        normalised_postcode(typed)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("12345678", "12345678"), ("1234 56 78", "12345678"), ("01.234.567", "01234567"), ("", "")],
)
def test_kvk_number_is_kept_as_digits(typed, kept):
    assert normalised_kvk_number(typed) == kept


@pytest.mark.parametrize("typed", ["1234567", "123456789", "1234567x", "²2345678", "-1234567"])
def test_what_is_no_kvk_number_is_refused(typed):
    with pytest.raises(ValidationError, match="8 digits"):
        normalised_kvk_number(typed)
