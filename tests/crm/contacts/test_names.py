"""Dutch names: tables of what goes in and what comes out, and every surname of the Dutch name bank."""

# One line a case reads best in these tables.
# ruff: noqa: E501

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.contacts.infixes import INFIX_WORDS, capitalised, join_infix, split_infix
from crm.contacts.names import (
    PersonName,
    UnresolvedSalutation,
    form_of_address_in,
    formal_name,
    full_name,
    normalise_infix,
    salutation,
    sort_name,
    split_full_name,
)
from crm.contacts.splitting import dotted_initials, split_titles, tidy_case

JAN = PersonName("Jan", "J.", "van den", "Berg", "prof. dr. ir.", "MSc", "heer")


def jan(**changes: str) -> PersonName:
    return replace(JAN, **changes)


SALUTATIONS: list[tuple[PersonName, str, str]] = [
    (jan(), "Geachte heer Van den Berg", "Dear Mr Van den Berg"),
    (jan(form_of_address="mevrouw"), "Geachte mevrouw Van den Berg", "Dear Ms Van den Berg"),
    (jan(form_of_address="neutral"), "Geachte J. van den Berg", "Dear J. van den Berg"),
    (jan(form_of_address=""), "Geachte J. van den Berg", "Dear J. van den Berg"),
    (jan(form_of_address="", initials=""), "Geachte Jan van den Berg", "Dear Jan van den Berg"),
    (jan(formality="je"), "Beste Jan", "Dear Jan"),
    (jan(formality="je", form_of_address="neutral"), "Beste Jan", "Dear Jan"),
    (jan(formality="je", form_of_address=""), "Beste Jan van den Berg", "Dear Jan van den Berg"),
    (jan(formality="je", given_name=""), "Beste heer Van den Berg", "Dear Mr Van den Berg"),
    (
        jan(formality="je", given_name="", form_of_address=""),
        "Beste J. van den Berg",
        "Dear J. van den Berg",
    ),
    (jan(infix="in 't", family_name="Veld"), "Geachte heer In 't Veld", "Dear Mr In 't Veld"),
    (jan(infix="'t", family_name="Hoen"), "Geachte heer 't Hoen", "Dear Mr 't Hoen"),
    (jan(infix="d'", family_name="Ancona"), "Geachte heer D'Ancona", "Dear Mr D'Ancona"),
    (jan(infix="", family_name="Bos-van der Steen"), "Geachte heer Bos-van der Steen", "Dear Mr Bos-van der Steen"),
    (jan(infix="de", family_name="Bruijn-van der Steen"), "Geachte heer De Bruijn-van der Steen", "Dear Mr De Bruijn-van der Steen"),
    (jan(form_of_address="own", own_salutation="Excellentie"), "Excellentie", "Excellentie"),
    (jan(infix="", family_name="", form_of_address=""), "Geachte Jan", "Dear Jan"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "dutch", "english"), SALUTATIONS)
def test_salutation_in_dutch_and_english(name: PersonName, dutch: str, english: str) -> None:
    assert salutation(name) == dutch
    assert salutation(name, "en") == english
    assert salutation(replace(name, language="en")) == english


UNRESOLVED = [
    PersonName(),
    PersonName(form_of_address="heer"),
    PersonName(form_of_address="own"),
    PersonName(family_name="Berg"),
    PersonName(family_name="Berg", formality="je"),
    PersonName(initials="J.", form_of_address="heer"),
]


@pytest.mark.parametrize("name", UNRESOLVED)
def test_salutation_without_a_usable_name_is_unresolved(name: PersonName) -> None:
    with pytest.raises(UnresolvedSalutation):
        salutation(name)


