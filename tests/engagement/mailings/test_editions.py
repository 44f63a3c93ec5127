"""A mailing that was sent shows what was sent, whatever changes later, and keeps nothing of its readers."""

import pytest
from django.test import Client
from django.test.signals import template_rendered
from django.urls import reverse

from engagement.compositions.models import Block
from engagement.compositions.services import save
from engagement.events.models import Event
from engagement.events.services import invite
from engagement.mailings.delivery import deliver
from engagement.mailings.models import Edition, Mailing, Message
from engagement.mailings.services import send
from tests.factories import draft_invitation, make_contact, make_event, make_user, put_in, write

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def adviser(client: Client) -> Client:
    client.force_login(make_user())
    return client


@pytest.fixture
def invited(sink) -> Mailing:
    """One reads Dutch, one reads English, and both have it."""
    make_contact(family_name="Amrani", infix="el")
    make_contact(family_name="Raman", infix="", language="en")
    mailing = draft_invitation(make_event())
    invite(mailing=mailing)
    deliver()
    assert len(sink.messages) == 2
    return mailing


def shown(client: Client, mailing: Mailing, name: str, **query: str) -> str:
    recipient = mailing.recipients.get(contact__family_name=name)
    path = reverse("mailing_preview", args=[mailing.pk, recipient.pk])
    return client.get(path, {"part": "text", **query}).text


def test_what_was_sent_stays_as_it_was_when_the_event_changes(adviser, invited):
    Event.objects.update(title_nl="Heel anders", text_nl="Andere woorden.", place="Elders")
    text = shown(adviser, invited, "Amrani")
    assert text.startswith("Uitnodiging: Expertsessie talent\n\nGeachte heer El Amrani,")
    assert "Wij praten over talent." in text
    assert "DesignLab" in text
    assert "Heel anders" not in text
    assert "Andere woorden." not in text


def test_what_is_shown_is_what_went_over_the_line(adviser, invited, sink):
    sent = sink.to(Message.objects.get(language="nl").address)[0].text()
    parts = [
        part for part in shown(adviser, invited, "Amrani").split("\n") if part and "/preview/" not in part
    ]
    assert all(part in sent.replace("\r", "") for part in parts if not part.startswith("Uitnodiging:"))


def test_once_per_language_and_nothing_of_a_reader(invited):
    assert sorted(Edition.objects.values_list("language", flat=True)) == ["en", "nl"]
    for edition in Edition.objects.all():
        words = f"{edition.subject} {edition.text} {edition.html}"
        for own in ("Amrani", "Raman", "/a/", "/u/", "/p/", "@example.org"):
            assert own not in words


def test_another_language_is_shown_as_it_was_sent_too(adviser, invited):
    Event.objects.update(title_en="Something else", text_en="Other words.")
    text = shown(adviser, invited, "Amrani", language="en")
    assert "We talk about talent." in text
    assert "Other words." not in text


def test_text_that_changes_on_the_way_is_kept_in_both_forms(adviser, sink, settings):
    settings.OUTBOX_BATCH = 1
    first, second = make_contact(family_name="Eerst"), make_contact(family_name="Laatst")
    mailing = write("announcement")
    put_in(mailing, first, second)
    send(mailing=mailing)
    Message.objects.filter(contact=second).update(due_at=Message.objects.first().give_up_at)
    deliver()
    save(composition=mailing.composition, blocks=[Block(kind="text", text_nl="Verbeterd", text_en="Better")])
    assert "Verbeterd" in shown(adviser, mailing, "Laatst")
    Message.objects.filter(contact=second).update(due_at=Message.objects.first().created_at)
    deliver()
    assert Edition.objects.count() == 2
    assert "Verbeterd" not in shown(adviser, mailing, "Eerst")
    assert "Verbeterd" in shown(adviser, mailing, "Laatst")


def test_draft_shows_the_words_as_they_are(adviser):
    make_contact(family_name="Amrani")
    mailing = draft_invitation(make_event())
    Event.objects.update(text_nl="Andere woorden.")
    assert "Andere woorden." in shown(adviser, mailing, "Amrani")
    assert not Edition.objects.exists()


def test_mail_is_composed_once_however_many_claims_it_takes(sink, settings):
    settings.OUTBOX_BATCH = 2
    mailing = write("announcement")
    put_in(mailing, *[make_contact(family_name=name) for name in ("Een", "Twee", "Drie", "Vier", "Vijf")])
    send(mailing=mailing)
    composed = []

    def count(template, **_kwargs):
        composed.append(template.name)

    template_rendered.connect(count)
    deliver()
    template_rendered.disconnect(count)
    assert len(sink.messages) == 5
    # The edition, the stencil, and the two odd readers that it is tried on.
    assert composed.count("engagement/compositions/mail/composition.html") == 4
