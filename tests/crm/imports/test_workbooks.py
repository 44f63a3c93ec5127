"""Workbooks: what a person sees in the cells, several sheets, headings on several lines."""

import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError
from django.utils import translation

from crm.base.said import told
from crm.imports.reading.stream import open_table
from tests.crm.imports.workbooks import PEOPLE, ods, printed, workbook


def test_numbers_keep_what_a_person_sees(tmp_path: Path) -> None:
    row: list[Any] = [612345678, 7522, 0.5, datetime.datetime(2026, 11, 3), "007", 12345678901, True]

    def form(sheet: Any) -> None:
        for column, code in zip("ABCD", ["0000000000", '0000" NB"', "0%", "dd-mm-yyyy"], strict=True):
            sheet[f"{column}2"].number_format = code

    data = workbook(
        ("Lijst", [["Mobiel", "Postcode", "Deel", "Datum", "Code", "Nr", "Ja"], row]), change=form
    )
    assert printed(tmp_path, data, "a.xlsx")[1] == "0612345678,7522 NB,50%,03-11-2026,007,12345678901,TRUE"


def test_merged_cells_hold_for_the_rows_below(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Organisatie", "Naam"],
        ["Saxion", "Jan Bos"],
        [None, "Els Smit"],
        ["UT", "Anna Bos"],
    ]
    data = workbook(("Lijst", rows), change=lambda sheet: sheet.merge_cells("A2:A3"))
    assert printed(tmp_path, data, "a.xlsx")[2] == "Saxion,Els Smit"


def test_headings_on_two_lines_with_merged_cells(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Relaties 2026", None, None, None],
        ["Naam", "Adres", None, "E-mail"],
        [None, "Straat", "Plaats", None],
        ["Jan Bos", "Kerkstraat 1", "Goor", "jan@example.org"],
    ]

    def merge(sheet: Any) -> None:
        for area in ("A1:D1", "A2:A3", "B2:C2", "D2:D3"):
            sheet.merge_cells(area)

    lines = printed(tmp_path, workbook(("Lijst", rows), change=merge), "a.xlsx")
    assert lines == ["Naam,Adres Straat,Adres Plaats,E-mail", "Jan Bos,Kerkstraat 1,Goor,jan@example.org"]


def test_empty_rows_and_columns_are_left_out(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        [],
        [None, "Naam", None, "E-mail"],
        [],
        [None, "Jan Bos", None, "jan@example.org"],
    ]
    assert printed(tmp_path, workbook(("Lijst", rows)), "a.xlsx") == [
        "Naam,E-mail",
        "Jan Bos,jan@example.org",
    ]


def test_sheet_by_number_or_name(tmp_path: Path) -> None:
    data = workbook(("Leeg", []), ("Plaatsen", [["Plaats", "Aantal"], ["Goor", 3]]), ("Lijst", PEOPLE))
    assert printed(tmp_path, data, "a.xlsx")[0] == "Naam,E-mail"
    for sheet in ("2", "Plaatsen"):
        assert printed(tmp_path, data, "a.xlsx", sheet=sheet) == ["Plaats,Aantal", "Goor,3"]
    with translation.override("en"), pytest.raises(CommandError, match="no sheet “Elders”"):
        printed(tmp_path, data, "a.xlsx", sheet="Elders")


def test_sheets_with_the_same_headings_in_another_order_are_one_table(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    other = [["Titel boven de lijst"], ["E-mail", "Naam"], ["anna@example.org", "Anna Bos"], ["Totaal", "1"]]
    path.write_bytes(workbook(("Onderwijs", PEOPLE), ("Overheid", other), ("Kleuren", [["rood"], ["blauw"]])))
    with translation.override("en"), open_table(path, "a.xlsx") as table:
        found = [(row.sheet, row.number, row.cells) for row in table.rows()]
    assert (table.sheets, table.all_sheets) == (
        ["Onderwijs", "Overheid"],
        ["Onderwijs", "Overheid", "Kleuren"],
    )
    assert found[1:] == [
        ("Onderwijs", 3, ["Els Smit", "els@example.org"]),
        ("Overheid", 3, ["Anna Bos", "anna@example.org"]),
    ]
    assert table.skipped == 1
    assert "“Kleuren” (2)" in told(table.remarks)


def test_hidden_sheets_are_not_read(tmp_path: Path) -> None:
    secret = ("Geheim", [*PEOPLE, ["Anna Bos", "anna@example.org"]])
    data = workbook(secret, ("Lijst", PEOPLE), change=lambda sheet: setattr(sheet, "sheet_state", "hidden"))
    assert len(printed(tmp_path, data, "a.xlsx")) == 3


def test_ods_gives_the_text_that_is_shown(tmp_path: Path) -> None:
    cell = '<table:table-cell office:value-type="{}" {}><text:p>{}</text:p>{}</table:table-cell>'
    heads = "".join(cell.format("string", "", text, "") for text in ("Naam", "Mobiel", "Datum"))
    note = "<office:annotation><text:p>een opmerking</text:p></office:annotation>"
    values = (
        cell.format("string", "", "Jan<text:s text:c='2'/>Bos", note),
        cell.format("float", 'office:value="612345678"', "0612345678", ""),
        cell.format("date", 'office:date-value="2026-11-03"', "11/03/26", ""),
    )
    rows = f"<table:table-row>{heads}</table:table-row><table:table-row>{''.join(values)}</table:table-row>"
    assert printed(tmp_path, ods(rows), "a.ods") == ["Naam,Mobiel,Datum", "Jan  Bos,0612345678,2026-11-03"]
