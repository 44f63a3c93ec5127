"""Telling speakers what became of their words, following a sentence, and its digest."""

from datetime import date, timedelta
from email import message_from_bytes, policy

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from crm.accounts.roles import Role
from crm.bodies.models import Body
from crm.duplicates.merging import merge
from crm.links.models import Link
from crm.links.services import link_for, token_of
from crm.preferences.models import Purpose, Source
from crm.preferences.services import record_consent
from engagement.approvals.links import APPROVAL
from engagement.decisions.models import Decision
from engagement.evidence import services as evidence
from engagement.evidence.models import Evidence
from engagement.feedback.becoming import following, tally, told_to
from engagement.feedback.links import FEEDBACK
from engagement.feedback.models import Feedback, Follow, FollowDigest
from engagement.feedback.services import make_digests, tell
from engagement.followups.models import FollowUp
from engagement.mailings.kinds import KINDS
from engagement.mailings.mime import build
from engagement.mailings.models import Message
from engagement.statements.models import Statement
from engagement.strategy.models import StrategyItem
from tests.factories import (
    answer_about,
    make_interview,
    make_organisation,
    make_statement,
    make_user,
)

pytestmark = pytest.mark.django_db


def linked(statement, item, outcome="adopted", by=None, **reasons):
    known = {"reason_nl": "Tien zeiden dit.", "reason_en": "Ten said so."}
    found = evidence.link(
        statements=[statement.pk], item=item, outcome=outcome, by=by or make_user(), **{**known, **reasons}
    )
    return found.new[0]


def page_of(contact, interview) -> str:
    link = link_for(contact=contact, purpose=FEEDBACK, subject=str(interview.writeup_id))
    return reverse("feedback", args=[token_of(link)])


def sent(kind):
    return list(Message.objects.filter(kind=kind))


# --- what became of it --------------------------------------------------------------------------------


def test_count_is_honest_and_takes_the_best_outcome_of_each(speaker, statements, measure):
    goal = measure.parent
    linked(statements[0], measure, "not adopted")
    linked(statements[0], goal, "partly")
    linked(statements[1], measure, "not adopted")
    with translation.override("en"):
        assert tally(told_to(speaker)) == "1 partly adopted, 1 not adopted, 1 not used yet"


def test_what_was_taken_back_is_not_told(speaker, statements, measure):
    linked(statements[0], measure)
    answer_about(statements[0], "withdrawn")
    assert [one.statement for one in told_to(speaker)] == statements[1:]


def test_how_it_goes_on_follows_from_decisions_state_and_owner(measure, user):
    today = date(2026, 11, 24)
    board = Body.objects.create(name_nl="Stuurgroep", name_en="Steering group")
    known = {"body": board, "recorded_by": user}
    with translation.override("en"):
        assert following(measure, today) == ["It is proposed; nobody decided about it yet."]
        for day, text in ((date(2026, 11, 10), "Ja."), (date(2026, 12, 10), "Begroting.")):
            Decision.objects.create(decided_on=day, text_nl=text, **known).items.add(measure)
        assert following(measure, today) == [
            "Steering group decided on 10 November 2026: Ja.",
            "Steering group decides about it on 10 December 2026.",
        ]
        measure.state, measure.owner = "running", make_organisation("Provincie")
        assert following(measure, today)[2:] == ["It is being carried out.", "Provincie sees to it."]
        measure.stalled_since = date(2026, 11, 1)
        assert following(measure, today)[2] == "It stands still since 1 November 2026."


# --- the check before it goes ---------------------------------------------------------------------------


@pytest.mark.same_on_both
@pytest.mark.parametrize(
    ("outcome", "reasons", "problem"),
    [
        ("open", {}, "Nothing was decided about what they said"),
        ("adopted", {"reason_en": ""}, "No reason in English at 1.1.1"),
    ],
)
def test_who_cannot_be_told_is_listed_with_what_is_missing(
    client, user, speaker, statements, measure, outcome, reasons, problem
):
    client.force_login(user)
    linked(statements[0], measure, outcome, **reasons)
    page = client.get(reverse("feedback_send")).content.decode()
    assert (problem in page, 'name="speakers"' in page) == (True, False)
    assert tell(speakers=[speaker], by=user) == []


@pytest.mark.same_on_both
def test_dutch_reason_is_what_a_dutch_reader_needs(client, user, contact, statements, measure):
    client.force_login(user)
    contact.language = "nl"
    contact.save()
    linked(statements[0], measure, reason_en="")
    assert 'name="speakers"' in client.get(reverse("feedback_send")).content.decode()
    Evidence.objects.update(reason_nl="")
    assert "No reason in Dutch at 1.1.1" in client.get(reverse("feedback_send")).content.decode()


