"""Single cells: what people type and what is stored."""

from typing import Any

import pytest

from crm.contacts.models import ContactPoint
from crm.contacts.reach import normalised
from crm.exchange.cells import DayCell
from crm.exchange.cleaning import (
    emails_in,
    form_of_address_of,
    plain_cell,
    sector_of,
    yes_or_no,
)
from crm.exchange.dates import date_of, date_order
from crm.exchange.phones import phones_in, read_phones
from crm.exchange.theme_words import ThemeFinder
from crm.themes.models import Theme

MOBILE, PHONE = ("mobile", "+31612345678"), ("phone", "+31534801234")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("06 12 34 56 78", [MOBILE]),
        ("+31(0)6-12345678", [MOBILE]),
        ("0031612345678", [MOBILE]),
        ("612345678", [MOBILE]),
        ("(053) 4801234", [PHONE]),
        ("053/4801234", [PHONE]),
        ("tel. 053 - 480 12 34", [PHONE]),
        ("053-4801234 / 06-12345678", [PHONE, MOBILE]),
        ("0612345678 of 0534801234", [MOBILE, PHONE]),
        ("06-94154546", [("mobile", "+31694154546")]),
        ("+49 170 1234567", [("mobile", "+491701234567")]),
        ("+44 20 7946 0958", [("phone", "+442079460958")]),
        ("", []),
    ],
)
def test_phone_numbers(typed: str, found: list[tuple[str, str]]) -> None:
    assert phones_in(typed) == (found, [])


@pytest.mark.parametrize("typed", ["12", "06-1234567", "geen", "+31"])
def test_what_is_no_phone_number_is_given_back(typed: str) -> None:
    assert phones_in(typed) == ([], [typed])


@pytest.mark.parametrize(
    ("typed", "numbers", "said"),
    [
        ("053-4801234 tst. 12", [PHONE], ["cell.extension"]),
        ("053-4801234, 12", [PHONE], ["cell.extension"]),
        ("053-4801234 (na 18 uur)", [PHONE], ["cell.words_beside_phone"]),
        ("053-4801234, toestel 12", [PHONE], ["cell.extension"]),
        ("+31 53 480 1234 x12", [PHONE], ["cell.extension"]),
        ("053-4801234 #12", [PHONE], ["cell.extension"]),
        ("+31-53-4801234;ext=12", [PHONE], ["cell.extension"]),
        ("06-12345678 (werk)", [MOBILE], ["cell.words_beside_phone"]),
        ("49 541 9690", [("phone", "+31495419690")], ["cell.home_number_guessed"]),
        ("534801234", [PHONE], []),
        ("06-12345678 bellen na 18:00", [MOBILE], ["cell.words_beside_phone"]),
        ("06-12345678 (mobiel) 053-4801234 (vast)", [MOBILE, PHONE], []),
        ("053 480 12 34 (ma t/m wo)", [PHONE], ["cell.words_beside_phone"]),
        ("06-12345678 ::: 053-4801234", [MOBILE, PHONE], []),
        ("T: 053-4801234 M: 06-12345678", [PHONE, MOBILE], []),
        ("053-4801234 06-12345678", [PHONE, MOBILE], []),
        ("49 170 1234567", [("mobile", "+491701234567")], ["cell.country_code_guessed"]),
        ("31612345678", [MOBILE], []),
    ],
)
def test_phone_numbers_with_words(typed: str, numbers: list[tuple[str, str]], said: list[str]) -> None:
    found = read_phones(typed)
    assert (found.good, found.bad, [code for code, _params in found.remarks]) == (numbers, [], said)


def test_number_in_front_of_half_a_number() -> None:
    assert phones_in("053-4801234 / 068") == ([PHONE], ["068"])


@pytest.mark.parametrize(
    "typed",
    ["\u200eada@example.org", "a\xadda@example.org", "ada@example.org\ufeff", "\uff41da@example.org"],
)
def test_addresses_lose_what_cannot_be_seen_everywhere_alike(typed: str) -> None:
    assert emails_in(typed) == (["ada@example.org"], [])
    assert normalised(ContactPoint.Kind.EMAIL, typed) == "ada@example.org"


