"""Stems as Snowball makes them, and in which language a text is."""

from pathlib import Path

import pytest

from crm.base.stems import ALGORITHMS, language_of, stem
from crm.base.text import words


@pytest.mark.parametrize("language", ["nl", "en"])
def test_stems_of_all_words_are_those_of_snowball(corpora: Path, language: str) -> None:
    folder = corpora / "snowball" / ALGORITHMS[language]
    known = (folder / "voc.txt").read_text().splitlines()
    expected = (folder / "output.txt").read_text().splitlines()
    assert len(known) > 40_000
    assert [stem.__wrapped__(word, language) for word in known] == expected


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Het is te duur om hier te wonen.", "nl"),
        ("It is too expensive to live here.", "en"),
        ("Wij willen een living lab, and a field lab.", "nl"),
        ("Kennispark", "nl"),
        ("", "nl"),
    ],
)
def test_language_is_told_by_the_small_words(text: str, language: str) -> None:
    assert language_of(words(text)) == language
