"""A list of records in JSON is a table like any other."""

import json
from pathlib import Path
from typing import Any

import pytest

from crm.imports.reading.stream import open_table
from tests.crm.imports.workbooks import printed

PEOPLE = [{"Naam": "Jan Bos", "E-mail": "jan@example.org"}, {"Naam": "Els Smit", "Plaats": "Goor"}]
TABLE = ["Naam,E-mail,Plaats", "Jan Bos,jan@example.org,", "Els Smit,,Goor"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(
    "whole", [PEOPLE, {"about": {"name": "x", "of": []}, "rows": PEOPLE, "more": [1]}, {"rows": PEOPLE}]
)
def test_list_by_itself_or_in_an_object(tmp_path: Path, whole: Any, encoding: str) -> None:
    assert printed(tmp_path, json.dumps(whole, indent=1).encode(encoding), "lijst.json") == TABLE


@pytest.mark.parametrize("name", ["lijst.csv", "lijst.txt"])
def test_it_is_known_by_its_beginning(tmp_path: Path, name: str) -> None:
    assert printed(tmp_path, json.dumps(PEOPLE).encode(), name) == TABLE


def test_text_between_brackets_is_no_json(tmp_path: Path) -> None:
    data = b"[Naam];[E-mail]\nJan Bos;jan@example.org\n"
    assert printed(tmp_path, data, "lijst.csv") == ["[Naam],[E-mail]", "Jan Bos,jan@example.org"]


def test_names_that_mean_nothing_are_headings_all_the_same(tmp_path: Path) -> None:
    assert printed(tmp_path, b'[{"12":"aap","13":"noot"},{"12":"3"}]', "a.json") == [
        "12,13",
        "aap,noot",
        "3,",
    ]


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("12345678901234567890123", "12345678901234567890123"),
        ("0.10", "0.10"),
        ("1E400", "1E400"),
        ("NaN", "NaN"),
        ("true", "TRUE"),
        ("false", "FALSE"),
        ("null", ""),
        ('["aap", 2, null, "noot"]', "aap; 2; ; noot"),
        ("[]", ""),
        (r'"\ud83d\ude00 \ud83d"', "😀 �"),
        (r'"a\u0000b"', "ab"),
        (r'"a\nb"', "a\nb"),
    ],
)
def test_values_are_as_they_are_written(tmp_path: Path, value: str, cell: str) -> None:
    assert rows_of(tmp_path, f'[{{"Naam":"Jan Bos","Code":{value}}}]') == [["Jan Bos", cell]]


def test_name_that_stands_there_twice_is_two_columns(tmp_path: Path) -> None:
    data = b'[{"Naam":"Jan","Tel":"1","Tel":"2"},{"Tel":"3","Naam":"Els"}]'
    assert printed(tmp_path, data, "a.json") == ["Naam,Tel,Tel", "Jan,1,2", "Els,3,"]


def test_record_may_be_longer_than_what_is_read_at_once(tmp_path: Path) -> None:
    people = [{"Naam": f"Jan {at}", **{f"Kolom {n}": "x" * 20_000 for n in range(9)}} for at in range(9)]
    found = rows_of(tmp_path, json.dumps(people))
    assert found == [list(one.values()) for one in people]


def test_row_is_known_by_its_place_in_the_list(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps([*PEOPLE, {}, *PEOPLE]))
    with open_table(path, path.name) as table:
        assert [row.number for row in table.rows()] == [1, 2, 4, 5]


def rows_of(folder: Path, text: str) -> list[list[str]]:
    path = folder / "a.json"
    path.write_text(text, encoding="utf-8")
    with open_table(path, path.name) as table:
        return [row.cells for row in table.rows()]
