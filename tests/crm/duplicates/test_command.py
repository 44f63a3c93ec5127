import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from crm.duplicates.columns import field_for, read_records
from crm.duplicates.records import Record
from tests.factories import make_contact, make_organisation

CSV = """given;family;infix;organisation;street;postcode;city;phone;email
Jan;Berg;van den;Gemeente Delden;Markt 1;7491 AA;Delden;053-4890000;jan@example.org
Maria;Visser;;;;;Losser;;
Jan;van den Berg;;Delden;Markt 1;7491AA;Delden;+31534890000;jan@example.org
"""


def found(*options: str) -> list[dict]:
    out = StringIO()
    call_command("find_duplicates", "--json", *options, stdout=out)
    return json.loads(out.getvalue())


def test_find_duplicates_of_a_file_without_the_database(tmp_path: Path):
    path = tmp_path / "people.csv"
    path.write_text(CSV)
    pair = found("--file", str(path))[0]
    assert list(pair) == ["a", "b", "score", "reasons", "automatic"]
    assert (pair["a"], pair["b"], pair["automatic"]) == (1, 3, True)
    assert 0.99 < pair["score"] <= 1
    assert pair["reasons"]


def test_find_duplicates_of_a_file_of_organisations(tmp_path: Path):
    path = tmp_path / "organisations.csv"
    path.write_text(
        "organisation,city\nGemeente Delden,Delden\nUniversiteit Twente,Enschede\nDelden,Delden\n"
    )
    assert [(pair["a"], pair["b"]) for pair in found("--file", str(path))] == [(1, 3)]


@pytest.mark.parametrize("content", ["", "x,y\n1,2\n", "\1\2\3\4\5\6"])
def test_find_duplicates_of_a_file_that_is_none(tmp_path: Path, content: str):
    path = tmp_path / "people.csv"
    path.write_text(content)
    with pytest.raises(CommandError):
        found("--file", str(path))


def test_find_duplicates_of_a_file_that_is_not_there():
    with pytest.raises(CommandError):
        found("--file", "nowhere.csv")


@pytest.mark.django_db
def test_find_duplicates_of_the_database():
    one = make_contact(given_name="Tjerk", family_name="Quanz")
    other = make_contact(given_name="Tjerk", family_name="Quanz")
    make_organisation("Gemeente Delden")
    make_organisation("Delden")
    pairs = found()
    assert [pair["kind"] for pair in pairs] == ["contact", "organisation"]
    assert {pairs[0]["a"], pairs[0]["b"]} == {one.pk, other.pk}


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("given_name", "given"),
        (" surname", "family"),
        ("Tussenvoegsel", "infix"),
        ("street_number", "number"),
        ("address_1", "street"),
        ("address_2", "extra"),
        ("suburb", "city"),
        ("E-mailadres", "email"),
        ("state", "region"),
        ("date_of_birth", ""),
        ("dob", ""),
        ("soc_sec_id", ""),
        ("rec_id", ""),
        ("unique_id", ""),
        ("cluster", ""),
    ],
)
def test_field_for(heading: str, field: str):
    assert field_for(heading) == field


def test_read_records_splits_a_whole_name():
    assert read_records(b"Naam,Plaats\nJ. van den Berg,Delden\n") == [
        Record(initials="J.", infix="van den", family="Berg", city="Delden")
    ]