@pytest.mark.same_on_both
def test_who_said_no_or_has_no_address_is_not_told(client, user, contact, speaker, statements, measure):
    client.force_login(user)
    linked(statements[0], measure)
    record_consent(contact=contact, purpose=Purpose.FEEDBACK, allowed=False, source=Source.STAFF, wording="x")
    assert "Said no to this kind of message" in client.get(reverse("feedback_send")).content.decode()
    assert tell(speakers=[speaker], by=user) == []


def test_mail_is_looked_at_and_goes_once_until_something_changes(
    client, user, interview, speaker, statements, measure
):
    client.force_login(user)
    link = linked(statements[0], measure)
    path = reverse("feedback_send")
    page = client.get(path, {"writeup": interview.writeup_id}).content.decode()
    assert "De hal is te klein." in page
    assert "Ten said so." in page
    ticked = {"speakers": [speaker.pk], "confirmed": "1"}
    assert (
        "Tell 1 person what became of it?" in client.post(path, {"speakers": [speaker.pk]}).content.decode()
    )
    assert sent("outcomes") == []
    for _time in range(2):
        client.post(path, ticked)
    assert len(sent("outcomes")) == 1
    assert "Told, and nothing changed since" in client.get(path).content.decode()
    link.outcome = "partly"
    evidence.change(evidence=link)
    client.post(path, ticked)
    assert len(sent("outcomes")) == 2
    assert client.post(path, {}).status_code == 200


@pytest.mark.same_on_both
def test_what_was_said_in_confidence_is_told_by_whoever_held_the_conversation(client, contact, measure):
    interview = make_interview(contact, notes="De hal is te klein.", confidential=True)
    linked(make_statement("De hal is te klein.", interview=interview), measure)
    client.force_login(make_user(Role.ADMIN))
    assert "De hal" not in client.get(reverse("feedback_send")).content.decode()
    client.force_login(interview.interviewer)
    assert "De hal" in client.get(reverse("feedback_send")).content.decode()


