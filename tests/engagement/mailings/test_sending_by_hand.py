"""Sending by hand asks first, and leaves a moment in which the mailing can be held back."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from crm.preferences.services import record_consent
from engagement.events.models import Participation
from engagement.mailings.models import Mailing, Message
from engagement.mailings.scheduling import MomentRefused, start_by_hand, start_due
from tests.factories import draft_invitation, draft_of, invite_everybody, make_contact, make_event, make_user

pytestmark = pytest.mark.django_db
SEND, HOLD = "mailing_send", "mailing_unschedule"


@pytest.fixture
def adviser(client: Client) -> Client:
    client.force_login(make_user())
    return client


@pytest.fixture
def minute(settings) -> None:
    settings.SEND_DELAY = 60


def act(client: Client, name: str, mailing: Mailing, **fields: str):
    response = client.post(reverse(name, args=[mailing.pk]), fields, follow=True)
    mailing.refresh_from_db()
    return response


def test_sending_asks_first_and_says_to_how_many(adviser):
    make_contact()
    make_contact(language="en")
    mailing = draft_invitation(make_event())
    page = act(adviser, SEND, mailing)
    assert "Send the invitation to 2 people?" in page.text
    assert "2 people get this mail now; it cannot be taken back." in page.text
    assert "Uitnodiging: Expertsessie talent" in page.text
    assert "1 Dutch, 1 English" in page.text
    assert not Message.objects.exists()


@pytest.mark.same_on_both
def test_who_fell_out_since_the_draft_is_named_and_another_number_is_asked_anew(adviser):
    make_contact()
    leaves = make_contact(given_name="Kees", family_name="Thije", infix="ten")
    mailing = draft_invitation(make_event())
    record_consent(contact=leaves, purpose="invitation", allowed=False, source="form")
    page = act(adviser, SEND, mailing, confirmed="2")
    assert page.context["question"].promise == "1"
    assert "1 since the draft:" in page.text
    assert "said no to this kind of message" in page.text
    assert not Message.objects.exists()
    act(adviser, SEND, mailing, confirmed="1")
    assert Message.objects.count() == 1


@pytest.mark.usefixtures("minute")
def test_sent_by_hand_waits_a_minute_and_goes_by_itself(adviser, news):
    mailing = draft_of(news, make_contact())
    now = timezone.now()
    page = act(adviser, SEND, mailing, confirmed="1")
    assert not Message.objects.exists()
    assert 50 <= page.context["seconds"] <= 60
    assert "seconds, then it goes to 1 person." in page.text
    assert start_due(now=now + timedelta(seconds=59)) == 0
    assert start_due(now=now + timedelta(seconds=75)) == 1
    assert Message.objects.get().due_at <= timezone.now()


@pytest.mark.same_on_both
@pytest.mark.usefixtures("minute")
def test_held_back_it_is_a_draft_that_nobody_has(adviser):
    make_contact()
    mailing = draft_invitation(make_event())
    act(adviser, SEND, mailing, confirmed="1")
    assert mailing.state == "scheduled"
    act(adviser, HOLD, mailing)
    assert (mailing.state, mailing.scheduled_for) == ("draft", None)
    assert start_due(now=timezone.now() + timedelta(hours=1)) == 0
    assert (Message.objects.count(), Participation.objects.count()) == (0, 0)


@pytest.mark.same_on_both
@pytest.mark.usefixtures("minute")
def test_held_back_too_late_it_is_paused_and_that_is_said(adviser, news):
    mailing = draft_of(news, make_contact())
    act(adviser, SEND, mailing, confirmed="1")
    start_due(now=timezone.now() + timedelta(minutes=2))
    page = act(adviser, HOLD, mailing)
    assert mailing.state == "paused"
    assert "It had begun to go out. What had not left yet is held." in page.text


@pytest.mark.usefixtures("minute")
def test_what_makes_no_sense_in_a_minute_is_refused(adviser):
    make_contact()
    mailing = draft_invitation(make_event(starts_at=timezone.now() + timedelta(seconds=30)))
    with pytest.raises(MomentRefused):
        start_by_hand(mailing=mailing)
    assert "That is too late" in act(adviser, SEND, mailing, confirmed="1").text


@pytest.mark.usefixtures("minute")
def test_mailing_planned_for_later_shows_no_countdown(news):
    mailing = draft_of(news, make_contact())
    mailing.state, mailing.scheduled_for = Mailing.State.SCHEDULED, timezone.now() + timedelta(seconds=61)
    assert mailing.seconds_left(timezone.now()) is None
    assert mailing.seconds_left(timezone.now() + timedelta(seconds=2)) in (58, 59)
    assert mailing.seconds_left(timezone.now() + timedelta(hours=2)) == 0
    mailing.state = Mailing.State.SENDING
    assert mailing.seconds_left(timezone.now()) is None


def test_stopping_for_good_asks_first(adviser):
    make_contact()
    invite_everybody(make_event())
    mailing = Mailing.objects.get()
    page = act(adviser, "mailing_stop", mailing)
    assert "1 person who waits for it does not get it." in page.text
    assert mailing.state == "sending"
