"""What the page of a draft offers as the next step: the words, then who gets it, then sending."""

import pytest
from django.test import Client

from engagement.mailings.models import Mailing
from tests.factories import make_contact, make_user, put_in, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def adviser(client: Client) -> Client:
    client.force_login(make_user())
    return client


def primary(client: Client, mailing: Mailing) -> str:
    """The words of the one button that stands out."""
    text = client.get(mailing.get_absolute_url()).text
    assert text.count('class="button primary"') == 1
    return text.partition('class="button primary"')[2].partition("</svg>")[2].partition("<")[0].strip()


def test_words_come_first(adviser):
    mailing = write()
    mailing.composition.blocks.all().delete()
    assert primary(adviser, mailing) == "Change the text"
    put_in(mailing, make_contact())
    assert primary(adviser, mailing) == "Change the text"


def test_then_who_gets_it(adviser):
    mailing = write()
    text = adviser.get(mailing.get_absolute_url()).text
    assert primary(adviser, mailing) == "Choose who gets it"
    assert "Nobody has been chosen yet." in text
    assert "Nobody in this audience can be mailed." not in text
    assert 'role="alert"' not in text


def test_then_sending_with_planning_beside_it(adviser):
    mailing = write()
    put_in(mailing, make_contact())
    assert primary(adviser, mailing) == "Send one mail"
    assert "Send later" in adviser.get(mailing.get_absolute_url()).text


def test_who_were_chosen_but_cannot_be_mailed_is_something_else(adviser):
    mailing = write()
    put_in(mailing, make_contact())
    mailing.recipients.update(included=False, reason="said no")
    text = adviser.get(mailing.get_absolute_url()).text
    assert "Nobody in this audience can be mailed." in text
    assert "Nobody has been chosen yet." not in text


def test_practical_notice_says_whom_it_can_go_to(adviser):
    mailing = write("service")
    words = "Nobody has been chosen yet. Only participants of an event can get it."
    assert words in adviser.get(mailing.get_absolute_url()).text
    page = adviser.get(f"{mailing.get_absolute_url()}audience/")
    assert "A practical notice only goes to participants of an event." in page.text
