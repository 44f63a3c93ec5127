"""Text with delimiters: encodings, dialects, and records that break the rules."""

from pathlib import Path

import pytest

from crm.imports.reading.formats.delimited import rows
from crm.imports.reading.formats.encodings import decode
from crm.imports.reading.formats.records import Dialect, salvage
from crm.imports.reading.stream import open_table
from tests.crm.imports.workbooks import printed

WIDE = "".join(f"2{at}-11-2026,{at},Product {at},x\n" for at in range(9))
NAMES = "Zoë Müller\nRené Groot-Özdemir\nCoöperatie één\n"


def read(folder: Path, data: bytes) -> list[list[str]]:
    path = folder / "a.csv"
    path.write_bytes(data)
    return [cells for _number, cells in rows(path)]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252", "cp850"]
)
def test_encodings(encoding: str) -> None:
    assert decode(NAMES.encode(encoding)).lstrip("\ufeff") == NAMES


def test_signs_of_windows_in_a_utf8_file(tmp_path: Path) -> None:
    mixed = ("é" * 30 + ";x\n").encode() + b"caf\xe9;y\n" + "\x80 5;z\n".encode()
    assert [cells[0] for cells in read(tmp_path, mixed)][1:] == ["café", "€ 5"]


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|", "^", "~"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends(tmp_path: Path, delimiter: str, end: str) -> None:
    lines = [["Naam", "Bedrag", "Plaats"], ["Bos, J.", "1,50", "Goor"], ["Smit", "2,75", "Almelo"]]
    text = end.join(
        delimiter.join(f'"{cell}"' if delimiter in cell else cell for cell in line) for line in lines
    )
    assert read(tmp_path, text.encode()) == lines


def test_a_column_of_names_is_one_column(tmp_path: Path) -> None:
    text = b"Naam\nJan van den Berg\nEls de Boer\nRoc van Twente, Enschede\n"
    assert {len(cells) for cells in read(tmp_path, text)} == {1}


def test_space_after_every_delimiter_is_not_part_of_the_cell(tmp_path: Path) -> None:
    text = b'naam, plaats, aantal\n"Bos, J.", Goor, 3\n"Smit", Almelo, 4\n'
    assert read(tmp_path, text)[1] == ["Bos, J.", "Goor", "3"]


def test_apostrophes_as_quotes(tmp_path: Path) -> None:
    text = b"naam;plaats;nr\n'Bos; J.';'Goor';1\n'Smit';'Almelo';2\n'Boer';'Hengelo';3\n"
    assert read(tmp_path, text)[1] == ["Bos; J.", "Goor", "1"]


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        (r'1-1-2026,2,"Tafel 48\"",x', ["1-1-2026", "2", 'Tafel 48"', "x"]),
        ('1-1-2026,2,"Tafel 48"",x', ["1-1-2026", "2", 'Tafel 48"', "x"]),
        ('1-1-2026,2,"de "grote" tafel",x', ["1-1-2026", "2", 'de "grote" tafel', "x"]),
        ('"1-1-2026,2,"Tafel, rond",x', ['"1-1-2026', "2", "Tafel, rond", "x"]),
        ('1-1-2026,2,"Tafel, rond",""x"', ["1-1-2026", "2", "Tafel, rond", '"x']),
        ('1-1-2026,2,"Tafel, rond","', ["1-1-2026", "2", "Tafel, rond", '"']),
        (r"1-1-2026,2,C:\map\x,y", ["1-1-2026", "2", r"C:\map\x", "y"]),
    ],
)
def test_broken_quotes_spoil_nothing(tmp_path: Path, line: str, cells: list[str]) -> None:
    found = read(tmp_path, (WIDE + line + "\n" + WIDE).encode())
    assert found[9] == cells
    assert len(found) == 19


def test_no_reading_of_that_width() -> None:
    assert salvage('"a","b"', Dialect(), 5) is None
    assert salvage('"a,"' * 400, Dialect(), 3000) is None


