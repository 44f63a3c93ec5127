"""The page on which somebody says whether we understood them."""

import pytest
from django.test import Client
from django.urls import reverse

from crm.accounts.limits import Limit
from crm.duplicates.merging import merge
from crm.links.models import Link
from crm.links.services import link_for, token_of
from engagement.approvals.links import APPROVAL
from engagement.approvals.models import ApprovalRequest
from engagement.approvals.services import ask, mark_of
from engagement.mailings.models import Message
from engagement.public import opening
from engagement.statements.models import Response, Statement, Writeup
from tests.factories import (
    answer_about,
    make_contact,
    make_interview,
    make_organisation,
    make_statement,
    make_user,
)

pytestmark = pytest.mark.django_db
NOTES = "De hal is te klein. Er is geen stroom. Anderen zeggen van niet."


@pytest.fixture
def stranger() -> Client:
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def contact():
    firm = make_organisation("Stroomkern", "entrepreneurs")
    return make_contact(given_name="Gijs", family_name="Leferink", infix="", language="en", organisation=firm)


@pytest.fixture
def interview(contact):
    return make_interview(
        contact, make_contact(family_name="Geheim"), notes=NOTES, promise="You hear in May."
    )


@pytest.fixture
def statements(interview, contact):
    mine = interview.writeup.speakers.get(contact=contact)
    theirs = interview.writeup.speakers.exclude(contact=contact).get()
    make_statement("Anderen zeggen van niet.", interview=interview, speaker=theirs)
    words = ("De hal is te klein.", "Er is geen stroom.")
    return [make_statement(passage, interview=interview, speaker=mine) for passage in words]


@pytest.fixture
def path(interview, contact, statements):
    return page_of(contact, interview)


def page_of(contact, interview) -> str:
    link = link_for(contact=contact, purpose=APPROVAL, subject=str(interview.writeup_id))
    return reverse("approval", args=[token_of(link)])


def says(statement, kind="", visibility="named", words="", seen=None):
    """What the form sends of one statement."""
    mark = mark_of(statement.words) if seen is None else seen
    sent = {"kind": kind, "visibility": visibility, "words": words, "seen": mark}
    return {f"s{statement.pk}-{name}": value for name, value in sent.items()}


def everything() -> list[object]:
    models = (Statement, Response, ApprovalRequest, Message, Link, Writeup)
    return [list(model.objects.order_by("pk").values()) for model in models]


@pytest.mark.same_on_both
@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_looking_changes_nothing(stranger, path, method):
    before = everything()
    response = getattr(stranger, method)(path)
    assert (response.status_code in {200, 405}, everything(), response.cookies) == (True, before, {})


def test_page_holds_the_own_statements_and_nothing_else_of_the_notes(stranger, path):
    page = stranger.get(path).content.decode()
    for words in (
        "De hal is te klein.",
        "Er is geen stroom.",
        "Gijs Leferink, Stroomkern",
        "an entrepreneur",
    ):
        assert words in page
    for words in ("Anderen zeggen", "Geheim"):
        assert words not in page
    assert "You hear in May." in page
    assert "we know nobody else there" in page
    assert "Sentences 1, 2 are still open." in page
    assert "Are you not Gijs Leferink?" in page


def test_each_answer_is_noted(stranger, path, statements):
    one, two = statements
    sent = says(one, "approved", "sector") | says(two, "corrected", "organisation", "Stroom is er nooit.")
    response = stranger.post(path, sent)
    assert response["Location"] == f"{path}?lang=en&saved=1"
    assert list(Response.objects.values_list("statement", "kind", "words", "visibility")) == [
        (one.pk, "approved", "De hal is te klein.", "sector"),
        (two.pk, "corrected", "Stroom is er nooit.", "organisation"),
    ]
    assert not Response.objects.exclude(recorded_by=None).exists()
    page = stranger.get(response["Location"]).content.decode()
    assert "Thank you, we have your answers." in page
    assert "still open" not in page
    assert "Stroom is er nooit." in page


def test_withdrawn_later_over_the_same_link(stranger, path, statements):
    answer_about(statements[0])
    stranger.post(path, says(statements[0], "withdrawn"))
    assert Statement.objects.releasable().filter(pk=statements[0].pk).exists() is False


def test_what_others_read_is_changed_without_answering_anew(stranger, path, statements):
    answer_about(statements[0])
    stranger.post(path, says(statements[0], "", "sector"))
    assert list(Response.objects.values_list("kind", "visibility")) == [
        ("approved", "named"),
        ("approved", "sector"),
    ]


def test_nothing_chosen_notes_nothing(stranger, path, statements):
    assert stranger.post(path, says(statements[0]) | says(statements[1])).status_code == 302
    assert list(Response.objects.all()) == []