WRITTEN: list[tuple[PersonName, str, str, str]] = [
    (jan(), "Jan van den Berg", "de heer prof. dr. ir. J. van den Berg MSc", "Berg, van den, Jan"),
    (
        jan(form_of_address="mevrouw", given_name="", titles_before="", titles_after=""),
        "J. van den Berg",
        "mevrouw J. van den Berg",
        "Berg, van den, J.",
    ),
    (PersonName(infix="van den", family_name="Berg"), "Van den Berg", "Van den Berg", "Berg, van den"),
    (PersonName("Jan", infix="d'", family_name="Ancona"), "Jan d'Ancona", "Jan d'Ancona", "Ancona, d', Jan"),
    (PersonName("Jan", "J.", "", "Bos", titles_after="MSc"), "Jan Bos", "J. Bos MSc", "Bos, Jan"),
    (PersonName("Madonna"), "Madonna", "Madonna", "Madonna"),
    (
        jan(language="en", titles_after=""),
        "Jan van den Berg",
        "prof. dr. ir. J. van den Berg",
        "Berg, van den, Jan",
    ),
    (
        jan(language="en", titles_before="", titles_after=""),
        "Jan van den Berg",
        "Mr J. van den Berg",
        "Berg, van den, Jan",
    ),
]


@pytest.mark.parametrize(("name", "running", "formal", "sorted_as"), WRITTEN)
def test_name_in_running_text_formally_and_sorted(
    name: PersonName, running: str, formal: str, sorted_as: str
) -> None:
    assert (full_name(name), formal_name(name), sort_name(name)) == (running, formal, sorted_as)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("van den", "van den"),
        ("Van Den", "van den"),
        ("v.d.", "van der"),
        ("v/d", "van der"),
        ("vd", "van der"),
        ("v. d.", "van der"),
        ("V.D.", "van der"),
        ("v. den", "van den"),
        ("v.den", "van den"),
        ("van ’t", "van 't"),
        ("in `t", "in 't"),
        ("van t", "van 't"),
        ("  op   den ", "op den"),
        ("D'", "d'"),
        ("", ""),
    ],
)
def test_infix_is_stored_in_one_way(typed: str, stored: str) -> None:
    assert normalise_infix(typed) == stored


def parts(**fields: str) -> dict[str, Any]:
    return fields