@pytest.mark.parametrize(
    ("column", "days", "said"),
    [
        (["12/31/2025", "12/01/2025"], ["2025-12-31", "2025-12-01"], [[], []]),
        (["31-12-2025", "12-01-2025"], ["2025-12-31", "2025-01-12"], [[], []]),
        (
            ["31-12-2025", "12-31-2025", "1-2-2026"],
            ["2025-12-31", "2025-12-31", "2026-02-01"],
            [[], [], ["cell.date_either_way"]],
        ),
        (["1-2-2062", "1-2-1062"], ["", ""], [["cell.impossible_date"], ["cell.impossible_date"]]),
        (["31-2-2026", "0/0/00", "0000-00-00"], ["", "", ""], [["cell.impossible_date"], [], []]),
        (["2nd of March 2026", "binnenkort"], ["2026-03-02", ""], [[], ["cell.no_date"]]),
        (["2-3-2026 / 4-5-2026"], ["2026-05-04"], [["cell.latest_date"]]),
        (["20250203"], ["2025-02-03"], [[]]),
    ],
)
def test_order_of_day_and_month_is_of_the_column(
    column: list[str], days: list[str], said: list[list[str]]
) -> None:
    cell = DayCell(date_order(column))
    read = [cell.read(text) for text in column]
    assert [day for day, _remarks in read] == days
    assert [[remark.code for remark in remarks] for _day, remarks in read] == said


@pytest.mark.parametrize(
    ("typed", "iso"),
    [
        ("28-02-2026", "2026-02-28"),
        ("5/2/2026", "2026-02-05"),
        ("7/15/2026", "2026-07-15"),
        ("12.10.2026", "2026-10-12"),
        ("3-11-'26", "2026-11-03"),
        ("3 mrt 2026", "2026-03-03"),
        ("dinsdag 3 november 2026", "2026-11-03"),
        ("March 3, 2026", "2026-03-03"),
        ("2026-05-18 10:30", "2026-05-18"),
        ("46100", "2026-03-19"),
        ("31-02-2026", ""),
        ("maart 2026", ""),
        ("2026", ""),
        ("ooit", ""),
        ("", ""),
    ],
)
def test_dates(typed: str, iso: str) -> None:
    assert date_of(typed) == iso


@pytest.mark.parametrize(
    ("answer", "typed"),
    [
        (True, ["ja", "J", "x", "✓", "1", "WAAR", "Ja, graag", "yes", "+"]),
        (False, ["nee", "N", "niet uitnodigen", "liever niet", "0", "ONWAAR", "Nee, bedankt", "✗", "geen"]),
        (None, ["", "misschien", "via Anna"]),
    ],
)
def test_yes_and_no(answer: bool | None, typed: list[str]) -> None:
    assert [yes_or_no(text) for text in typed] == [answer] * len(typed)


def test_sectors() -> None:
    assert [
        sector_of(text) for text in ("Onderwijs", "Kennisinstelling", "bedrijven", "Overheden", "Zorg")
    ] == [
        "education",
        "research",
        "entrepreneurs",
        "government",
        "",
    ]


def test_forms_of_address() -> None:
    assert [form_of_address_of(text) for text in ("Dhr.", "m", "V", "Mevrouw", "x", "?")] == [
        "heer",
        "heer",
        "mevrouw",
        "mevrouw",
        "neutral",
        "",
    ]


def test_emails() -> None:
    assert emails_in("Jan <JAN@Example.org>; mailto:els@example.org") == (
        ["jan@example.org", "els@example.org"],
        [],
    )
    assert emails_in("jan@example") == ([], ["jan@example"])
    assert emails_in("jan at example.org") == ([], ["jan at example.org"])


def test_cells_lose_what_cannot_be_seen() -> None:
    assert plain_cell("\u200b Jan\xa0\n van \x00den  Berg\ufeff") == "Jan van den Berg"
    nothing = ("n.v.t.", "-", "N/A", "#N/B", "#VERW!", "#NAAM?", "#DEEL/0!", "#REF!", "#name?")
    assert {plain_cell(text) for text in nothing} == {""}


@pytest.mark.parametrize(
    ("typed", "names", "unknown"),
    [
        (
            "Ruimtelijke ordening/mobiliteit | Duurzaamheid",
            ["Duurzaamheid", "Ruimtelijke ordening/mobiliteit"],
            [],
        ),
        ("duurzaamheid / Ruimtelijke ordening", ["Duurzaamheid", "Ruimtelijke ordening/mobiliteit"], []),
        ("Ruimtelijke ordening / mobiliteit", ["Ruimtelijke ordening/mobiliteit"], []),
        ("talent, Doelgroep en Funding", ["Battle for talent", "Doelgroepen", "Financiering"], []),
        ("Vrede; Duurzaamheid", ["Duurzaamheid"], ["Vrede"]),
        ("", [], []),
    ],
)
def test_themes(themes: list[Theme], typed: str, names: list[str], unknown: list[str]) -> None:
    found: tuple[list[Theme], list[Any]] = ThemeFinder(themes).find(typed)
    assert ([theme.name_nl for theme in found[0]], found[1]) == (names, unknown)
