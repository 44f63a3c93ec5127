"""Notes and calls that the team writes down."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from crm.accounts.roles import Role
from crm.timeline.models import TimelineEntry
from tests.factories import make_contact, make_organisation, make_user

pytestmark = pytest.mark.django_db

NOTE = "Calls back <b>Monday</b>."


@pytest.fixture
def member(client: Client) -> Client:
    client.force_login(make_user(Role.CORE_TEAM))
    return client


@pytest.mark.same_on_both
@pytest.mark.parametrize(("kind", "stored"), [("note", "note"), ("call", "call"), ("", "note")])
def test_note_stands_on_the_timeline_with_who_wrote_it(member, kind, stored):
    contact = make_contact()
    member.post(reverse("contact_note", args=[contact.pk]), {"text": NOTE, "kind": kind})
    entry = TimelineEntry.objects.get()
    assert (entry.kind, entry.contact, entry.words["detail"]) == (
        f"timeline.{stored}",
        contact,
        "Calls back <b>Monday</b>.",
    )
    page = member.get(contact.get_absolute_url()).content.decode()
    assert "Calls back &lt;b&gt;Monday&lt;/b&gt;." in page


def test_call_does_not_count_as_heard(member):
    contact = make_contact()
    member.post(reverse("contact_note", args=[contact.pk]), {"text": "No answer.", "kind": "call"})
    contact.refresh_from_db()
    assert contact.last_heard_on is None


def test_organisation_shows_its_notes_and_those_of_its_people(member):
    firm = make_organisation("Firm")
    person = make_contact(organisation=firm)
    member.post(reverse("organisation_note", args=[firm.pk]), {"text": "Moves in May."})
    member.post(reverse("contact_note", args=[person.pk]), {"text": "Wants a tour."})
    page = member.get(firm.get_absolute_url()).content.decode()
    assert "Moves in May." in page
    assert "Wants a tour." in page


@pytest.mark.parametrize("text", ["", "   ", "x\x00y", "a" * 4001])
def test_wrong_note_is_refused_with_words(member, text):
    contact = make_contact()
    page = member.post(reverse("contact_note", args=[contact.pk]), {"text": text}).content.decode()
    assert 'id="id_text_error"' in page
    assert 'aria-invalid="true"' in page
    assert not TimelineEntry.objects.exists()


def test_note_that_is_too_long_stays_in_the_field_whole(member):
    contact = make_contact()
    text = "Belt <maandag> terug. " * 300
    page = member.post(reverse("contact_note", args=[contact.pk]), {"text": text}).content.decode()
    assert f">{escape(text)}</textarea>" in page
    assert "maxlength" not in page.split('id="id_text"')[1].split(">")[0]


def test_reader_sees_no_field_to_write_in(client):
    contact = make_contact()
    client.force_login(make_user(Role.READER))
    assert "<textarea" not in client.get(contact.get_absolute_url()).content.decode()
