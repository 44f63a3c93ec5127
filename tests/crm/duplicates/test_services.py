"""On outside data with known answers; the threshold was fixed on other data (see docs/decisions)."""

from pathlib import Path

import pytest

from bench.duplicates import load, result
from crm.duplicates.records import Record
from crm.duplicates.services import find_duplicates


@pytest.mark.parametrize(
    ("name", "least"), [("febrl1", 0.98), ("febrl2", 0.98), ("febrl4", 0.98), ("splink-fake1000", 0.94)]
)
def test_find_duplicates_reaches_the_goal(corpora: Path, name: str, least: float):
    records, gold = load(name)
    pairs = find_duplicates(records)
    assert result({(pair.a, pair.b) for pair in pairs}, gold).f1 >= least
    automatic = {(pair.a, pair.b) for pair in pairs if pair.automatic}
    assert automatic
    assert result(automatic, gold).precision >= 0.995


def test_find_duplicates_likeliest_first_with_reasons():
    people = [
        Record(given="Jan", family="Smit", email="j.smit@example.org", city="Delden"),
        Record(given="Piet", family="Bakker", city="Losser"),
        Record(given="Jan", family="Smit", email="j.smit@example.org", city="Delden"),
        Record(initials="P.", family="Bakker", city="Losser"),
        Record(given="Maria", family="Visser"),
    ]
    pairs = find_duplicates(people)
    assert [(pair.a, pair.b, pair.automatic) for pair in pairs] == [(0, 2, True), (1, 3, False)]
    assert pairs[0].score >= pairs[1].score >= 0.5
    assert all(pair.reasons for pair in pairs)


def test_find_duplicates_same_name_alone_is_never_automatic():
    pairs = find_duplicates([Record(given="Tjerk", family="Quanz"), Record(given="Tjerk", family="Quanz")])
    assert [pair.automatic for pair in pairs] == [False]


def test_find_duplicates_partners_are_never_automatic():
    home = {"street": "Dorpsstraat", "number": "1", "postcode": "7491 AA", "phone": "0534890000"}
    pairs = find_duplicates(
        [Record(given="Jan", family="Smit", **home), Record(given="Maria", family="Smit", **home)]
    )
    assert not any(pair.automatic for pair in pairs)


@pytest.mark.parametrize("records", [[], [Record(given="Jan")], [Record(), Record()]])
def test_find_duplicates_nothing_to_compare(records: list[Record]):
    assert find_duplicates(records) == []
