"""What became of a mailing, who had much mail before it, and the same as a file."""

import csv
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from crm.preferences.services import record_consent, suppress
from engagement.events.models import Participation
from engagement.events.services import answer, invite
from engagement.mailings.audience import leave_out
from engagement.mailings.checks import often_mailed
from engagement.mailings.kinds import KINDS
from engagement.mailings.models import Mailing, Message
from engagement.mailings.results import lost_since_draft, results_of
from engagement.mailings.services import send
from tests.factories import (
    bring_to,
    draft_invitation,
    draft_of,
    make_contact,
    make_event,
    make_organisation,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def refuse(person, purpose="invitation"):
    record_consent(contact=person, purpose=purpose, allowed=False, source="form")


@pytest.fixture
def invited():
    """An invitation that went to three of four people."""
    both = make_organisation("Lab", "research", "entrepreneurs")
    people = [make_contact(organisation=both if at == 0 else None) for at in range(3)]
    lost = make_contact(family_name="Lost")
    mailing = draft_invitation(make_event())
    invite(mailing=mailing)
    bring_to("sent", mailing.messages.exclude(contact=lost))
    bring_to("refused", mailing.messages.filter(contact=lost))
    return mailing, people


def test_answers_are_counted_per_answer(invited):
    mailing, people = invited
    for person, status in zip(people, ("accepted", "declined", "accepted"), strict=True):
        answer(participation=Participation.objects.get(contact=person), status=status)
    assert results_of(mailing).answers == [("yes", 2), ("perhaps", 0), ("no", 1)]


@pytest.mark.same_on_both
def test_answers_to_another_mailing_are_not_counted(invited):
    mailing, _people = invited
    later = make_contact()
    second = draft_invitation(mailing_event(mailing))
    invite(mailing=second)
    bring_to("sent", second.messages.all())
    answer(participation=Participation.objects.get(contact=later), status="accepted")
    assert dict(results_of(mailing).answers)["yes"] == 0
    assert dict(results_of(second).answers)["yes"] == 1


def mailing_event(mailing):
    return Participation.objects.filter(event=mailing.about_id).first().event


def test_only_a_no_to_this_purpose_afterwards_counts_as_opted_out(invited):
    mailing, people = invited
    refuse(people[1], "newsletter")
    assert results_of(mailing).opted_out == 0
    refuse(people[0])
    refuse(make_contact())
    assert results_of(mailing).opted_out == 1
    record_consent(contact=people[0], purpose="invitation", allowed=True, source="form")
    assert results_of(mailing).opted_out == 1


def test_no_before_it_was_sent_does_not_count(invited):
    mailing, people = invited
    refuse(people[0])
    Message.objects.filter(state="sent").update(sent_at=timezone.now() + timedelta(minutes=1))
    assert results_of(mailing).opted_out == 0


def test_by_sector_whoever_speaks_for_two_counts_with_both(invited):
    mailing, people = invited
    answer(participation=Participation.objects.get(contact=people[0]), status="accepted")
    refuse(people[1])
    rows = {row.code: (row.delivered, row.answered, row.opted_out) for row in results_of(mailing).sectors}
    assert rows == {
        "education": (0, 0, 0),
        "research": (1, 1, 0),
        "entrepreneurs": (1, 1, 0),
        "government": (0, 0, 0),
        "": (2, 0, 1),
    }


def test_number_of_queries_does_not_depend_on_the_number_of_people(invited):
    mailing, _people = invited
    counted = []
    for _round in range(2):
        with CaptureQueriesContext(connection) as queries:
            results_of(mailing)
        counted.append(len(queries))
        for _more in range(5):
            make_contact(organisation=make_organisation())
        second = draft_invitation(mailing_event(mailing))
        invite(mailing=second)
        Message.objects.filter(mailing=second).update(mailing=mailing)
    assert counted[0] == counted[1] <= 8


@pytest.mark.parametrize(("number", "named"), [(1, False), (2, True), (3, True)])
def test_who_had_much_mail_in_ninety_days_is_named(news, settings, number, named):
    settings.MAIL_OFTEN = 2
    person = make_contact()
    for _at in range(number):
        send(mailing=draft_of(news, person))
    bring_to("sent", Message.objects.all())
    mailing = draft_of(news, person, make_contact())
    assert [(one.contact, one.had) for one in often_mailed(mailing)] == ([(person, number)] if named else [])


def test_old_mail_waiting_mail_and_confirmations_do_not_count(news, settings):
    settings.MAIL_OFTEN = 1
    old, waiting, confirmed = make_contact(), make_contact(), make_contact()
    for person in (old, waiting, confirmed):
        send(mailing=draft_of(news, person))
    bring_to("sent", Message.objects.exclude(contact=waiting))
    Message.objects.filter(contact=old).update(sent_at=timezone.now() - timedelta(days=91))
    Message.objects.filter(contact=confirmed).update(purpose="service")
    assert not often_mailed(draft_of(news, old, waiting, confirmed)).exists()


def test_warning_can_be_switched_off(news, settings):
    settings.MAIL_OFTEN = 0
    assert not often_mailed(draft_of(news, make_contact())).exists()


@pytest.fixture
def adviser(client):
    client.force_login(make_user())
    return client


def test_page_names_them_and_leaves_them_out_with_one_button(adviser, news, settings):
    settings.MAIL_OFTEN = 1
    people = [make_contact() for _ in range(12)]
    send(mailing=draft_of(news, *people))
    bring_to("sent", Message.objects.all())
    mailing = draft_of(news, *people, make_contact())
    page = adviser.get(mailing.get_absolute_url())
    assert (len(page.context["often"]), page.context["often_count"]) == (10, 12)
    assert page.context["problems"] == []
    adviser.post(reverse("mailing_leave_out", args=[mailing.pk]), {"often": "1"})
    assert mailing.recipients.filter(included=True).count() == 1
    assert set(mailing.recipients.filter(included=False).values_list("reason", flat=True)) == {"left out"}


def test_leaving_out_and_taking_in_again_is_one_button_each(adviser, news):
    mailing = draft_of(news, make_contact())
    row = mailing.recipients.get()
    page = adviser.get(mailing.get_absolute_url()).content.decode()
    assert reverse("mailing_leave_out", args=[mailing.pk]) in page
    adviser.post(reverse("mailing_leave_out", args=[mailing.pk]), {"recipient": row.pk})
    page = adviser.get(mailing.get_absolute_url(), {"show": "skipped"}).content.decode()
    assert reverse("mailing_take_in", args=[mailing.pk]) in page
    adviser.post(reverse("mailing_take_in", args=[mailing.pk]), {"recipient": row.pk})
    row.refresh_from_db()
    assert row.included


@pytest.mark.parametrize("name", ["mailing_leave_out", "mailing_take_in"])
def test_after_the_start_the_page_says_that_it_is_too_late(adviser, news, name):
    mailing = draft_of(news, make_contact())
    send(mailing=mailing)
    data = {"recipient": mailing.recipients.get().pk}
    page = adviser.post(reverse(name, args=[mailing.pk]), data, follow=True)
    assert "cannot be changed any more" in page.content.decode()
    assert mailing.recipients.get().included


def test_who_was_lost_between_draft_and_sending_is_named_with_the_reason(adviser, news):
    stays, leaves, late = make_contact(), make_contact(), make_contact()
    mailing = draft_of(news, stays, leaves, late)
    suppress(address=leaves.email(), reason="asked")
    send(mailing=mailing)
    claimed = mailing.messages.filter(contact=late)
    bring_to("skipped", claimed, reason="said no")
    assert lost_since_draft(mailing) == [
        (leaves, "the address may never be mailed"),
        (late, "said no to this kind of message"),
    ]
    page = adviser.get(mailing.get_absolute_url()).text
    assert "Fell out since the draft" in page
    assert "The address may never be mailed" in page


def test_warnings_of_a_kind_do_not_keep_it_from_starting(adviser, news, monkeypatch):
    wary = replace(news, warnings=lambda mailing: ["A link may be broken."])
    monkeypatch.setitem(KINDS, news.name, wary)
    mailing = draft_of(news, make_contact())
    assert "A link may be broken." in adviser.get(mailing.get_absolute_url()).content.decode()
    adviser.post(reverse("mailing_send", args=[mailing.pk]), {"confirmed": "1"})
    assert mailing.messages.count() == 1


def test_results_stand_on_the_page_and_say_that_nobody_is_followed(adviser, invited):
    mailing, people = invited
    answer(participation=Participation.objects.get(contact=people[0]), status="accepted")
    page = adviser.get(mailing.get_absolute_url())
    assert page.context["counts"].delivered == 3
    assert "answered “yes”" in page.content.decode()
    assert "is not followed" in page.content.decode()


def test_file_has_everybody_with_state_reason_and_answer(adviser, invited):
    mailing, people = invited
    answer(participation=Participation.objects.get(contact=people[0]), status="accepted", needs="=1+1")
    Mailing.objects.update(title="=cmd")
    response = adviser.get(reverse("mailing_export", args=[mailing.pk, "csv"]))
    rows = list(csv.reader(response.content.decode("utf-8-sig").splitlines(), delimiter=";"))
    assert rows[1] == [
        *("Name", "Function", "Sector", "E-mail", "Gets it?", "Why", "State", "Sent on", "Answer"),
        "Kwartet number",
    ]
    assert len(rows) == 2 + 4
    found = {row[3]: row for row in rows[2:]}
    yes, lost = found[people[0].email()], next(row for row in rows if "Lost" in row[0])
    assert (yes[2], yes[4], yes[6], yes[8]) == ("Research; Entrepreneurs", "yes", "sent", "yes")
    assert (lost[6], lost[7], lost[8]) == ("refused", "", "")
    assert response["Cache-Control"] == "no-store"


def test_file_of_a_draft_says_who_was_left_out(adviser, news):
    mailing = draft_of(news, make_contact(), make_contact())
    leave_out(mailing=mailing, recipients=[mailing.recipients.first().pk])
    response = adviser.get(reverse("mailing_export", args=[mailing.pk, "json"]))
    assert sorted((row["Gets it?"], row["State"]) for row in response.json()["rows"]) == [
        ("no", ""),
        ("yes", ""),
    ]
    assert adviser.get(reverse("mailing_export", args=[mailing.pk, "exe"])).status_code == 404
