"""What somebody wrote in a mailing is found by its words, by whoever may see mailings."""

import pytest

from crm.accounts.roles import Role
from crm.texts.models import TextDocument
from crm.texts.services import rebuild_texts
from engagement.compositions.services import start
from engagement.mailings.services import discard
from engagement.search.providers import search
from tests.factories import make_user, write

pytestmark = pytest.mark.django_db


def found(text: str, role: Role = Role.CORE_TEAM) -> list[tuple[str, str]]:
    """(title, snippet with what was found in brackets) of the mailings."""
    groups = [one for one in search(text, make_user(role)) if one.provider.capability == "mailings.view"]
    return [
        (hit.title, "".join(f"[{piece}]" if marked else piece for piece, marked in hit.snippet))
        for group in groups
        for hit in group.hits
    ]


def test_words_of_either_language_are_found_without_their_markup():
    write()
    assert found("nieuwe lab staat") == [
        ("Brief", "[Nieuws] van de campus Een [nieuw] [lab] Het [staat] er. Lees verder - een - twee")
    ]
    assert found("labs there") == [
        (
            "Brief",
            "News of the campus A new [lab] It is there (https://example.org/[lab]). Read on - one - two",
        )
    ]
    assert found("brief") == [("Brief", "[Brief]")]
    assert found("fabriek") == []


def test_what_is_said_with_je_apart_is_found_too():
    composition = write().composition
    composition.blocks.update(text_nl_je="Jouw buurt")
    rebuild_texts()
    assert [title for title, _ in found("jouw buurt")] == ["Brief"]


def test_title_is_found_before_anything_is_written():
    start(kind="newsletter", title="Zomernieuws", by=make_user())
    assert found("zomernieuws") == [("Zomernieuws", "[Zomernieuws]")]


def test_readers_find_no_mailings():
    write()
    assert found("campus", Role.READER) == []


def test_discarded_draft_leaves_no_words():
    mailing = write()
    assert TextDocument.objects.count() == 2
    discard(mailing=mailing)
    assert not TextDocument.objects.exists()


@pytest.mark.same_on_both
def test_hits_of_many_mailings_take_as_many_queries_as_of_one(django_assert_num_queries):
    user = make_user()
    write()
    search("campus", user)
    with django_assert_num_queries(12):
        assert len(search("campus", user)[0].hits) == 1
    for _ in range(4):
        write()
    with django_assert_num_queries(12):
        assert len(search("campus", user)[0].hits) == 5
