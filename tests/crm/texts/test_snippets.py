"""The piece of a text that is shown beside what was found in it."""

from time import perf_counter

import pytest

from crm.texts.queries import read_query
from crm.texts.snippets import LENGTH, marks, snippet

FILLING = "Zo gaat dat hier elke dag. " * 20


def shown(text: str, asked: str, language: str = "nl") -> str:
    """With what is marked in brackets."""
    pieces = snippet(text, read_query(asked), language)
    return "".join(f"[{piece}]" if found else piece for piece, found in pieces)


@pytest.mark.parametrize(
    ("text", "asked", "language", "expected"),
    [
        ("Meer woningen, graag.", "woning", "nl", "Meer [woningen], graag."),
        ("Meer Cafés\n\nen woningbouw", "cafes woningb", "nl", "Meer [Cafés] en [woningbouw]"),
        ("We are connecting people.", "connected", "en", "We are [connecting] people."),
        ("Het is te duur, ja te duur.", '"te duur"', "nl", "Het is [te duur], ja [te duur]."),
        ("<b>Wonen</b> & werken", "wonen", "nl", "<b>[Wonen]</b> & werken"),
        ("Meer woningen.", "fietsen", "nl", ""),
        ("", "fietsen", "nl", ""),
    ],
)
def test_what_was_found_is_marked_in_the_text_as_it_is(text, asked, language, expected):
    assert shown(text, asked, language) == expected


def test_piece_around_most_of_the_words_is_shown_between_whole_words():
    text = f"Wonen eerst. {FILLING}Dan komen fietsen en wonen samen. {FILLING}"
    piece = shown(text, "wonen fietsen")
    assert piece.startswith("… ")
    assert piece.endswith(" …")
    assert "Dan komen [fietsen] en [wonen] samen." in piece
    assert len(piece) <= LENGTH + len("…  …[][]")
    assert set(piece.strip("… ").replace("[", "").replace("]", "").split()) <= set(text.split())


def test_text_of_two_hundred_pages_is_cut_in_time():
    text = (FILLING + "De markt is de markt. ") * 900
    assert len(text) > 500_000
    start = perf_counter()
    assert "[markt]" in shown(text, "markt dag")
    assert perf_counter() - start < 2


def test_marks_are_counted_and_dots_are_not():
    assert marks(snippet(f"{FILLING}wonen wonen {FILLING}", read_query("wonen"), "nl")) == 2


def test_one_word_of_many_letters_is_cut():
    assert len(shown("wonen " + "x" * 1000, "wonen")) < 200
    assert shown("x" * 1000, "x" * 100) != ""
