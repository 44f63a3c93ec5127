"""Where a sentence ends: what people write in interviews, and a collection of Dutch sentences."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.sentences import GOAL, measured, ours
from engagement.statements.sentences import sentences


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    "text",
    [
        # abbreviations that stand before something
        "Dhr. Jansen en mw. De Boer spraken met prof. Visser.|Daarna kwam drs. K. Smit.",
        "Men wil bijv. Delftse winkels, o.a. voor studenten, m.b.t. wonen.|Dat kan.",
        "T.a.v. Wonen is er weinig, i.v.m. Brussel.|Het is ca. 30 meter aan de St. Jansstraat.",
        "Mr. Brown met Mrs. Green and Dr. White.|They spoke, e.g. Monday, i.e. before noon.",
        "Dat gaat via (dhr.) Jansen, dhr./mw. Bakker of wnd.-burg. Aslan.",
        # those with which a sentence may end
        "Fietsen, lopen, enz.|Het is druk.",
        "Fietsen, lopen, enz. zijn goed.",
        "Zie art. 5 en blz. 12, kamer nr. 7.|Dat is alles, art.|Einde.",
        "Kast, stoel e.d.|De rest niet.",
        "Shops, bars, etc.|The rest is quiet.",
        "Dat was in 50 v.Chr.|Later niet.",
        "Studenten van de V.S.|Zij blijven.",
        # capitals that are names
        "We bankieren bij ING.|Dat gaat goed in de VS.|Jansen BV.|Zo is het.",
        # initials, and letters of things
        "J.P. de Vries en A.-M. Van Dam zijn er.|Th. Smit ook.",
        "Liever plan B.|Dat is goedkoper, zegt J. Bakker.",
        # dates, numbers, times
        "Op 12 nov. 2026 om 14.30 uur zijn er 3.500 mensen.|Op 3 dec. niet.",
        "Het is klaar in 2027.|Daarna gaat het open.",
        "Klaar op 12 nov.|De rest later.",
        # marks of lists
        "1. Meer groen.|2. Minder auto's.",
        "a. Meer groen.|b. Minder auto's.",
        "a) Meer groen.|b) Minder auto's.",
        "2.3. Wonen is duur.|IV. Werk is schaars.",
        # dots, and more marks at once
        "Tja...|Dat weet ik niet.",
        "Nou … ik weet het niet… misschien.",
        "Echt waar?!|Ja!!|Heus.",
        "Wat? zei hij.|Ga weg! riep zij.",
        # quotes and brackets that close behind it
        "„Het is te duur.”|Dat zei zij.",
        "\"Het is te duur.\"|'Nee.'|Dat zei zij.",
        "‘Ga weg!’ riep zij.|‘Waarom?’, vroeg hij.",
        "Het is te duur (dat zei zij.)|Toch?",
        "Het is te duur.|(Dat zei zij.)|Toch?",
        "Het is te duur.|(zie het verslag)",
        "Het is te duur.[1]|Toch?",
        "Hij vroeg: “Waarom?”|“Daarom.”",
        # addresses
        "Zie www.example.org/Wonen.Html?x=1.Jan of mail Jan.De.Boer@example.org.|Tot dan.",
        "Zie https://example.org/Een.Twee!|Daar staat het.",
        # no space, no capital
        "'s Avonds is het druk.|'s Morgens niet.|'t Is wat.",
        "We praten met de gemeente.|dat moet anders gaan.",
        "Ons platform.|iPhones zijn goed.|eHerkenning niet.",
        "Leuk!|😀 Ja.",
        "𝐀𝐛 is 😀.|Ook dit.",
    ],
)
def test_sentence_ends_where_people_end_it(text: str) -> None:
    assert cut(text.replace("|", " ")) == text.split("|")


def test_forgotten_space_ends_a_sentence_too() -> None:
    assert cut("Het is klaar.Daarna niet?Jawel.") == ["Het is klaar.", "Daarna niet?", "Jawel."]
    assert cut("Dat was in 2020.Nu niet.") == ["Dat was in 2020.", "Nu niet."]


def test_line_break_ends_a_sentence_and_white_space_is_left_out() -> None:
    assert cut("  Wonen \n\n met mw.\nBakker\u00a0\n") == ["Wonen", "met mw.", "Bakker"]
    assert sentences("") == sentences(" \n\t ") == []


def test_offsets_are_code_points() -> None:
    assert sentences("😀 Ja.\nNee.") == [(0, 5), (6, 10)]


@given(
    st.lists(st.sampled_from(["a", "Ab", ".", "!", "…", " ", "\n", "\r", "dhr", "1", '"', "(", "😀", "\x85"]))
)
def test_nothing_but_white_space_is_left_out(pieces: list[str]) -> None:
    text = "".join(pieces)
    kept = sentences(text)
    assert all(one.strip() == one and "\n" not in one and one for one in cut(text))
    ends = [0, *(place for span in kept for place in span), len(text)]
    assert ends == sorted(ends)
    assert not any(text[ends[at] : ends[at + 1]].strip() for at in range(0, len(ends), 2))


def test_long_text_and_long_runs_are_quick() -> None:
    for text in (
        "a" * 200_000,
        "." * 200_000,
        "aaa" + "'" * 200_000,
        "1." * 100_000,
        "v.d." * 50_000,
        "[1]." * 50_000,
    ):
        assert "".join(cut(text)) == text
    page = "Dhr. Jansen wil wonen. Dat is duur, zegt hij. "
    assert len(sentences(page * 10_000)) == 20_000


def test_ends_in_dutch_sentences_are_found(corpora: Path) -> None:
    found = measured(corpora, ours)
    assert min(found["seen"], found["unseen"]) >= GOAL
