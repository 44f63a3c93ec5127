"""Asking to be called about what became of one's words."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crm.accounts.roles import Role
from crm.timeline.models import TimelineEntry
from engagement.feedback.models import Feedback, Follow
from engagement.followups.models import FollowUp
from engagement.statements.models import Writeup
from tests.engagement.feedback.test_feedback import page_of
from tests.factories import (
    make_statement,
    make_user,
)

pytestmark = pytest.mark.django_db


def asked_for() -> list[tuple[int, int, str]]:
    """(statement, owner, what) of what was asked by a link and is not done."""
    rows = FollowUp.objects.open().filter(created_by=None)
    return list(rows.values_list("statement", "owner", "what"))


def test_who_asks_to_be_called_stands_once_on_today_of_who_told_them(
    client, interview, contact, statements, measure, user
):
    contact.contact_points.create(kind="mobile", value="+31612345678")
    teller = make_user(Role.CORE_TEAM, language="en")
    Feedback.objects.create(writeup=interview.writeup, contact=contact, sent_by=teller)
    path, stranger = page_of(contact, interview), Client(enforce_csrf_checks=True)
    assert "Yes, call me" in stranger.get(path).content.decode()
    for _click in range(2):
        answer = stranger.post(path, {"call": statements[0].pk, "follow": [statements[1].pk]})
    assert asked_for() == [(statements[0].pk, teller.pk, "Call back about what became of their words")]
    assert Follow.objects.get().statement == statements[1]
    page = stranger.get(answer["Location"]).content.decode()
    assert "We will call." in page
    assert f"{teller} will call you about this." in page
    client.force_login(teller)
    assert "Call back about what became of their words" in client.get(reverse("today")).content.decode()
    shown = client.get(contact.get_absolute_url()).content.decode()
    assert "Asked us:" in shown
    client.post(reverse("followup_done", args=[FollowUp.objects.get().pk]))
    assert client.get(reverse("today")).context["follow_up_count"] == 0
    assert f"{teller} will call you" not in stranger.get(path).content.decode()


def test_who_left_does_not_call_and_what_is_not_ones_own_or_not_needed_any_more_is_no_call(
    interview, contact, statements, user
):
    contact.contact_points.create(kind="phone", value="+31534890000")
    gone = make_user(Role.CORE_TEAM)
    Feedback.objects.create(writeup=interview.writeup, contact=contact, sent_by=gone)
    type(gone).objects.filter(pk=gone.pk).update(is_active=False)
    other = interview.writeup.speakers.exclude(contact=contact).get()
    theirs = make_statement("Er is geen stroom.", interview=interview, speaker=other)
    path, stranger = page_of(contact, interview), Client(enforce_csrf_checks=True)
    stranger.post(path, {"call": theirs.pk})
    assert asked_for() == []
    stranger.post(path, {"call": statements[0].pk})
    assert [one[1] for one in asked_for()] == [statements[0].created_by_id]
    stranger.post(path, {"no_call": statements[0].pk})
    assert asked_for() == []
    assert not TimelineEntry.objects.filter(kind="followup.asked").exists()


@pytest.mark.same_on_both
def test_number_is_asked_where_none_is_known_and_what_was_typed_stays(interview, contact, statements):
    path, stranger = page_of(contact, interview), Client(enforce_csrf_checks=True)
    # A browser would save nothing of the page where it insists on a number.
    assert "required" not in stranger.get(path).content.decode()
    key = statements[0].pk
    page = stranger.post(path, {"call": key, f"{key}-phone": "bel maar", "follow": [statements[1].pk]})
    assert page.status_code == 422
    shown = page.content.decode()
    assert "This is no telephone number." in shown
    assert 'value="bel maar"' in shown
    assert f'value="{statements[1].pk}" checked' in shown
    assert asked_for() == []
    stranger.post(path, {"call": key, f"{key}-phone": "06 12345678"})
    assert "06 12345678" in asked_for()[0][2]


def test_sentence_that_somebody_calls_about_is_shown_to_who_may_read_the_notes(
    client, interview, contact, statements, user
):
    contact.contact_points.create(kind="phone", value="+31534890000")
    Client().post(page_of(contact, interview), {"call": statements[0].pk})
    interview.writeup.trusted.add(user)
    Writeup.objects.update(confidential=True)
    pages = {}
    for reader in (user, make_user(Role.CORE_TEAM)):
        client.force_login(reader)
        pages[reader] = client.get(FollowUp.objects.get().get_absolute_url()).content.decode()
    assert [statements[0].get_absolute_url() in page for page in pages.values()] == [True, False]


@pytest.mark.same_on_both
def test_page_takes_no_more_queries_for_more_sentences(
    client, interview, contact, statements, django_assert_num_queries
):
    path = page_of(contact, interview)
    with CaptureQueriesContext(connection) as few:
        assert client.get(path).status_code == 200
    for words in ("De hal", "Er is", "Niemand weet"):
        make_statement(words, interview=interview, speaker=statements[0].speaker)
    with django_assert_num_queries(len(few)):
        client.get(path)
