"""Searching texts finds what reading all of them finds, the same on both databases."""

import random
from dataclasses import replace
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command

from crm.base.stems import STOP_WORDS, stem
from crm.base.text import words
from crm.bodies.models import Body
from crm.bodies.services import save_body
from crm.texts.kinds import KINDS
from crm.texts.models import TextDocument
from crm.texts.queries import Query, read_query
from crm.texts.services import documents
from tests.factories import make_user

pytestmark = pytest.mark.django_db

_WORDS = """
woning woningen Woningbouw wonen café CAFES studenten de het en 's te duur living labs lives the connected 3
2026 ½ 12e5 naïef ʼn Straße δρόμος дома 東京 x𝐀y a_b It's o'clock 'quoted' back\\slash per% x:* -not
<b>wonen</b> vergadering http://www.example.org/wonen? jan.de.boer@example.org
"""
WORDS = _WORDS.split()
ASKED = [
    *WORDS,
    "won",
    "woningb",
    "stud",
    "connec",
    "é",
    "12",
    "ex",
    "vergaderin",
    '"',
    '"',
]


def holds(text: str, language: str, query: Query) -> bool:
    """What matching() promises, read from the text itself."""
    there = words(text)
    stems = {stem(word, language) for word in there}
    telling = [word for word in query.words if word not in STOP_WORDS[language]]
    for word in telling or ([] if query.phrases else query.words):
        is_last = word == query.words[-1]
        if stem(word, language) not in stems and not (is_last and any(one.startswith(word) for one in there)):
            return False
    return all(
        any(tuple(there[at : at + len(phrase)]) == phrase for at in range(len(there)))
        for phrase in query.phrases
    )


def store(texts: dict[int, tuple[str, str]]) -> None:
    kind = replace(KINDS[Body], texts=lambda row: [texts[row.pk]])
    rows = [Body(pk=number) for number in texts]
    TextDocument.objects.bulk_create(one for row in rows for one in documents(kind, row))


@pytest.mark.parametrize("seed", range(4))
def test_index_finds_what_reading_every_text_finds(seed: int) -> None:
    chance = random.Random(seed)
    some = {
        number: (chance.choice(["nl", "en"]), " ".join(chance.choices(WORDS, k=chance.randrange(9))))
        for number in range(1, 80)
    }
    store(some)
    hits = 0
    for _ in range(150):
        query = read_query(" ".join(chance.choices(ASKED, k=chance.randint(1, 4))))
        if query:
            expected = {number for number, (language, text) in some.items() if holds(text, language, query)}
            found = TextDocument.objects.matching(query).values_list("object_id", flat=True)
            assert sorted(found) == sorted(expected), query
            hits += len(expected)
    assert hits > 300


def test_phrase_is_of_whole_words_that_follow_each_other() -> None:
    store(
        {
            1: ("nl", "mate duur, te"),
            2: ("nl", "is te duur"),
            3: ("nl", "te duurt duur"),
            4: ("nl", "duur te"),
        }
    )
    assert [one.object_id for one in TextDocument.objects.matching(read_query('"te duur"'))] == [2]


def test_index_follows_what_is_changed_and_goes() -> None:
    store({1: ("nl", "woningen"), 2: ("nl", "fietsen")})
    query = read_query("woning")
    TextDocument.objects.filter(object_id=1).update(words=" bomen ", stems="bom")
    TextDocument.objects.filter(object_id=2).update(words=" woningen ", stems="woning")
    assert [one.object_id for one in TextDocument.objects.matching(query)] == [2]
    TextDocument.objects.all().delete()
    assert not TextDocument.objects.matching(query).exists()


def spoken() -> list[tuple[str, str]]:
    return list(TextDocument.objects.order_by("language").values_list("language", "words"))


def test_documents_follow_the_texts_of_a_body() -> None:
    body = save_body(
        body=Body(name_nl="Stuurgroep", name_en="Steering group", purpose="Houdt het geheel bijeen.")
    )
    assert spoken() == [("en", " steering group "), ("nl", " houdt het geheel bijeen stuurgroep ")]
    body.name_en, body.purpose = "", "It keeps all of this together."
    save_body(body=body)
    assert spoken() == [("en", " it keeps all of this together "), ("nl", " stuurgroep ")]
    body.purpose = ""
    save_body(body=body)
    assert spoken() == [("nl", " stuurgroep ")]
    body.delete()
    assert spoken() == []


def test_rebuild_writes_what_is_missing_and_drops_what_is_of_nobody(capsys: Any) -> None:
    body = save_body(body=Body(name_nl="Stuurgroep"))
    Body.objects.update(name_nl="Kerngroep")
    users = ContentType.objects.get_for_model(make_user())
    TextDocument.objects.create(content_type=users, object_id=1, language="nl", words=" a ", stems="a")
    gone = ContentType.objects.get_for_model(Body)
    TextDocument.objects.create(
        content_type=gone, object_id=body.pk + 1, language="nl", words=" a ", stems="a"
    )
    call_command("rebuild_texts")
    assert spoken() == [("nl", " kerngroep ")]
    assert "1 documents" in capsys.readouterr().out


def test_nothing_is_found_where_nothing_is_asked() -> None:
    save_body(body=Body(name_nl="Stuurgroep"))
    for asked in ("", "!", '""'):
        assert list(KINDS[Body].hits(asked, make_user())) == []


def test_hits_have_the_piece_of_the_language_in_which_they_were_found() -> None:
    save_body(body=Body(name_nl="Groep een", name_en="Group one", purpose="Wij houden labs bij elkaar."))
    (hit,) = KINDS[Body].hits("houd lab", make_user())
    assert hit.snippet == (
        ("Wij ", False),
        ("houden", True),
        (" ", False),
        ("labs", True),
        (" bij elkaar.", False),
    )
