"""The page of what came back."""

import pytest
from django.test import Client
from django.utils import timezone

from engagement.inbox.models import IncomingMail
from engagement.mailings.models import Message
from tests.factories import invite_everybody, make_contact, make_event, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def adviser(client: Client) -> Client:
    client.force_login(make_user())
    return client


def came_back(message: Message) -> IncomingMail:
    return IncomingMail.objects.create(
        digest=str(message.pk), kind="hard", effect="suspend", message=message, at=timezone.now()
    )


def test_what_came_back_of_one_mailing_only(adviser):
    make_contact()
    first, second = (came_back(invite_everybody(make_event())[0]) for _ in range(2))
    mailing = first.message.mailing
    page = adviser.get(f"/inbox/?mailing={mailing.pk}")
    assert list(page.context["page"]) == [first]
    assert "remove this filter" in page.text
    assert set(adviser.get("/inbox/").context["page"]) == {first, second}


def test_nothing_of_that_mailing_is_told_apart_from_nothing_at_all(adviser):
    make_contact()
    mailing = invite_everybody(make_event())[0].mailing
    came_back(invite_everybody(make_event())[0])
    assert "Nothing of this mailing came back." in adviser.get(f"/inbox/?mailing={mailing.pk}").text


@pytest.mark.same_on_both
@pytest.mark.parametrize("number", ["x", "0", "9" * 40, ""])
def test_mailing_that_is_none_filters_nothing(adviser, number):
    make_contact()
    mail = came_back(invite_everybody(make_event())[0])
    assert list(adviser.get("/inbox/", {"mailing": number}).context["page"]) == [mail]
