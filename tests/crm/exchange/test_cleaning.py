"""Single cells: what people type and what is stored."""

from typing import Any

import pytest

from crm.exchange.cleaning import (
    date_of,
    emails_in,
    form_of_address_of,
    phones_in,
    plain_cell,
    sector_of,
    yes_or_no,
)
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
