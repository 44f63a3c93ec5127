"""Asking speakers whether we understood them, and what their answers do."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone, translation

from crm.duplicates.merging import merge
from engagement.approvals.models import ApprovalRequest
from engagement.approvals.services import Answer, ask, mark_of, remind_due, respond, take_words
from engagement.interviews.models import Interview
from engagement.mailings.models import Message
from engagement.statements.attribution import released
from engagement.statements.models import Response, Statement
from engagement.statements.services import (
    Draft,
    StatementChanged,
    answer_doubt,
    change_statement,
    remove_statement,
    split_statement,
    write_text,
)
from engagement.statements.speakers import remove_speaker
from tests.factories import (
    answer_about,
    make_contact,
    make_interview,
    make_organisation,
    make_statement,
    make_user,
)

pytestmark = pytest.mark.django_db
NOTES = "De hal is te klein. Er is geen stroom."


@pytest.fixture
def speaker_contact():
    return make_contact(organisation=make_organisation("Stroomkern", "entrepreneurs"))


@pytest.fixture
def interview(speaker_contact):
    return make_interview(speaker_contact, notes=NOTES)


@pytest.fixture
def statement(interview):
    return make_statement("De hal is te klein.", interview=interview)


def reword(statement, wording, **more):
    statement.refresh_from_db()
    known = {"speaker": statement.speaker, "visibility": statement.visibility}
    draft = Draft(uuid=statement.uuid, version=statement.version, wording=wording, **{**known, **more})
    return change_statement(statement=statement, draft=draft, by=statement.created_by)


def named(statement):
    """Whether the name leaves the house, and whether quotation marks stand around the words."""
    now = Statement.objects.get(pk=statement.pk)
    by = released(now)
    assert now.is_approved == Statement.objects.approved().filter(pk=now.pk).exists()
    return bool(by.name), by.quoted


@pytest.mark.same_on_both
def test_nothing_is_named_before_an_answer_and_all_that_was_allowed_after_it(statement):
    assert named(statement) == (False, True)
    reword(statement, "De hallen zijn te klein.")
    assert named(statement) == (False, False)
    answer_about(statement)
    assert named(statement) == (True, True)


def test_other_words_let_the_approval_lapse_and_the_same_ones_bring_it_back(statement):
    reword(statement, "Hallen te klein.")
    answer_about(statement)
    reword(statement, "Hallen veel te klein.")
    assert named(statement) == (False, False)
    reword(statement, "Hallen te klein.")
    assert named(statement) == (True, True)


def test_split_lets_the_approval_of_the_words_lapse_in_both(interview):
    statement = make_statement(NOTES, interview=interview)
    answer_about(statement)
    assert Interview.objects.get().state == "approved"
    second = split_statement(statement=statement, at=20, by=interview.interviewer)
    assert (named(statement), named(second)) == ((False, True), (False, True))
    assert Interview.objects.get().state == "written up"


def test_what_was_withdrawn_stays_so_in_both_parts(interview):
    statement = make_statement(NOTES, interview=interview)
    answer_about(statement, "withdrawn")
    split_statement(statement=statement, at=20, by=interview.interviewer)
    assert list(Statement.objects.releasable()) == []


def test_part_that_was_split_off_has_no_proposal_of_its_own(interview):
    statement = make_statement(NOTES, interview=interview)
    answer_about(statement, "corrected", words="Alles is te klein.")
    second = split_statement(statement=statement, at=20, by=interview.interviewer)
    assert (second.approval, list(Statement.objects.in_approval("proposed"))) == ("waiting", [statement])


def test_passage_that_was_changed_in_the_notes_is_approved_until_the_new_one_is_taken(interview, statement):
    answer_about(statement)
    write_text(
        writeup=interview.writeup,
        text=NOTES.replace("te klein", "veel te klein"),
        revision=0,
        by=interview.interviewer,
    )
    assert named(statement) == (True, True)
    answer_doubt(statement=statement, take_new=True)
    assert named(statement) == (False, True)


def test_answer_of_somebody_else_does_not_count(interview, statement):
    answer_about(statement)
    other = make_contact()
    theirs = interview.writeup.speakers.create(contact=other)
    reword(statement, "", speaker=theirs)
    assert named(statement) == (False, True)


def test_correction_keeps_both_and_is_approved_once_ours_are_theirs(statement):
    answer = answer_about(statement, "corrected", words=" De hallen zijn te klein.\r\nAllemaal. ".strip())
    assert (answer.shown, answer.words) == ("De hal is te klein.", "De hallen zijn te klein.\r\nAllemaal.")
    assert (statement.approval, named(statement)) == ("proposed", (False, True))
    taken = take_words(statement=statement, response=answer.pk, by=make_user())
    assert (taken.wording, taken.passage) == (answer.words, "De hal is te klein.")
    assert named(statement) == (True, True)


def test_words_that_were_answered_anew_are_not_taken(statement):
    first = answer_about(statement, "corrected", words="Eerst zo.")
    answer_about(statement, "corrected", words="Toch zo.")
    with pytest.raises(StatementChanged):
        take_words(statement=statement, response=first.pk, by=make_user())
    assert Statement.objects.get().wording == ""


def test_own_words_that_are_ours_are_an_approval(statement):
    assert answer_about(statement, "corrected", words="De hal is te klein.").kind == "approved"


def test_words_that_were_changed_meanwhile_are_not_approved(statement):
    seen = mark_of(statement.words)
    reword(statement, "Iets heel anders.")
    answer = Answer(statement.pk, seen, "approved", "named")
    assert respond(speaker=statement.speaker, answers=[answer]) == [statement.pk]
    assert list(Response.objects.all()) == []


def test_nobody_allows_more_than_we_show_and_may_allow_less(statement):
    reword(statement, "", visibility="organisation")
    assert answer_about(statement, visibility="named").visibility == "organisation"
    assert answer_about(statement, visibility="sector").visibility == "sector"
    by = released(Statement.objects.get())
    assert (by.name, by.organisation_name, by.sector, by.called) == (
        "",
        "",
        "entrepreneurs",
        "een ondernemer",
    )


def test_answers_are_only_added_and_the_same_one_once(statement):
    for kind in ("approved", "approved", "withdrawn", "withdrawn", "approved"):
        answer_about(statement, kind)
    assert list(Response.objects.values_list("kind", flat=True)) == ["approved", "withdrawn", "approved"]


def test_withdrawn_leaves_the_house_no_more_until_it_is_approved_again(statement):
    answer_about(statement, "withdrawn")
    reword(statement, "In andere woorden.")
    assert list(Statement.objects.releasable()) == []
    answer_about(statement)
    assert list(Statement.objects.releasable()) == [statement]


def test_spoken_approval_says_to_whom_and_when(statement):
    member, day = make_user(), timezone.localdate()
    answer = answer_about(statement, recorded_by=member, spoken_on=day)
    assert (answer.recorded_by, answer.spoken_on, named(statement)) == (member, day, (True, True))


def test_statement_of_somebody_else_cannot_be_answered(statement):
    other = make_statement("Er is geen stroom.", interview=make_interview(make_contact(), notes=NOTES))
    answer = Answer(other.pk, mark_of(other.words), "approved", "named")
    assert respond(speaker=statement.speaker, answers=[answer]) == []
    assert list(Response.objects.all()) == []


@pytest.mark.parametrize("state", ["approved", "waiting", "proposed", "withdrawn"])
def test_list_and_row_say_the_same_of_every_statement(interview, statement, state):
    rows = {"waiting": statement}
    for kind, wanted in (("approved", "approved"), ("corrected", "proposed"), ("withdrawn", "withdrawn")):
        rows[wanted] = make_statement("Er is geen stroom.", interview=interview)
        answer_about(rows[wanted], kind, words="Er is nooit stroom.")
    lapsed = make_statement("Er is geen stroom.", interview=interview)
    answer_about(lapsed)
    reword(lapsed, "Stroom is er niet.")
    expected = [one for one in Statement.objects.order_by("pk") if one.approval == state]
    assert list(Statement.objects.in_approval(state).order_by("pk")) == expected
    assert rows[state] in expected


# --- what it does to the interview ------------------------------------------------------------------


def test_interview_is_approved_when_everybody_answered_about_everything(interview, statement):
    second = make_statement("Er is geen stroom.", interview=interview)
    ask(writeup=interview.writeup, speakers=[statement.speaker], by=interview.interviewer)
    assert Interview.objects.get().state == "asked"
    answer_about(statement)
    assert Interview.objects.get().state == "asked"
    answer_about(second, "withdrawn")
    now = Interview.objects.get()
    assert (now.state, now.writeup.approved_at is None) == ("approved", False)
    reword(statement, "Toch in andere woorden.")
    now = Interview.objects.get()
    assert (now.state, now.writeup.approved_at) == ("asked", None)


def test_statement_that_was_answered_about_stays_and_so_does_who_said_it(interview, statement):
    answer_about(statement)
    statement.refresh_from_db()
    with translation.override("en"), pytest.raises(ValidationError, match="answers of speakers with it"):
        remove_statement(statement=statement, version=statement.version)
    speaker = statement.speaker
    reword(statement, "", speaker=None)
    with translation.override("en"), pytest.raises(ValidationError, match="answered about statements here"):
        remove_speaker(speaker=speaker)


# --- asking and reminding ---------------------------------------------------------------------------


def kinds() -> list[str]:
    return list(Message.objects.order_by("created_at").values_list("kind", flat=True))


def test_second_click_asks_nobody_and_a_change_does(interview, statement):
    def asked():
        return len(ask(writeup=interview.writeup, speakers=[statement.speaker], by=interview.interviewer))

    assert (asked(), asked()) == (1, 0)
    reword(statement, "Hallen te klein.")
    assert (asked(), asked()) == (1, 0)
    answer_about(statement)
    assert asked() == 0
    assert kinds() == ["approval", "approval"]


def asked_days_ago(interview, statement, days: float) -> ApprovalRequest:
    ask(writeup=interview.writeup, speakers=[statement.speaker], by=interview.interviewer)
    ApprovalRequest.objects.update(asked_at=timezone.now() - timedelta(days=days))
    return ApprovalRequest.objects.get()


@pytest.mark.parametrize(
    ("days", "expected"), [(6.99, 0), (7.01, 1), (13.9, 1), (14.01, 1), (20.9, 1), (21.1, 0)]
)
def test_reminder_goes_in_its_window_and_once(interview, statement, days, expected):
    asked_days_ago(interview, statement, days)
    assert (remind_due(), remind_due()) == (expected, 0)
    assert kinds() == ["approval"] + ["approval reminder"] * expected


def test_reminder_that_is_more_than_a_week_late_does_not_go(interview, statement, settings):
    settings.APPROVAL_REMINDERS = [3, 30]
    asked_days_ago(interview, statement, 10.1)
    assert remind_due() == 0
    ApprovalRequest.objects.update(asked_at=timezone.now() - timedelta(days=9.9))
    assert remind_due() == 1


@pytest.mark.same_on_both
def test_two_reminders_go_and_then_silence_is_no_approval(interview, statement):
    request = asked_days_ago(interview, statement, 0)
    for day in range(60):
        remind_due(request.asked_at + timedelta(days=day, hours=1))
    assert kinds() == ["approval", "approval reminder", "approval reminder"]
    assert named(statement) == (False, True)


def test_nobody_is_reminded_who_answered_all_or_was_asked_anew(interview, statement):
    asked_days_ago(interview, statement, 8)
    reword(statement, "Hallen te klein.")
    ask(writeup=interview.writeup, speakers=[statement.speaker], by=interview.interviewer)
    assert remind_due() == 0
    answer_about(statement)
    ApprovalRequest.objects.update(asked_at=timezone.now() - timedelta(days=8))
    assert remind_due() == 0


def test_words_that_wait_for_us_are_no_reason_to_remind(interview, statement):
    asked_days_ago(interview, statement, 8)
    answer_about(statement, "corrected", words="Liever zo.")
    assert remind_due() == 0


def test_merging_two_speakers_keeps_answers_requests_and_what_was_said(interview, statement, speaker_contact):
    other = make_contact(family_name="Bos")
    theirs = interview.writeup.speakers.create(contact=other)
    second = make_statement("Er is geen stroom.", interview=interview, speaker=theirs)
    ask(writeup=interview.writeup, speakers=[theirs], by=interview.interviewer)
    answer_about(second)
    merge(kept=speaker_contact, gone=other, by=make_user())
    second.refresh_from_db()
    assert (second.speaker.contact, second.is_approved) == (speaker_contact, True)
    request = ApprovalRequest.objects.get()
    assert (request.contact, request.speaker) == (speaker_contact, statement.speaker)
