"""Stored numbers as a person sees them."""

import pytest

from crm.imports.reading.formats.numberformats import plain, shown


@pytest.mark.parametrize(
    ("number", "code", "text"),
    [
        (612345678, "0000000000", "0612345678"),
        (612345678, r"00\-00000000", "06-12345678"),
        (612345678, "00 00 00 00 00", "06 12 34 56 78"),
        (534801234, "(000) 0000000", "(053) 4801234"),
        (31612345678, '"+"0', "+31612345678"),
        (1234, '0000" AB"', "1234 AB"),
        (123456789, "000-00-000", "1234-56-789"),
        (0.125, "0.0%", "12.5%"),
        (0.52, "0%", "52%"),
        (12.5, "0.00", "12.50"),
        (1.5, "0.0#", "1.5"),
        (1234567, "#,##0", "1234567"),
        (-5, "0.00;[Red]-0.00", "-5.00"),
        (-9.032, "_(0.000_);(0.000)", "(9.032)"),
        (0, "0", "0"),
        (3, "@", "3"),
        (0.75, "# ?/?", "0.75"),
        (0.1 + 0.2, "General", "0.3"),
        (46100, "d-m-yyyy", "19-3-2026"),
        (46100, "dd/mm/yy", "19/03/2026"),
        (46100, "d-m-jjjj", "19-3-2026"),
        (46100, "m/d/yyyy", "2026-03-19"),
        (46100, "[$-413]d mmmm yyyy", "2026-03-19"),
        (46100.5, r"yyyy\-mm\-dd h:mm", "2026-03-19 12:00"),
        (46100.5, "d-m-yyyy h:mm", "19-3-2026 12:00"),
        (59, "yyyy-mm-dd", "1900-02-28"),
        (0.5, "h:mm", "12:00"),
        (1.1, "[h]:mm", "26:24"),
        (99_999_999, "d-m-yyyy", "99999999"),
    ],
)
def test_number_in_its_format(number: float, code: str, text: str) -> None:
    assert shown(number, code) == text


def test_days_of_the_old_macintosh() -> None:
    assert shown(0, "yyyy-mm-dd", epoch_1904=True) == "1904-01-01"


@pytest.mark.parametrize(
    ("number", "text"),
    [(12345678901234567.0, "12345678901234568"), (1e-5, "0.00001"), (2.0, "2"), (float("nan"), "")],
)
def test_number_without_a_format(number: float, text: str) -> None:
    assert plain(number) == text
