"""What is kept as a code: told in the language of whoever reads, and never a crash."""

from collections.abc import Iterator

import pytest
from django.utils.translation import gettext_lazy, override

from crm.base.said import SENTENCES, TEXT, Said, as_text, from_text, said_in, sentence, told
from crm.exchange.said import NO_DATE
from crm.imports.reading.said import LINES_ABOVE
from crm.imports.said import CHANGED_SINCE, IN_USE, NO_NAME, SAME_PERSON
from crm.themes.said import TOO_LONG


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with override("en"):
        yield


@pytest.mark.parametrize(
    ("said", "english", "dutch"),
    [
        (NO_NAME(), "There is no name in this row.", "Er staat geen naam in deze rij."),
        (NO_DATE(text="100 %"), "“100 %” is no date.", "“100 %” is geen datum."),
        (
            SAME_PERSON(row=12, sheet="B"),
            "The same person as in row 12 of “B”.",
            "Dezelfde persoon als in rij 12 van “B”.",
        ),
        (SAME_PERSON(row=12, sheet=""), "The same person as in row 12.", "Dezelfde persoon als in rij 12."),
        (
            CHANGED_SINCE(fields=["job_title", "sector"]),
            "Kept, because it was changed since: job title, sector.",
            "Bewaard, omdat het sindsdien is gewijzigd: functie, O.",
        ),
        (IN_USE(uses="timeline"), "Kept, because of something on the timeline.", None),
        (IN_USE(uses="crm.affiliation"), "Kept, because of functions of people.", None),
        (LINES_ABOVE(count=1), "1 line above the headings was left out.", None),
        (LINES_ABOVE(count=2), "2 lines above the headings were left out.", None),
        (TEXT(text="Als toen."), "Als toen.", "Als toen."),
    ],
)
def test_told_in_the_language_of_the_reader(said: Said, english: str, dutch: str | None) -> None:
    with override("en"):
        assert told([said]) == english
    with override("nl"):
        assert told([said]) == dutch if dutch else told([said]) != english


def test_sentences_stand_behind_each_other() -> None:
    assert told([NO_NAME(), NO_DATE(text="x")]) == "There is no name in this row. “x” is no date."
    assert told([]) == ""


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (["gone", {"name": "Jan", "row": 3}], "Jan, 3"),
        (["gone", {}], "gone"),
        (["row.same_person", {"number": 12}], "12"),
        (["row.in_use", {"uses": "crm.gone"}], "crm.gone"),
        (["file.lines_above", {"count": "many"}], "many"),
    ],
)
def test_what_cannot_be_told_any_more_shows_what_it_was_about(said: list[object], shown: str) -> None:
    assert told([said]) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('["row.no_name",{}]', "There is no name in this row."),
        ("merged with Jan", "merged with Jan"),
        ("[1, 2]", "[1, 2]"),
        ('"ab"', '"ab"'),
        ("12", "12"),
    ],
)
def test_text_of_older_versions_is_shown_as_it_is(text: str, shown: str) -> None:
    assert told([from_text(text)]) == shown


def test_said_goes_through_a_column_of_text() -> None:
    said = NO_DATE(text="“é”\n")
    assert from_text(as_text(said)) == said
    assert as_text(said) == '["cell.no_date",{"text":"“é”\\n"}]'


def test_check_of_a_form_says_the_same_in_both_ways() -> None:
    error = TOO_LONG.invalid(name="50 % off", most=50)
    assert said_in(error) == [TOO_LONG(name="50 % off", most=50)]
    assert told(said_in(error)) == error.messages[0]


def test_sentence_is_registered_by_its_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crm.base.said.SENTENCES", dict(SENTENCES))
    hello = sentence("test.hello", gettext_lazy("yes"))
    with override("nl"):
        assert told([hello()]) == "ja"
