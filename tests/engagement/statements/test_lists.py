"""Who spoke on a theme, in the list of contacts: for those who may see who said what."""

import pytest
from django.test import Client
from django.urls import reverse

from crm.accounts.roles import Role
from crm.contacts.models import Contact
from crm.directory.segments.models import Segment
from engagement.codes.models import Code
from engagement.statements.models import Writeup
from tests.factories import make_contact, make_interview, make_statement, make_theme, make_user

pytestmark = pytest.mark.django_db
LIST = reverse("contact_list")


def member(role: Role = Role.CORE_TEAM) -> Client:
    client = Client()
    client.force_login(make_user(role, language="en"))
    return client


def found(*themes: str) -> list[Contact]:
    page = member().get(LIST, {"spoke_on": themes})
    return [row.contact for row, _cells in page.context["table"]]


@pytest.fixture
def speaker() -> Contact:
    """Of somebody who spoke on sustainability, in a code that is part of one that hangs on the theme."""
    speaker, other = make_contact(family_name="Aker"), make_contact(family_name="Baas")
    code = Code.objects.create(name="Huizen", theme=make_theme("duurzaamheid"))
    Code.objects.create(name="Hallen", parent=code)
    make_statement("Hal.", interview=make_interview(speaker, notes="Hal."), codes=["Hallen"])
    make_statement("Weg.", interview=make_interview(other, notes="Weg."), codes=["Wegen"])
    make_theme("financiering")
    return speaker


@pytest.mark.same_on_both
def test_who_spoke_on_a_theme_is_found_and_a_chip_says_so(speaker):
    assert found("duurzaamheid") == [speaker]
    assert found("financiering") == []
    assert found("duurzaamheid", "financiering") == [speaker]
    page = member().get(LIST, {"spoke_on": "duurzaamheid"})
    assert [(chip.key, chip.value) for chip in page.context["chips"]] == [
        ("Spoke on", str(make_theme("duurzaamheid")))
    ]


def test_what_was_said_in_confidence_finds_nobody(speaker):
    Writeup.objects.update(confidential=True)
    assert found("duurzaamheid") == []


def test_readers_cannot_ask(speaker):
    reader = member(Role.READER)
    assert reader.get(LIST, {"spoke_on": "duurzaamheid"}).status_code == 403
    assert 'name="spoke_on"' in member().get(reverse("contact_filters")).content.decode()
    assert 'name="spoke_on"' not in reader.get(reverse("contact_filters")).content.decode()
    assert reader.get(LIST, {"theme": "duurzaamheid"}).status_code == 200
    shared = Segment.objects.create(
        name="Sprak", owner=make_user(), shared=True, filter={"spoke_on": ["duurzaamheid"]}
    )
    assert reader.get(LIST, {"segment": shared.pk}).status_code == 403
    assert member().get(LIST, {"segment": shared.pk}).status_code == 200
