"""Notes and statements are found by their words, by whoever may read them, with the names they may know."""

from uuid import uuid4

import pytest
from django.utils import translation

from crm.accounts.models import User
from crm.accounts.roles import Role
from crm.texts.models import TextDocument
from engagement.interviews.services import delete_interview
from engagement.search.providers import search
from engagement.statements import services
from engagement.statements.models import Statement, Visibility, Writeup
from tests.factories import make_contact, make_interview, make_organisation, make_statement, make_user

pytestmark = pytest.mark.django_db
NOTES = "Begon in een kelder. De hallen zijn te klein.\nWil eigenlijk blijven."


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def found(text: str, reader: User, capability: str) -> list[str]:
    groups = [one for one in search(text, reader) if one.provider.capability == capability]
    return [
        f"{hit.title}: {''.join(piece for piece, _ in hit.snippet)}" for group in groups for hit in group.hits
    ]


def notes(text: str, reader: User) -> list[str]:
    return found(text, reader, "statements.names")


def statements(text: str, reader: User) -> list[str]:
    return found(text, reader, "statements.view")


@pytest.fixture
def interviewer() -> User:
    return make_user(Role.CORE_TEAM)


@pytest.fixture
def statement(interviewer) -> Statement:
    contact = make_contact(
        given_name="Jan", infix="", family_name="Bos", organisation=make_organisation("Saxion", "education")
    )
    interview = make_interview(contact, notes=NOTES, by=interviewer, confidential=True)
    return make_statement("De hallen zijn te klein.", interview=interview)


def test_notes_are_found_by_who_may_read_them_and_a_confidential_one_by_its_interviewers(
    statement, interviewer
):
    said = ["Conversation with Jan Bos: Begon in een kelder. De hallen zijn te klein. Wil eigenlijk blijven."]
    assert notes("kelder hal", interviewer) == said
    assert notes("kelder hal", make_user(Role.ADMIN)) == []
    Writeup.objects.update(confidential=False)
    assert notes("kelder hal", make_user(Role.ADMIN)) == said
    assert notes("kelder hal", make_user(Role.READER)) == []


def test_statements_are_found_with_what_the_reader_may_know_of_who_said_them(statement, interviewer):
    words = "De hallen zijn te klein."
    assert statements("hal", interviewer) == [f"Jan Bos, Saxion: {words}"]
    for role in (Role.ADMIN, Role.READER):
        assert statements("hal", make_user(role)) == [f"somebody from education: {words}"]
    Writeup.objects.update(confidential=False)
    assert statements("hal", make_user(Role.ADMIN)) == [f"Jan Bos, Saxion: {words}"]
    Statement.objects.update(visibility=Visibility.TEAM)
    assert statements("hal", make_user(Role.READER)) == []
    assert statements("hal", make_user(Role.ADMIN)) == [f"Jan Bos, Saxion: {words}"]


def test_documents_follow_what_is_written_and_taken(statement, interviewer):
    writeup = statement.writeup
    services.write_text(writeup=writeup, text="Alles is nu ruim.", revision=0, by=interviewer)
    assert notes("kelder", interviewer) == []
    assert len(notes("ruim", interviewer)) == 1
    services.answer_doubt(statement=Statement.objects.get(), take_new=False)
    wording = services.Draft(statement.uuid, 2, wording="Too little space.", speaker=statement.speaker)
    services.change_statement(statement=Statement.objects.get(), draft=wording, by=interviewer)
    assert statements("spaces", interviewer) == ["Jan Bos, Saxion: Too little space."]
    second = services.split_statement(statement=Statement.objects.get(), at=10, by=interviewer)
    assert statements("klein", interviewer) == ["Jan Bos, Saxion: zijn te klein."]
    for one in (second, Statement.objects.exclude(pk=second.pk).get()):
        services.remove_statement(statement=one, version=one.version)
    delete_interview(interview=writeup.interview)
    assert not TextDocument.objects.exists()


def test_words_that_take_the_place_of_others_are_found(interviewer):
    interview = make_interview(make_contact(), notes="De hal is te klein.", by=interviewer)
    make_statement("De hal is te klein.", interview=interview)
    services.write_text(writeup=interview.writeup, text="De hal is nu groter.", revision=0, by=interviewer)
    services.answer_doubt(statement=Statement.objects.get(), take_new=True)
    assert len(statements("groter", interviewer)) == 1


@pytest.mark.same_on_both
def test_hits_of_many_take_as_many_queries_as_of_one(interviewer, django_assert_num_queries):
    def one() -> None:
        make_statement(
            "Hal.", interview=make_interview(make_contact(), notes=f"Hal. {uuid4()}", by=interviewer)
        )

    one()
    search("hal", interviewer)
    with django_assert_num_queries(12):
        assert len(search("hal", interviewer)) == 2
    for _ in range(3):
        one()
    with django_assert_num_queries(12):
        assert [len(group.hits) for group in search("hal", interviewer)] == [4, 4]
