"""What is looked for when somebody types words and phrases."""

import pytest

from crm.texts.queries import Query, Terms, read_query


@pytest.mark.parametrize(
    ("text", "words", "phrases"),
    [
        ("Woningen, CAFÉ's", ["woningen", "cafe", "s"], []),
        ('labs "te duur" wonen', ["labs", "wonen"], [("te", "duur")]),
        ("„Te duur” “voor wie”", [], [("te", "duur"), ("voor", "wie")]),
        ('wonen "in de', ["wonen"], [("in", "de")]),
        ('"" "!" ...', [], []),
        ("wonen Wonen wonen", ["wonen"], []),
        ("a\0b", ["a", "b"], []),
        ("", [], []),
    ],
)
def test_text_is_read_as_words_and_phrases(text, words, phrases):
    assert read_query(text) == Query(tuple(words), tuple(phrases))


def test_only_so_many_words_are_looked_for_and_long_ones_are_cut():
    assert len(read_query(" ".join(f"w{number}" for number in range(30))).words) == 10
    assert read_query("x" * 300).words == ("x" * 100,)


@pytest.mark.parametrize(
    ("text", "language", "stems", "beginning"),
    [
        ("de woningen", "nl", ["woning"], "woningen"),
        ("the living labs", "en", ["live", "lab"], "labs"),
        ("living the", "en", ["live"], ""),
        ("de het", "nl", ["de", "het"], "het"),
        ('de "te duur"', "nl", [], ""),
        ('wonen "te duur"', "nl", ["won"], "wonen"),
    ],
)
def test_stop_words_count_only_alone_and_the_last_word_may_be_unfinished(text, language, stems, beginning):
    assert read_query(text).terms(language) == Terms(tuple(stems), beginning)
