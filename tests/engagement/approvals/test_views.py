"""What the team does about approval, and the mails that go out."""

from datetime import timedelta
from email import message_from_bytes, policy
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.accounts.roles import Role
from crm.preferences.models import Purpose, Source
from crm.preferences.services import record_consent
from engagement.approvals.models import ApprovalRequest
from engagement.approvals.services import ask, mark_of
from engagement.events.services import begin_writeup
from engagement.mailings.kinds import KINDS
from engagement.mailings.mime import build
from engagement.mailings.models import Message
from engagement.statements.models import Response, Statement
from engagement.statements.services import Draft, save_statement, write_text
from tests.factories import (
    answer_about,
    make_contact,
    make_event,
    make_interview,
    make_organisation,
    make_statement,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return make_user(Role.CORE_TEAM)


@pytest.fixture
def member(client, user):
    client.force_login(user)
    return client


@pytest.fixture
def contact():
    return make_contact(organisation=make_organisation("Stroomkern", "entrepreneurs"))


@pytest.fixture
def statement(contact, user):
    interview = make_interview(contact, notes="De hal is te klein.", by=user)
    return make_statement(interview=interview)


def page_of(member, name, *keys):
    return member.get(reverse(name, args=keys)).content.decode()


def test_mail_is_looked_at_before_it_goes_and_goes_once(member, statement, contact):
    path = reverse("approval_ask", args=[statement.writeup_id])
    page = member.get(path).content.decode()
    assert "1 statement is open" in page
    assert "De hal is te klein." in page
    sent = {"speakers": [statement.speaker_id], "note": "Zie ook de bijlage."}
    assert "Ask 1 person for approval?" in member.post(path, sent).content.decode()
    # In the field, and in the mail that is shown.
    assert member.post(path, sent | {"look": "1"}).content.decode().count("Zie ook de bijlage.") == 2
    assert list(ApprovalRequest.objects.all()) == []
    sent["confirmed"] = "1"
    assert member.post(path, sent)["Location"] == statement.writeup.get_absolute_url()
    member.post(path, sent)
    request = ApprovalRequest.objects.get()
    assert (request.contact, request.note) == (contact, "Zie ook de bijlage.")
    assert [(one.kind, one.about_id, one.purpose) for one in Message.objects.all()] == [
        ("approval", request.pk, "interview")
    ]


@pytest.mark.same_on_both
def test_who_said_no_or_has_no_address_is_not_asked_and_that_is_said(member, statement, contact):
    record_consent(
        contact=contact, purpose=Purpose.INTERVIEW, allowed=False, source=Source.STAFF, wording="x"
    )
    path = reverse("approval_ask", args=[statement.writeup_id])
    assert "said no to this kind of message" in member.get(path).content.decode()
    assert member.post(path, {"speakers": [statement.speaker_id]}).status_code == 200
    assert list(ApprovalRequest.objects.all()) == []


def test_notes_in_confidence_are_asked_about_by_whoever_held_the_conversation(member, contact):
    interview = make_interview(contact, notes="De hal is te klein.", confidential=True)
    statement = make_statement(interview=interview)
    answer = answer_about(statement, "corrected", words="Anders.")
    for name, key in (("approval_ask", statement.writeup_id), ("approval_record", statement.speaker_id)):
        assert member.get(reverse(name, args=[key])).status_code == 403
    path = reverse("approval_take", args=[statement.pk])
    assert member.post(path, {"response": answer.pk}).status_code == 403


def test_spoken_approval_is_noted_with_day_and_to_whom(member, user, statement):
    path = reverse("approval_record", args=[statement.speaker_id])
    prefix = f"s{statement.pk}"
    sent = {
        "spoken_on": timezone.localdate().isoformat(),
        "recorded_by": user.pk,
        f"{prefix}-kind": "approved",
        f"{prefix}-visibility": "sector",
        f"{prefix}-seen": mark_of(statement.words),
    }
    future = (timezone.localdate() + timedelta(days=1)).isoformat()
    assert "This day is still to come." in member.post(path, sent | {"spoken_on": future}).content.decode()
    assert member.post(path, sent).status_code == 302
    answer = Response.objects.get()
    assert (answer.recorded_by, answer.spoken_on, answer.visibility) == (user, timezone.localdate(), "sector")
    assert "told User" in page_of(member, "statement_detail", statement.pk)


@pytest.mark.same_on_both
def test_proposal_stands_beside_ours_and_is_taken_over(member, statement):
    answer = answer_about(statement, "corrected", words="De hallen zijn te klein.")
    for page in (
        member.get(statement.writeup.get_absolute_url()).content.decode(),
        page_of(member, "statement_detail", statement.pk),
    ):
        assert "would say it in other words" in page
        assert "De hallen zijn te klein." in page
    path = reverse("approval_take", args=[statement.pk])
    assert member.post(path, {"response": answer.pk, "stay": "1"})["Location"] == statement.get_absolute_url()
    assert Statement.objects.get().is_approved
    member.post(path, {"response": answer.pk})
    assert Statement.objects.get().version == 2


def test_list_is_narrowed_to_what_waits_and_rows_say_how_far_they_are(member, statement):
    path = reverse("statement_list")
    assert "waits for approval" in member.get(path, {"approval": "waiting"}).content.decode()
    answer_about(statement, visibility="sector")
    assert "approved, O only" in member.get(path, {"approval": "approved"}).content.decode()
    assert "No statement fits this." in member.get(path, {"approval": "withdrawn"}).content.decode()


@pytest.mark.same_on_both
def test_removing_one_that_was_answered_about_is_refused_in_words(member, statement):
    answer_about(statement)
    path = reverse("statement_remove", args=[statement.pk])
    response = member.post(path, {"confirmed": "yes"}, follow=True)
    assert "answers of speakers with it" in response.content.decode()
    assert Statement.objects.count() == 1


# --- the mail -----------------------------------------------------------------------------------------


def mail_of(statement, **fields):
    contact = statement.speaker.contact
    for name, value in fields.items():
        setattr(contact, name, value)
    contact.save()
    interview = statement.writeup.interview
    ask(writeup=statement.writeup, speakers=[statement.speaker], by=interview.interviewer)
    message = Message.objects.get()
    mail = KINDS["approval"].render(message)
    return mail, message_from_bytes(build(message, mail), policy=policy.default)


@pytest.mark.same_on_both
@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"language": "en"}, ["Dear Mr Van den Berg,", "Did we understand you?", "you spoke with User"]),
        (
            {"language": "nl", "formality": "u"},
            ["Geachte heer Van den Berg,", "Hebben we u goed begrepen?", "sprak u met"],
        ),
        (
            {"language": "nl", "formality": "je"},
            ["Beste Jan,", "Hebben we je goed begrepen?", "sprak je met"],
        ),
    ],
)
def test_mail_speaks_the_language_of_its_reader_and_says_the_same_twice(statement, fields, words):
    mail, raw = mail_of(statement, **fields)
    assert raw["Subject"] == words[1]
    for body in (mail.text, mail.html):
        for one in (words[0], words[2], "“De hal is te klein.”", "/w/"):
            assert one in body
    assert raw["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_mail_of_which_nothing_is_open_any_more_does_not_go(statement):
    mail_of(statement)
    message = Message.objects.get()
    assert KINDS["approval"].letters([message])[0].objection == ""
    answer_about(statement)
    assert KINDS["approval"].letters([message])[0].objection == "outdated"


def test_mail_escapes_what_was_said(statement):
    Statement.objects.update(wording="<b>Vet</b> & meer")
    mail, _raw = mail_of(statement)
    assert "&lt;b&gt;Vet&lt;/b&gt; &amp; meer" in mail.html
    assert "<b>Vet</b> & meer" in mail.text


def test_organisation_of_one_person_is_flagged_until_we_know_somebody_else_there(member, statement):
    answer_about(statement, visibility="organisation")
    assert "one person's firm" in page_of(member, "statement_detail", statement.pk)
    make_contact(organisation=statement.speaker.organisation)
    assert "one person's firm" not in page_of(member, "statement_detail", statement.pk)


def test_speaker_of_a_session_is_told_where_they_spoke(member, user, contact):
    event = make_event()
    notes = begin_writeup(event_key=event.pk)
    speaker = notes.speakers.create(contact=contact)
    write_text(writeup=notes, text="De hal is te klein.", revision=0, by=user)
    draft = Draft(uuid=uuid4(), revision=1, start=0, end=19, speaker=speaker)
    save_statement(writeup=notes, draft=draft, by=user)
    assert reverse("approval_ask", args=[notes.pk]) in page_of(member, "capture", notes.pk)
    ask(writeup=notes, speakers=[speaker], by=user)
    text = KINDS["approval"].render(Message.objects.get()).text
    assert "sprak u mee bij “Expertsessie talent”." in text
