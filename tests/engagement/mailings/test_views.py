"""A mailing's page: preview, sending, progress, settling."""

import pytest
from django.test import Client
from django.urls import reverse

from engagement.mailings.models import Mailing, Message
from tests.factories import bring_to, draft_invitation, invite_everybody, make_contact, make_event, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def adviser(client: Client) -> Client:
    client.force_login(make_user())
    return client


def test_draft_shows_who_and_why_and_the_mail_as_one_gets_it(adviser):
    make_contact(family_name="Veld", infix="in 't")
    make_contact(email=None)
    mailing = draft_invitation(make_event())
    page = adviser.get(mailing.get_absolute_url())
    assert (page.context["included"], page.context["skipped"]) == (1, 1)
    recipient = mailing.recipients.get(included=True)
    mail = adviser.get(reverse("mailing_preview", args=[mailing.pk, recipient.pk]))
    assert "Geachte heer In 't Veld" in mail.content.decode().replace("&#x27;", "'")
    assert "sandbox" in mail["Content-Security-Policy"]
    assert mail["X-Frame-Options"] == "SAMEORIGIN"
    text = adviser.get(reverse("mailing_preview", args=[mailing.pk, recipient.pk]), {"part": "text"})
    assert "Geachte heer In 't Veld," in text.content.decode()
    assert not Message.objects.exists()


def test_preview_of_an_unresolvable_salutation_says_so(adviser):
    make_contact(given_name="", initials="", form_of_address="")
    mailing = draft_invitation(make_event())
    page = adviser.get(mailing.get_absolute_url())
    assert len(page.context["problems"]) == 1
    preview = adviser.get(reverse("mailing_preview", args=[mailing.pk, mailing.recipients.get().pk]))
    assert preview.status_code == 200
    assert adviser.post(reverse("mailing_send", args=[mailing.pk])).status_code == 302
    assert not Message.objects.exists()


def test_sending_puts_it_in_the_outbox_once(adviser):
    make_contact()
    mailing = draft_invitation(make_event())
    for _ in range(2):
        adviser.post(reverse("mailing_send", args=[mailing.pk]), {"confirmed": "1"})
    assert Message.objects.count() == 1
    page = adviser.get(mailing.get_absolute_url())
    assert page.context["counts"].total == 1
    progress = adviser.get(reverse("mailing_progress", args=[mailing.pk]))
    assert 'max="1"' in progress.content.decode()


def test_stopping_is_said(adviser):
    make_contact()
    invite_everybody(make_event())
    mailing = Mailing.objects.get()
    adviser.post(reverse("mailing_stop", args=[mailing.pk]), {"confirmed": "yes"})
    mailing.refresh_from_db()
    assert mailing.state == "stopped"


@pytest.mark.same_on_both
@pytest.mark.parametrize(("choice", "state"), [("again", "queued"), ("leave", "sent")])
def test_uncertain_message_is_settled_from_today(adviser, choice, state):
    make_contact()
    message = invite_everybody(make_event())[0]
    bring_to("uncertain", Message.objects.all())
    assert list(adviser.get(reverse("today")).context["uncertain"]) == [message]
    adviser.post(reverse("message_settle", args=[message.pk]), {"choice": choice})
    assert Message.objects.get().state == state