VAN_DEN_BERG = parts(infix="van den", family_name="Berg")
SPLITS: list[tuple[str, dict[str, Any]]] = [
    ("Jan van den Berg", {"given_name": "Jan", **VAN_DEN_BERG}),
    ("Berg, van den, Jan", {"given_name": "Jan", **VAN_DEN_BERG}),
    ("Berg, Jan van den", {"given_name": "Jan", **VAN_DEN_BERG}),
    ("Van den Berg, Jan", {"given_name": "Jan", **VAN_DEN_BERG}),
    ("JAN VAN DEN BERG", {"given_name": "Jan", **VAN_DEN_BERG}),
    ("jan van den berg", {"given_name": "Jan", **VAN_DEN_BERG}),
    ("Berg, J. van den", {"initials": "J.", **VAN_DEN_BERG}),
    ("Berg, van den", VAN_DEN_BERG),
    ("J. van den Berg (Jan)", {"given_name": "Jan", "initials": "J.", **VAN_DEN_BERG}),
    (
        "Dhr. prof. dr. ir. J.H. van den Berg MSc",
        {
            "initials": "J.H.",
            **VAN_DEN_BERG,
            "titles_before": "prof. dr. ir.",
            "titles_after": "MSc",
            "form_of_address": "heer",
        },
    ),
    ("E. (Els) ten Kamphuis", parts(given_name="Els", initials="E.", infix="ten", family_name="Kamphuis")),
    ("mw. E. ten Kamphuis", parts(initials="E.", infix="ten", family_name="Kamphuis", form_of_address="mevrouw")),
    ("Dhr. L.E. ten Lohuis", parts(initials="L.E.", infix="ten", family_name="Lohuis", form_of_address="heer")),
    ("De heer J. in ’t Veld", parts(initials="J.", infix="in 't", family_name="Veld", form_of_address="heer")),
    ("Prof. dr. mevr. A. Bos", parts(initials="A.", family_name="Bos", titles_before="prof. dr.", form_of_address="mevrouw")),
    ("Mr John Smith", parts(given_name="John", family_name="Smith", form_of_address="heer")),
    ("Mrs. Anna d'Ancona", parts(given_name="Anna", infix="d'", family_name="Ancona", form_of_address="mevrouw")),
    ("mr. L.B. Kuiper", parts(initials="L.B.", family_name="Kuiper", titles_before="mr.")),
    ("prof.dr.ir. J. Jansen", parts(initials="J.", family_name="Jansen", titles_before="prof. dr. ir.")),
    ("Jansen, dr. P.H., MSc", parts(initials="P.H.", family_name="Jansen", titles_before="dr.", titles_after="MSc")),
    ("Marieke Smit, MA", parts(given_name="Marieke", family_name="Smit", titles_after="MA")),
    ("Jansen, M.A.", parts(initials="M.A.", family_name="Jansen")),
    ("Jing Ma", parts(given_name="Jing", family_name="Ma")),
    ("Jan Willem de Vries", parts(given_name="Jan Willem", infix="de", family_name="Vries")),
    ("Jean-Paul de Vries", parts(given_name="Jean-Paul", infix="de", family_name="Vries")),
    ("Jan P. de Vries", parts(given_name="Jan", initials="J.P.", infix="de", family_name="Vries")),
    ("JP de Vries", parts(initials="J.P.", infix="de", family_name="Vries")),
    ("Th.M. de Haan", parts(initials="Th.M.", infix="de", family_name="Haan")),
    ("Birgit Bos-van der Steen", parts(given_name="Birgit", family_name="Bos-van der Steen")),
    ("De Bruijn-van der Steen", parts(infix="de", family_name="Bruijn-van der Steen")),
    ("Bos - van der Steen, Birgit", parts(given_name="Birgit", family_name="Bos-van der Steen")),
    ("Rik v.d. Smit", parts(given_name="Rik", infix="van der", family_name="Smit")),
    ("V.D. Bos", parts(initials="V.D.", family_name="Bos")),
    ("Kees 't Hoen", parts(given_name="Kees", infix="'t", family_name="Hoen")),
    ("El-Amrani, van der, Kees", parts(given_name="Kees", infix="van der", family_name="El-Amrani")),
    ("Heer, Jan", parts(given_name="Jan", family_name="Heer")),
    ("IJSBRAND IJSSELSTEIN", parts(given_name="IJsbrand", family_name="IJsselstein")),
    ("Madonna", parts(family_name="Madonna")),
    ("Lucia Wong Loi Test", parts(given_name="Lucia", family_name="Wong Loi Test")),
    ("Gladys Test A Proef", parts(given_name="Gladys", family_name="Test A Proef")),
    ("Samira Ben Testar", parts(given_name="Samira", family_name="Ben Testar")),
    ("Ben Testman", parts(given_name="Ben", family_name="Testman")),
    ("Berg J.H. van den", parts(initials="J.H.", infix="van den", family_name="Berg")),
    ("van den Berg J.H.", parts(initials="J.H.", infix="van den", family_name="Berg")),
    ("prof. em. dr. J. Bos", parts(titles_before="prof. em. dr.", initials="J.", family_name="Bos")),
    ("Dipl.-Ing. Gerd Bos", parts(titles_before="Dipl.-Ing.", given_name="Gerd", family_name="Bos")),
    ("Jan Bos BEd MSW", parts(given_name="Jan", family_name="Bos", titles_after="BEd MSW")),
    ("Jan de Vries (voorzitter)", parts(given_name="Jan", infix="de", family_name="Vries")),
    ("", {}),
    ("...", {}),
    ("dr.", parts(titles_before="dr.")),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), SPLITS)
def test_name_in_one_cell_is_taken_apart(text: str, expected: dict[str, Any]) -> None:
    assert split_full_name(text) == PersonName(**expected)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("Dhr.", "heer"),
        ("de heer", "heer"),
        ("Mr", "heer"),
        ("Mevr.", "mevrouw"),
        ("mw", "mevrouw"),
        ("Ms.", "mevrouw"),
        ("Mx", "neutral"),
        ("de heer/mevrouw", ""),
        ("Jan", ""),
        ("", ""),
    ],
)
def test_form_of_address_comes_from_words_only(text: str, form: str) -> None:
    assert form_of_address_in(text) == form


