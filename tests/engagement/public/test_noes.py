"""A "no" that comes while the database is busy is kept, and recorded as of when it came."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from crm.contacts.models import Contact
from crm.links.services import link_for, token_of
from crm.preferences.links import UNSUBSCRIBE
from crm.preferences.models import ConsentRecord
from crm.preferences.rules import may_receive
from crm.preferences.services import record_consent
from engagement.public.noes import record_kept
from tests.factories import make_contact
from tests.test_errors import busy

pytestmark = pytest.mark.django_db
CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path


def path_of(contact: Contact) -> str:
    link = link_for(contact=contact, purpose=UNSUBSCRIBE, subject="invitation")
    return reverse("unsubscribe", args=[token_of(link)])


def test_one_click_no_outlives_a_busy_database():
    contact = make_contact()
    path, began = path_of(contact), timezone.now()
    with connection.execute_wrapper(busy):
        response = Client().post(path, CLICK)
    assert (response.status_code, not response.cookies) == (200, True)
    assert may_receive(contact, "invitation")
    assert [record_kept(), record_kept()] == [1, 0]
    assert not may_receive(contact, "invitation")
    record = ConsentRecord.objects.get()
    assert (record.source, record.allowed) == ("one-click", False)
    assert began < record.recorded_at < began + timedelta(seconds=30)


def test_what_is_busy_still_stays_kept():
    contact = make_contact()
    path = path_of(contact)
    with connection.execute_wrapper(busy):
        Client().post(path, CLICK)
        with pytest.raises(OperationalError):
            record_kept()
    assert record_kept() == 1


def test_yes_that_was_said_since_counts():
    contact = make_contact()
    path = path_of(contact)
    with connection.execute_wrapper(busy):
        Client().post(path, CLICK)
    record_consent(contact=contact, purpose="invitation", allowed=True, source="form")
    record_kept()
    assert may_receive(contact, "invitation")


def test_token_that_opens_nothing_is_not_kept(tmp_path):
    with connection.execute_wrapper(busy):
        assert Client().post(reverse("unsubscribe", args=["x" * 43]), CLICK).status_code == 404
    assert list(tmp_path.rglob("*.json")) == []


def test_link_that_is_gone_meanwhile_is_left():
    contact = make_contact()
    path = path_of(contact)
    with connection.execute_wrapper(busy):
        Client().post(path, CLICK)
    contact.delete()
    assert [record_kept(), record_kept()] == [0, 0]
