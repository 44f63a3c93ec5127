"""The page of a mailing speaks of its audience in the tense of what became of it."""

import pytest
from django.test import Client
from django.utils.html import escape

from engagement.mailings.models import Mailing
from engagement.mailings.services import send, stop
from tests.factories import bring_to, draft_invitation, make_contact, make_event, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def mailing() -> Mailing:
    """Two people get it, one is skipped."""
    make_contact()
    make_contact()
    make_contact(email=None)
    return draft_invitation(make_event())


@pytest.fixture
def words_of(client: Client, mailing: Mailing):
    """The words below the two numbers, and the heading of either list."""
    client.force_login(make_user(language="en"))

    def read() -> tuple[str, ...]:
        pages = [client.get(mailing.get_absolute_url(), {"show": show}) for show in ("", "skipped")]
        words = pages[0].context["wording"]
        for page, heading in zip(pages, words[2:], strict=True):
            assert f"<h2>{escape(heading)}</h2>" in page.text
            assert f'class="word">{words.included}<' in page.text
            assert f'class="word">{words.skipped}<' in page.text
        return tuple(words)

    return read


def test_before_it_goes_out(words_of):
    assert words_of() == (
        "will get it",
        "will be skipped",
        "Who will get it, and why",
        "Who will be skipped, and why",
    )


def test_while_it_goes_out(words_of, mailing):
    send(mailing=mailing)
    bring_to("sent", mailing.messages.filter(pk=mailing.messages.first().pk))
    assert words_of() == ("get it", "were skipped", "Who gets it, and why", "Who was skipped, and why")


@pytest.mark.same_on_both
def test_when_everybody_has_it(words_of, mailing):
    send(mailing=mailing)
    bring_to("sent", mailing.messages.all())
    assert words_of() == ("got it", "were skipped", "Who got it, and why", "Who was skipped, and why")


def test_when_somebody_does_not_have_it(words_of, mailing):
    send(mailing=mailing)
    first = mailing.messages.filter(pk=mailing.messages.first().pk)
    bring_to("refused", first)
    bring_to("sent", mailing.messages.exclude(pk__in=first))
    assert words_of()[:3] == ("were to get it", "were skipped", "Who was to get it, and why")


@pytest.mark.same_on_both
def test_when_it_was_stopped(words_of, mailing):
    send(mailing=mailing)
    stop(mailing=mailing)
    assert words_of()[0] == "were to get it"