@pytest.mark.same_on_both
@pytest.mark.parametrize(
    ("sent", "error"),
    [
        ({"kind": "corrected", "words": " "}, "Type the words, or choose another answer."),
        ({"kind": "corrected", "words": "x" * 2001}, "at most 2000 characters"),
        ({"kind": "", "visibility": "sector"}, "Say as well whether this is right"),
        ({"kind": "loud"}, "Select a valid choice"),
        ({"kind": "approved", "visibility": "x"}, "Select a valid choice"),
    ],
)
def test_wrong_answer_is_said_beside_it_and_keeps_the_other_one(stranger, path, statements, sent, error):
    response = stranger.post(
        path, says(statements[0], **sent) | says(statements[1], "corrected", words="Kept.")
    )
    page = response.content.decode()
    assert (response.status_code, error in page, "Kept." in page) == (422, True, True)
    assert list(Response.objects.all()) == []


def test_words_changed_while_somebody_corrected_them_come_back_with_what_was_typed(
    stranger, path, statements
):
    one, two = statements
    old = mark_of(one.words)
    Statement.objects.filter(pk=one.pk).update(wording="Hallen te klein, zei hij.")
    sent = says(one, "corrected", words="Mijn eigen woorden.", seen=old) | says(two, "approved")
    response = stranger.post(path, sent)
    page = response.content.decode()
    assert response.status_code == 409
    for words in ("Hallen te klein, zei hij.", "Mijn eigen woorden.", "These words were changed meanwhile."):
        assert words in page
    assert list(Response.objects.values_list("statement", flat=True)) == [two.pk]
    one.refresh_from_db()
    stranger.post(path, says(one, "corrected", words="Mijn eigen woorden."))
    one.refresh_from_db()
    assert one.proposal == "Mijn eigen woorden."


def test_statement_of_somebody_else_cannot_be_answered_here(stranger, path, interview):
    other = Statement.objects.get(passage="Anderen zeggen van niet.")
    stranger.post(path, says(other, "withdrawn"))
    assert list(Response.objects.all()) == []


@pytest.mark.same_on_both
def test_above_five_one_button_approves_those_still_open(stranger, contact):
    notes = " ".join(f"Zin {number}." for number in range(6))
    interview = make_interview(contact, notes=notes)
    many = [make_statement(f"Zin {number}.", interview=interview) for number in range(6)]
    answer_about(many[0], "withdrawn")
    path = page_of(contact, interview)
    assert "The 5 that are open are right" in stranger.get(path).content.decode()
    sent = {name: value for one in many for name, value in says(one).items()}
    stranger.post(path, sent | says(many[1], "corrected", words="Zin één.") | {"rest": "1"})
    kinds = [Statement.objects.get(pk=one.pk).approval for one in many]
    assert kinds == ["withdrawn", "proposed", "approved", "approved", "approved", "approved"]


def test_few_have_no_such_button(stranger, path):
    assert 'name="rest"' not in stranger.get(path).content.decode()


@pytest.mark.same_on_both
def test_who_is_asked_again_after_own_words_reads_why_and_answers(stranger, path, interview, statements):
    answer_about(statements[0], "corrected", words="Mijn eigen woorden.")
    answer_about(statements[1])
    assert "still open" not in stranger.get(path).content.decode()
    speaker, by = statements[0].speaker, interview.interviewer
    ask(writeup=interview.writeup, speakers=[speaker], by=by, note="Dit staat zo in de opname.")
    page = stranger.get(path).content.decode()
    for words in ("Dit staat zo in de opname.", "Mijn eigen woorden.", "Sentence 1 is still open."):
        assert words in page
    stranger.post(path, says(statements[0], "approved"))
    assert Statement.objects.get(pk=statements[0].pk).is_approved


def test_both_links_open_what_is_left_after_a_merge(stranger, path, interview, contact):
    other = interview.contacts.exclude(pk=contact.pk).get()
    theirs = page_of(other, interview)
    merge(kept=contact, gone=other, by=make_user())
    for page in (path, theirs):
        assert stranger.get(page).content.decode().count("<fieldset") == 3


def test_link_of_another_kind_or_of_somebody_who_did_not_speak_opens_nothing(stranger, interview):
    assert stranger.get(page_of(make_contact(), interview)).status_code == 404
    assert stranger.get(reverse("approval", args=["x" * 43])).status_code == 404


def test_link_that_is_used_very_often_keeps_what_was_typed(stranger, path, statements, monkeypatch):
    monkeypatch.setattr(opening, "_BY_LINK", Limit("test", most=0, seconds=60))
    response = stranger.post(path, says(statements[0], "corrected", words="Mijn woorden."))
    assert (response.status_code, "Mijn woorden." in response.content.decode()) == (429, True)
    assert list(Response.objects.all()) == []


def test_words_are_escaped(stranger, path, statements):
    stranger.post(path, says(statements[0], "corrected", words="<script>x</script>"))
    page = stranger.get(path).content.decode()
    assert "&lt;script&gt;x" in page
    assert "<script>x" not in page
