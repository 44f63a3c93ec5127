"""Passages while the notes around them change: what is outside of a change stays, word for word."""

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from engagement.statements.anchoring import Place, follow
from engagement.statements.models import Anchor

pytestmark = pytest.mark.without_database

# Few letters, so that the same words stand in many places; astral ones and line breaks among them.
LETTERS = st.text(alphabet="ab .\n😀é", max_size=30)


@st.composite
def edits(draw):
    """A text, passages of it, and a series of changes (start, end, what comes there)."""
    text = draw(LETTERS)
    points = st.integers(0, len(text))
    pairs = draw(st.lists(st.tuples(points, points), max_size=6))
    passages = [(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]]
    changes = draw(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 8), LETTERS), max_size=5))
    return text, passages, changes


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(edits())
@example(("aab", [(1, 3)], [(2, 0, "a")]))
@example(("xxabab", [(4, 6)], [(2, 2, "")]))
def test_passage_outside_of_every_change_is_the_same_afterwards(case):
    text, passages, changes = case
    now = [(start, end, text[start:end]) for start, end in passages]
    touched = [False] * len(now)
    exact = list(passages)
    for where, length, comes in changes:
        start = min(where, len(text))
        end = min(start + length, len(text))
        for index, (first, last) in enumerate(exact):
            # Where each passage is by the change itself, as whoever types knows it.
            if end <= first:
                exact[index] = first + len(comes) - (end - start), last + len(comes) - (end - start)
            elif start < last:
                touched[index] = True
        new = text[:start] + comes + text[end:]
        places = follow(text, new, now)
        for (_, _, passage), place in zip(now, places, strict=True):
            assert (new[place.start : place.end] == passage) == (place.anchor == Anchor.IN_PLACE)
            assert 0 <= place.start <= place.end <= len(new)
        now = [(place.start, place.end, was[2]) for place, was in zip(places, now, strict=True)]
        text = new
        for index, place in enumerate(places):
            if not touched[index]:
                assert place.anchor == Anchor.IN_PLACE
                assert text[exact[index][0] : exact[index][1]] == now[index][2]


def placed(old: str, new: str, passage: str) -> tuple[str, Anchor]:
    start = old.index(passage)
    place = follow(old, new, [(start, start + len(passage), passage)])[0]
    return new[place.start : place.end], place.anchor


@pytest.mark.parametrize(
    ("old", "new", "passage", "there", "anchor"),
    [
        ("Een hal. Twee labs.", "Een hal. Drie labs.", "Een hal.", "Een hal.", "in place"),
        ("Een hal. Twee labs.", "Een hal. Drie labs.", "Twee labs.", "Drie labs.", "changed"),
        ("Een hal. Twee labs.", "Een hal. ", "Twee labs.", "", "gone"),
        ("Ja. Nee. Ja.", "Zo. Nee. Ja.", "Ja.", "Zo.", "changed"),
        ("Een.\n\nTwee.", "Twee.", "Een.\n\nTwee.", "Twee.", "changed"),
        ("Wil blijven.", "Hij: “Wil blijven.”", "Wil blijven.", "Wil blijven.", "in place"),
        ("a\nb\nc\nd", "a\nX\nc\nY\nd", "c", "c", "in place"),
        ("Zij 😀 zegt dat.", "Zij 😀😀 zegt dat!", "zegt dat", "zegt dat", "in place"),
    ],
)
def test_passage_is_where_a_reader_would_look_for_it(old, new, passage, there, anchor):
    assert placed(old, new, passage) == (there, anchor)


def test_words_that_come_back_are_found_again():
    old = "Een hal. Twee labs. Drie bomen."
    gone = follow(old, "Een hal. Drie bomen.", [(9, 20, "Twee labs. ")])[0]
    assert gone == Place(9, 9, Anchor.GONE)
    back = follow("Een hal. Drie bomen.", old, [(gone.start, gone.end, "Twee labs. ")])[0]
    assert back == Place(9, 20, Anchor.IN_PLACE)


def test_notes_of_200_pages_rewritten_from_end_to_end_are_compared():
    old = "\n".join(f"Regel {number} over de campus en de hal met stroom." for number in range(12_000))
    new = old.replace("campus", "wijk")
    place = follow(old, new, [(0, len("Regel 0 over"), "Regel 0 over")])[0]
    assert place == Place(0, 12, Anchor.IN_PLACE)
