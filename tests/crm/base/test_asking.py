"""What cannot be undone asks first: on a page, in a dialog, and about what it is by then."""

import pytest
from django.urls import reverse

from engagement.mailings.models import Mailing
from tests.factories import draft_invitation, make_contact, make_event, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(client) -> Mailing:
    client.force_login(make_user())
    make_contact()
    return draft_invitation(make_event())


def test_without_javascript_the_question_is_a_page_that_keeps_what_was_sent(client, draft):
    page = client.post(reverse("mailing_delete", args=[draft.pk]), {"word": 'a "word"', "more": ["1", "2"]})
    assert '<h1 id="question">Delete the draft' in page.text
    assert '<input type="hidden" name="word" value="a &quot;word&quot;">' in page.text
    assert page.text.count('type="hidden" name="more"') == 2
    assert "<html" in page.text
    assert Mailing.objects.exists()


def test_for_a_dialog_it_comes_alone(client, draft):
    page = client.post(reverse("mailing_delete", args=[draft.pk]), headers={"X-Ask": "1"})
    assert page.text.strip().startswith('<form class="question" method="post"')
    assert '<h2 id="question">' in page.text
    assert Mailing.objects.exists()


def test_yes_does_it(client, draft):
    client.post(reverse("mailing_delete", args=[draft.pk]), {"confirmed": "yes"})
    assert not Mailing.objects.exists()


def test_yes_to_something_else_is_asked_anew(client, draft):
    page = client.post(reverse("mailing_delete", args=[draft.pk]), {"confirmed": "12"})
    assert page.context["question"].promise == "yes"
    assert Mailing.objects.exists()


def test_a_get_does_and_asks_nothing(client, draft):
    assert client.get(reverse("mailing_delete", args=[draft.pk])).status_code == 405