# --- the mail -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (
            {},
            [
                "This is what you said, and what became of it",
                "Dear Mr Van den Berg,",
                "Ten said so.",
                "measure 1.1.1, Halls",
            ],
        ),
        (
            {"language": "nl", "formality": "u"},
            [
                "Dit zei u, en dit werd ervan",
                "Geachte heer Van den Berg,",
                "Tien zeiden dit.",
                "maatregel 1.1.1, Hallen",
            ],
        ),
        (
            {"language": "nl", "formality": "je"},
            ["Dit zei je, en dit werd ervan", "Beste Jan,", "Tien zeiden dit.", "maatregel 1.1.1, Hallen"],
        ),
    ],
)
def test_mail_tells_the_whole_without_a_click(user, contact, speaker, statements, measure, fields, words):
    for name, value in fields.items():
        setattr(contact, name, value)
    contact.save()
    linked(statements[0], measure)
    tell(speakers=[speaker], by=user)
    message = sent("outcomes")[0]
    mail = KINDS["outcomes"].render(message)
    raw = message_from_bytes(build(message, mail), policy=policy.default)
    assert (raw["Subject"], message.purpose) == (words[0], "feedback")
    for body in (mail.text, mail.html):
        for one in (*words[1:], "“De hal is te klein.”", "/f/", "/w/"):
            assert one in body
        assert "Geheim" not in body
    assert raw["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


# --- the page ---------------------------------------------------------------------------------------------


def test_looking_at_the_page_changes_nothing_and_shows_the_own_words_only(
    interview, contact, statements, measure
):
    linked(statements[0], measure)
    path, stranger = page_of(contact, interview), Client(enforce_csrf_checks=True)
    before = [list(model.objects.values()) for model in (Follow, Link, Feedback, Message, FollowUp)]
    for method in (stranger.get, stranger.head):
        assert method(path).status_code == 200
    page = stranger.get(path).content.decode()
    assert [list(model.objects.values()) for model in (Follow, Link, Feedback, Message, FollowUp)] == before
    for words in ("De hal is te klein.", "Ten said so.", "measure 1.1.1, Halls", "Not used yet."):
        assert words in page
    assert "Geheim" not in page
    assert "To my sentences" not in page
    link_for(contact=contact, purpose=APPROVAL, subject=str(interview.writeup_id))
    assert "To my sentences" in stranger.get(path).content.decode()


def test_following_is_ticked_and_unticked_for_own_sentences_only(interview, contact, statements):
    other = interview.writeup.speakers.exclude(contact=contact).get()
    theirs = make_statement("Er is geen stroom.", interview=interview, speaker=other)
    path, stranger = page_of(contact, interview), Client(enforce_csrf_checks=True)
    stranger.post(path, {"follow": [statements[0].pk, theirs.pk, "x", "99999999999999999999"]})
    assert [one.statement for one in Follow.objects.all()] == [statements[0]]
    stranger.post(path, {"follow": [statements[0].pk, statements[1].pk]})
    stranger.post(path, {"follow": [statements[1].pk]})
    assert [one.statement for one in Follow.objects.all()] == [statements[1]]
    assert "You follow nothing" in stranger.get(stranger.post(path)["Location"]).content.decode()


def test_merging_keeps_what_either_follows(interview, contact, statements):
    other = interview.contacts.exclude(pk=contact.pk).get()
    for follower, statement in ((contact, statements[0]), (other, statements[0]), (other, statements[1])):
        Follow.objects.create(contact=follower, statement=statement)
    merge(kept=contact, gone=other, by=make_user())
    followed = Follow.objects.order_by("statement").values_list("contact", "statement")
    assert list(followed) == [(contact.pk, statements[0].pk), (contact.pk, statements[1].pk)]


# --- the digest --------------------------------------------------------------------------------------------


@pytest.fixture
def followed(contact, statements, measure, user):
    """The evidence of a sentence that is followed since an hour, from before that."""
    link = linked(statements[0], measure, by=user)
    now = timezone.now()
    for model in (Evidence, StrategyItem):
        model.history.update(history_date=now - timedelta(hours=2))
    Follow.objects.create(contact=contact, statement=statements[0])
    Follow.objects.update(since=now - timedelta(hours=1))
    return link


def digest_text() -> str:
    message = Message.objects.filter(kind="following").latest("created_at")
    return KINDS["following"].render(message).text


@pytest.mark.same_on_both
def test_nothing_changed_makes_no_digest(followed):
    assert make_digests() == 0


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("state", "measure 1.1.1, Halls is adopted now; it was proposed."),
        ("text", "measure 1.1.1, Halls has other words now: “Twenty halls.”"),
        ("stalled", "measure 1.1.1, Halls stands still since 1 November 2026."),
        ("outcome", "Under measure 1.1.1, Halls it is now: partly adopted. Why: Half of it."),
        ("unlinked", "This sentence does not stand under measure 1.1.1, Halls any more."),
        ("linked", "This sentence stands under goal 1.1, Goal now: adopted. Why: Ten said so."),
        ("decision", "Steering group decided about measure 1.1.1, Halls on 10 November 2026: Go."),
    ],
)
def test_each_change_reaches_who_follows_once(followed, statements, measure, user, change, words):
    if change == "outcome":
        followed.outcome, followed.reason_en = "partly", "Half of it."
        evidence.change(evidence=followed)
    elif change == "unlinked":
        evidence.unlink(evidence=followed)
    elif change == "linked":
        linked(statements[0], measure.parent)
    elif change == "decision":
        board = Body.objects.create(name_nl="Stuurgroep", name_en="Steering group")
        known = {"decided_on": date(2026, 11, 10), "text_nl": "Doen.", "text_en": "Go."}
        Decision.objects.create(body=board, recorded_by=user, **known).items.add(measure)
    else:
        fields = {
            "state": ("state", "adopted"),
            "text": ("text_en", "Twenty halls."),
            "stalled": ("stalled_since", date(2026, 11, 1)),
        }
        setattr(measure, *fields[change])
        measure.save()
    assert (make_digests(), make_digests()) == (1, 0)
    text = digest_text()
    assert words in text
    assert "“De hal is te klein.”" in text
    assert "/f/" in text


def test_what_was_changed_back_is_no_news(followed, measure):
    for state in ("adopted", "proposed"):
        measure.state = state
        measure.save()
    assert make_digests() == 0


def test_one_a_month_at_most_and_nothing_in_between_is_lost(followed, measure):
    measure.state = "adopted"
    measure.save()
    assert make_digests() == 1
    measure.state = "running"
    measure.save()
    begun = FollowDigest.objects.get().until
    assert make_digests(begun + timedelta(days=29, hours=23)) == 0
    assert make_digests(begun + timedelta(days=30, minutes=1)) == 1
    assert "Halls is running now; it was adopted." in digest_text()


def test_who_said_no_or_stopped_following_gets_none(followed, contact, measure):
    measure.state = "adopted"
    measure.save()
    record_consent(contact=contact, purpose=Purpose.FEEDBACK, allowed=False, source=Source.STAFF, wording="x")
    assert make_digests() == 0
    record_consent(contact=contact, purpose=Purpose.FEEDBACK, allowed=True, source=Source.STAFF, wording="x")
    Follow.objects.all().delete()
    assert make_digests() == 0


def test_sentence_that_was_taken_back_or_is_of_somebody_else_now_is_no_news(
    followed, interview, statements, measure
):
    measure.state = "adopted"
    measure.save()
    answer_about(statements[0], "withdrawn")
    assert make_digests() == 0
    other = interview.writeup.speakers.exclude(pk=statements[0].speaker_id).get()
    Statement.objects.update(speaker=other, latest_response=None)
    assert make_digests() == 0
