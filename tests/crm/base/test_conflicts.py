"""Two people with the same form open: the second one is told, keeps what was typed, and may go on."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from crm.accounts.roles import Role
from crm.contacts.models import Contact
from crm.directory.segments.models import Segment
from tests.factories import (
    make_contact,
    make_event,
    make_interview,
    make_organisation,
    make_seat,
    make_term,
    make_user,
)
from tests.harness.forms import fields_of

pytestmark = pytest.mark.django_db


def things() -> dict[str, tuple[Any, str, str, str]]:
    """Per form: what it is about, its field, what the first one types and what the second."""
    user = make_user()
    contact, event, seat, term = make_contact(), make_event(), make_seat(), make_term()
    interview = make_interview(by=user, held_at=event.created_at)
    interview.contacts.add(contact)
    segment = Segment.objects.create(name="Talent", filter={"q": ["x"]}, owner=user, shared=True)
    return {
        "contact": (contact, "given_name", "Els", "Ans"),
        "organisation": (make_organisation("Saxion"), "city", "Enschede", "Almelo"),
        "event": (event, "place", "Zaal 1", "Zaal 2"),
        "interview": (interview, "place", "Zaal 1", "Zaal 2"),
        "body": (seat.body, "purpose", "een", "twee"),
        "seat": (seat, "role", "voorzitter", "secretaris"),
        "term": (term, "started_on", "2020-02-01", "2020-03-01"),
        "segment": (segment, "name", "Een", "Twee"),
    }


FORMS = ("contact", "organisation", "event", "interview", "body", "seat", "term", "segment")


@pytest.mark.same_on_both
@pytest.mark.parametrize("noun", FORMS)
def test_second_one_is_told_and_nothing_is_overwritten(noun):
    thing, field, first, second = things()[noun]
    one, other = Client(), Client()
    for client in (one, other):
        client.force_login(make_user(Role.ADMIN))
    address = reverse(f"{noun}_edit", args=[thing.pk])
    opened = {client: fields_of(client.get(address)) for client in (one, other)}
    assert one.post(address, {**opened[one], field: first}).status_code == 302
    answer = other.post(address, {**opened[other], field: second})
    assert answer.status_code == 200
    assert "Somebody changed this while you were typing" in unescape(answer.content.decode())
    assert fields_of(answer)[field] == second
    thing.refresh_from_db()
    assert str(getattr(thing, field)) == first
    assert other.post(address, fields_of(answer)).status_code == 302
    thing.refresh_from_db()
    assert str(getattr(thing, field)) == second


@pytest.mark.same_on_both
def test_same_person_saves_twice_without_being_told():
    contact, client = make_contact(), Client()
    client.force_login(make_user(Role.ADMIN))
    address = reverse("contact_edit", args=[contact.pk])
    for name in ("Els", "Ans"):
        assert client.post(address, {**fields_of(client.get(address)), "given_name": name}).status_code == 302
    assert Contact.objects.get().given_name == "Ans"


@pytest.mark.same_on_both
def test_search_within_a_form_keeps_what_it_was_opened_on():
    interview, field, first, second = things()["interview"]
    one, other = Client(), Client()
    for client in (one, other):
        client.force_login(make_user(Role.ADMIN))
    address = reverse("interview_edit", args=[interview.pk])
    mine = fields_of(other.get(address))
    assert one.post(address, {**fields_of(one.get(address)), field: first}).status_code == 302
    searched = fields_of(other.post(address, {**mine, field: second, "search": "1"}))
    searched.pop("search", None)
    assert other.post(address, searched).status_code == 200


@pytest.mark.same_on_both
@pytest.mark.parametrize("stamp", ["", "x", "\0", "a:b:c"])
def test_stamp_that_is_none_stops_nobody(stamp):
    contact, client = make_contact(), Client()
    client.force_login(make_user(Role.ADMIN))
    address = reverse("contact_edit", args=[contact.pk])
    data = {**fields_of(client.get(address)), "given_name": "Els", "stamp": stamp}
    assert client.post(address, data).status_code == 302
    assert not re.search(r"\bstamp\b", client.get(contact.get_absolute_url()).content.decode())