def test_surplus_cells_stand_under_empty_headings(tmp_path: Path) -> None:
    data = b"Naam;E-mail\nJan Bos;j@example.org\n" * 300 + b"Els Bos;e@example.org;;extra\n"
    lines = printed(tmp_path, data, "a.csv")
    assert (lines[0], lines[-1]) == ("Naam,E-mail,,", "Els Bos,e@example.org,,extra")


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        (b"Relaties\n\nNaam;Plaats\nJan Bos;Goor\n", ["Naam,Plaats", "Jan Bos,Goor"]),
        (b"1;2\n3;4\n5;6\n", ["col_0,col_1", "1,2", "3,4", "5,6"]),
        (
            b"jan@example.org;Jan Bos\nels@example.org;Els Bos\n",
            ["col_0,col_1", *["jan@example.org,Jan Bos"]],
        ),
        (b"groep;;anders;\nX;Y;X;Y\n1;2;3;4\n5;6;7;8\n", ["groep X,groep Y,anders X,anders Y", "1,2,3,4"]),
        (b"land;2011;2012\nNL;1,5;2,5\nBE;2,5;3,5\n", ["land,2011,2012", 'NL,"1,5","2,5"']),
        (b"Naam;Tel\n007;0612345678901234567\n", ["Naam,Tel", "007,0612345678901234567"]),
    ],
)
def test_where_the_headings_are(tmp_path: Path, data: bytes, lines: list[str]) -> None:
    assert printed(tmp_path, data, "a.csv")[: len(lines)] == lines


def test_total_is_nobody_in_a_list_and_a_row_in_a_table(tmp_path: Path) -> None:
    people = b"Naam;E-mail\nJan Bos;j@example.org\nTotaal;1\n"
    assert printed(tmp_path, people, "a.csv")[-1] == "Jan Bos,j@example.org"
    figures = b"Kleur;Hoeveel\nRood;3\nBlauw;4\nTotaal;7\n"
    assert printed(tmp_path, figures, "a.csv")[-1] == "Totaal,7"


def test_separator_too_many_in_one_row_adds_nothing_to_the_others(tmp_path: Path) -> None:
    data = b"Naam;E-mail\nJan Bos;j@example.org;\nEls Smit;e@example.org\n"
    assert printed(tmp_path, data, "a.csv") == [
        "Naam,E-mail",
        "Jan Bos,j@example.org,",
        "Els Smit,e@example.org",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Jan Bos;docent;Proefbouw\nEls Smit;rector;Testlab\nKees Vos;docent;Proefbouw\n",
        "Jan;Bos;Proefbouw\nEls;Smit;Testlab\nKees;Vos;Proefbouw\n",
        "J. Bos;Proefbouw\nE. Smit;Testlab\n",
        "Jan van den Berg;docent\nEls Smit;rector\n",
        "dhr.;Bos;Proefbouw\nmevr.;Smit;Testlab\n",
        "Jan Bos\nEls Smit\nKees Vos\n",
        "0;0\n0.01;0\n",
    ],
)
def test_first_row_of_data_is_no_heading(tmp_path: Path, text: str) -> None:
    first = text.split("\n")[0].replace(";", ",")
    assert printed(tmp_path, text.encode(), "a.csv")[1] == first


@pytest.mark.parametrize(
    ("text", "headings"),
    [
        ("Deelnemerslijst\nNaam\nJan Bos\nEls Smit\n", "Naam"),
        ("Deelnemer;Rol;Club\nJan Bos;keeper;Proef\nEls Smit;spits;Proef\n", "Deelnemer,Rol,Club"),
        ("Deelnemers 2026;;\nDeelnemer;Rol;Club\nJan Bos;keeper;Proef\n", "Deelnemer,Rol,Club"),
    ],
)
def test_title_is_no_heading(tmp_path: Path, text: str, headings: str) -> None:
    assert printed(tmp_path, text.encode(), "a.csv")[0] == headings


def test_headings_that_nothing_tells_from_the_data_are_said(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    for heading, said in (("Zwemmer", ["file.headings_guessed"]), ("Naam", [])):
        path.write_text(f"{heading};Kleur\nJan Bos;rood\n")
        with open_table(path, "a.csv") as table:
            assert [code for code, _params in table.remarks] == said