def test_small_parts() -> None:
    assert [dotted_initials(text) for text in ("CJ", "c. j.", "Th.M.", "Johan", "Ö.B.", "")] == [
        "C.J.",
        "C.J.",
        "Th.M.",
        "J.",
        "Ö.B.",
        "",
    ]
    assert split_titles("Mevr. dr. MSc") == ("mevrouw", "dr.", "MSc")
    assert [tidy_case(text) for text in ("JANSEN", "jansen", "McDonald")] == ["Jansen", "Jansen", "McDonald"]


def surnames(corpora: Path) -> list[str]:
    return (corpora / "nl-surnames" / "family_names_freq_5_or_more.lst").read_text().splitlines()


def test_every_dutch_surname_survives_being_split_and_joined(corpora: Path) -> None:
    names = surnames(corpora)
    wrong = [name for name in names if capitalised(*split_infix(name)).casefold() != name.casefold()]
    assert len(names) > 100_000
    assert wrong == []


def test_surnames_in_list_order_are_read_back(corpora: Path) -> None:
    """All but the handful with a remark or a title in them ("..., genaamd ...", "Baron Tamayo"); every fourth."""
    wrong = []
    names = surnames(corpora)[::4]
    for surname in names:
        infix, family = split_infix(surname)
        name = PersonName("Xander", "", infix, family)
        if split_full_name(sort_name(name)) != name:
            wrong.append(surname)
    assert len(wrong) <= 3, wrong
    print(f"{1 - len(wrong) / len(names):.3%} of {len(names)} surnames read back from list order")


def test_single_word_surnames_in_reading_order_are_read_back(corpora: Path) -> None:
    wrong, tried = [], 0
    for surname in surnames(corpora)[1::4]:
        infix, family = split_infix(surname)
        if " " in family:
            continue  # "Xander Garcia Lopez" cannot tell given names from family names
        tried += 1
        name = PersonName("Xander", "", infix, family)
        if split_full_name(full_name(name)) != name:
            wrong.append(surname)
    assert len(wrong) <= 3, wrong
    print(f"{1 - len(wrong) / tried:.3%} of {tried} surnames read back from reading order")


WORD = st.from_regex(r"[B-Z][a-z]{2,9}", fullmatch=True).filter(
    lambda word: word.lower() not in INFIX_WORDS and not any(split_titles(word))  # "Mba" is a title
)
INFIX = st.sampled_from(
    ["", "van", "van de", "van den", "van der", "van 't", "de", "in 't", "'t", "op den", "d'"]
)
TITLES = st.sampled_from(["", "dr.", "prof. dr. ir.", "mr."])
GENERATED = st.builds(
    PersonName,
    given_name=WORD,
    infix=INFIX,
    family_name=WORD,
    titles_before=TITLES,
)


@settings(deadline=None)  # other tests may hold the processor
@given(GENERATED)
def test_generated_names_survive_both_orders(name: PersonName) -> None:
    bare = replace(name, titles_before="")
    assert split_full_name(sort_name(bare)) == bare
    assert split_full_name(f"{name.titles_before} {full_name(bare)}") == name
    assert split_infix(join_infix(bare.infix, bare.family_name)) == (bare.infix, bare.family_name)


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_split_without_failing(text: str) -> None:
    name = split_full_name(text)
    assert split_full_name(text) == name
    assert name.form_of_address in ("", "heer", "mevrouw", "neutral")


def test_naughty_strings_are_split_without_failing(corpora: Path) -> None:
    for text in (corpora / "naughty-strings" / "blns.txt").read_text(errors="replace").splitlines():
        split_full_name(text)


def test_generation_stands_behind_the_family_name_wherever_that_is():
    name = split_full_name("Terpstra sr., Henk")
    assert (name.given_name, name.family_name, name.titles_after) == ("Henk", "Terpstra", "sr.")


@pytest.mark.parametrize("front", ["De heer/mevrouw", "Dhr./mw.", "heer/mevrouw"])
def test_address_that_does_not_tell_is_no_part_of_the_name(front: str) -> None:
    name = split_full_name(f"{front} A. Bos")
    assert (name.initials, name.family_name, name.form_of_address) == ("A.", "Bos", "")
