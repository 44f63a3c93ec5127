"""What is recognised of a list of statements, and when a list is one."""

import pytest

from crm.imports.reading.sheets import SheetRow
from engagement.statements.imported.columns import StatementReader, claims, map_columns

pytestmark = pytest.mark.without_database


def read(headings: list[str], cells: list[str]) -> dict[str, object]:
    mapping = map_columns(headings, [cells])
    return StatementReader(mapping).read(SheetRow(2, cells)).values


@pytest.mark.parametrize(
    ("headings", "cells", "fields"),
    [
        (["Nr", "Uitspraak", "Thema's"], ["1", "Kort.", "groen"], ["external_id", "passage", "codes"]),
        (["text", "created"], ["A long enough contribution.", "2026-01-01"], ["passage", ""]),
        (["text", "x"], ["Short.", "y"], ["", "code_mark"]),
        (["Quote", "Organisatie", "O"], ["Hm.", "Saxion", "onderwijs"], ["passage", "origin", "sector"]),
        (["Citaat", "Groen", "Nog niet"], ["Hm.", "x", ""], ["passage", "code_mark", "code_mark"]),
        (["Statement", "Statement"], ["One.", "Two."], ["passage", ""]),
    ],
)
def test_columns_by_their_headings_and_crosses(
    headings: list[str], cells: list[str], fields: list[str]
) -> None:
    assert map_columns(headings, [cells]).fields == fields


def test_list_with_addresses_is_about_people() -> None:
    row = ["Meer groen.", "ans@example.org"]
    assert claims(map_columns(["Uitspraak", "Bron"], [row]))
    assert not claims(map_columns(["Uitspraak", "E-mail"], [row]))


def test_crosses_under_a_heading_like_an_address_are_codes() -> None:
    assert claims(map_columns(["Uitspraak", "Open street for cycling"], [["Meer groen.", "1"]]))


@pytest.mark.parametrize("mark", ["1", "x", "X", "ja", "yes", "TRUE"])
def test_a_mark_gives_the_code_of_its_heading(mark: str) -> None:
    assert read(["Uitspraak", "level1_lighting"], ["Donker.", mark])["codes"] == ["level1 lighting"]
    assert read(["Uitspraak", "level1_lighting"], ["Donker.", "0"])["codes"] == []


def test_codes_in_one_cell_are_separate_and_each_once() -> None:
    values = read(["Uitspraak", "Codes", "Groen"], ["Hm.", "groen; Licht ;; | ruimte", "1"])
    assert values["codes"] == ["groen", "Licht", "ruimte"]


@pytest.mark.parametrize(
    ("cell", "stance"), [("zorg", "concern"), ("Wish", "wish"), ("KANS", "opportunity"), ("?", "")]
)
def test_stance_is_read_in_both_languages(cell: str, stance: str) -> None:
    assert read(["Uitspraak", "Soort"], ["Hm.", cell])["stance"] == stance


def test_what_is_not_understood_is_said() -> None:
    mapping = map_columns(["Uitspraak", "Soort", "Groen"], [["Hm.", "zorg", "x"]])
    reading = StatementReader(mapping).read(SheetRow(2, ["Hm.", "boos", "misschien"]))
    assert [(one.params["text"], one.params["heading"]) for one in reading.remarks] == [
        ("boos", "Soort"),
        ("misschien", "Groen"),
    ]


def test_who_said_it_stays_as_where_it_comes_from() -> None:
    values = read(["Uitspraak", "Spreker", "O", "Bron"], ["Hm.", "Ans", "ondernemers", "sessie 3"])
    assert values["origin"] == "sessie 3, Ans, ondernemers"
