"""What is still used says where, and only what is not used can go."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from crm.accounts.roles import Role
from crm.base.parts import StillInUse, delete_unused, uses_of
from crm.contacts.models import Contact
from crm.contacts.search_documents import SearchDocument
from crm.organisations.models import Organisation
from crm.preferences.models import Purpose, Source
from crm.preferences.services import record_consent
from tests.factories import (
    draft_invitation,
    invite_everybody,
    make_contact,
    make_event,
    make_organisation,
    make_seat,
    make_term,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def adviser(client: Client) -> Client:
    client.force_login(make_user(Role.COMMUNICATIONS))
    return client


def test_contact_used_nowhere_goes_with_what_is_theirs(adviser):
    contact = make_contact(organisation=make_organisation())
    path = reverse("contact_delete", args=[contact.pk])
    assert "Used nowhere else" in adviser.get(path).content.decode()
    assert Contact.objects.exists()
    assert adviser.post(path)["Location"] == reverse("contact_list")
    assert not Contact.objects.exists()
    assert Organisation.objects.exists()


def test_contact_in_use_says_where_and_stays(adviser):
    contact, event = make_contact(), make_event()
    invite_everybody(event)
    draft_invitation(event)
    term = make_term(contact=contact)
    record_consent(contact=contact, purpose=Purpose.NEWSLETTER, allowed=False, source=Source.STAFF)
    path = reverse("contact_delete", args=[contact.pk])
    for response in (adviser.get(path), adviser.post(path)):
        page = response.content.decode()
        assert {use.words for use in response.context["uses"]} == {
            "seats in bodies",
            "invitations to events",
            "mails to this person",
            "audiences of mailings",
            "answers about mail, in the ledger",
        }
        assert f'href="{event.get_absolute_url()}"' in page
        assert f'href="{term.seat.body.get_absolute_url()}"' in page
    assert Contact.objects.filter(pk=contact.pk).exists()


def test_organisation_in_use_says_where_and_stays(adviser):
    organisation = make_organisation("Saxion")
    contact = make_contact(organisation=organisation)
    make_seat(organisation=organisation)
    Organisation.objects.create(name="ITC", parent=organisation)
    path = reverse("organisation_delete", args=[organisation.pk])
    page = adviser.post(path)
    words = {use.words for use in page.context["uses"]}
    assert words == {"functions of people", "seats in bodies", "organisations that are part of it"}
    assert f'href="{contact.get_absolute_url()}"' in page.content.decode()
    assert Organisation.objects.filter(pk=organisation.pk).exists()


def test_organisation_used_nowhere_goes(adviser):
    organisation = make_organisation()
    adviser.post(reverse("organisation_delete", args=[organisation.pk]))
    assert not Organisation.objects.exists()


def test_what_points_at_a_row_stands_in_the_way_unless_it_is_a_part_of_it():
    contact = make_contact()
    assert [use.words for use in uses_of(contact, own={SearchDocument})] == ["addresses and numbers"]
    with pytest.raises(StillInUse, match="addresses and numbers: 1"):
        delete_unused(contact, own={SearchDocument})
