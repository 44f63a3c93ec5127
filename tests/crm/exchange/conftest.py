"""Who exports, and whom."""

import pytest
from django.test import Client

from crm.accounts.roles import Role
from crm.contacts.models import Contact, ContactPoint
from crm.preferences.services import record_consent
from tests.factories import (
    make_contact,
    make_organisation,
    make_theme,
    make_user,
)


@pytest.fixture
def adviser(client: Client) -> Client:
    client.force_login(make_user(Role.COMMUNICATIONS))
    return client


@pytest.fixture
def jan() -> Contact:
    contact = make_contact(
        titles_before="prof. dr.", organisation=make_organisation("Universiteit Twente", "research")
    )
    ContactPoint.objects.create(contact=contact, kind="mobile", value="+31612345678", preferred=True)
    contact.themes.add(make_theme())
    record_consent(contact=contact, purpose="newsletter", allowed=True, source="form")
    return contact
