"""Recording what somebody told the team."""

import pytest
from django.test import Client
from django.urls import reverse

from crm.accounts.models import User
from crm.accounts.roles import Role
from crm.preferences.models import ConsentRecord
from crm.preferences.rules import may_receive
from tests.factories import make_contact, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(make_user(Role.CORE_TEAM))
    return client


def test_answers_are_recorded_with_who_and_how(staff):
    contact = make_contact()
    address = reverse("contact_preferences", args=[contact.pk])
    response = staff.post(
        address,
        {"newsletter": "yes", "invitation": "no", "interview": "", "detail": "by telephone, 3 November"},
    )
    assert response["Location"] == contact.get_absolute_url()
    said = ConsentRecord.objects.order_by("purpose").values_list(
        "purpose", "allowed", "source", "source_detail"
    )
    assert list(said) == [
        ("invitation", False, "staff", "by telephone, 3 November"),
        ("newsletter", True, "staff", "by telephone, 3 November"),
    ]
    assert ConsentRecord.objects.first().recorded_by == User.objects.get()
    contact.refresh_from_db()
    assert may_receive(contact, "newsletter")
    assert not may_receive(contact, "invitation")
    assert "by telephone, 3 November" in staff.get(address).content.decode()


@pytest.mark.same_on_both
@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"newsletter": "yes", "detail": " "}, "This field is required"),
        ({"detail": "said nothing"}, "Choose yes or no"),
        ({"newsletter": "maybe", "detail": "x"}, "Select a valid choice"),
        ({"newsletter": "yes", "detail": "x" * 301}, "at most 300 characters"),
    ],
)
def test_error_is_said_and_nothing_recorded(staff, data, message):
    response = staff.post(reverse("contact_preferences", args=[make_contact().pk]), data)
    assert response.status_code == 200
    assert message in response.content.decode()
    assert not ConsentRecord.objects.exists()


def test_page_tells_what_silence_means(staff):
    page = staff.get(reverse("contact_preferences", args=[make_contact().pk])).content.decode()
    assert "so not: only after a yes" in page
    assert "allowed: legitimate interest" in page


def test_reader_may_not_record(client):
    client.force_login(make_user(Role.READER))
    address = reverse("contact_preferences", args=[make_contact().pk])
    assert client.post(address, {"newsletter": "yes", "detail": "x"}).status_code == 403
    assert not ConsentRecord.objects.exists()
