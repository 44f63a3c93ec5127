"""Today: what waits for whom."""

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.accounts.roles import Role
from crm.contacts.models import ContactPoint
from crm.provenance.services import note_provenance
from engagement.events.services import answer
from engagement.mailings.models import Message
from tests.factories import (
    bring_to,
    draft_invitation,
    invite_everybody,
    make_contact,
    make_event,
    make_participation,
    make_user,
)

pytestmark = pytest.mark.django_db


def test_adviser_sees_mail_that_needs_a_person(client):
    for _ in range(3):
        make_contact()
    uncertain, refused, _sent = invite_everybody(make_event())
    bring_to("uncertain", Message.objects.filter(pk=uncertain.pk))
    bring_to("refused", Message.objects.filter(pk=refused.pk), reply="550 unknown here")
    client.force_login(make_user())
    page = client.get(reverse("today"))
    assert list(page.context["uncertain"]) == [uncertain]
    assert list(page.context["undelivered"]) == [refused]
    assert page.context["waiting"] == 2
    assert "550 unknown here" in page.content.decode()


def test_person_whose_only_address_is_gone_waits_for_somebody(client):
    gone, other_way = make_contact(), make_contact()
    ContactPoint.objects.filter(contact__in=[gone, other_way]).update(state="bounced")
    ContactPoint.objects.create(contact=other_way, kind="email", value="second@example.org")
    client.force_login(make_user())
    page = client.get(reverse("today"))
    assert [point.contact for point in page.context["dead_ends"]] == [gone]
    assert page.context["waiting"] == 1
    assert gone.get_absolute_url() in page.content.decode()


def test_admin_is_led_to_whom_nobody_told_where_their_data_come_from(client):
    person, _other = make_contact(family_name="Amrani"), make_contact(family_name="Zand")
    note_provenance(sources=[(person.pk, "list.csv")], obtained_on=timezone.localdate())
    client.force_login(make_user(Role.ADMIN))
    page = client.get(reverse("today")).content.decode()
    link = f"{reverse('contact_list')}?told=open"
    assert f'href="{link}"' in page
    found = client.get(link).content.decode()
    assert ("Amrani" in found, "Zand" in found) == (True, False)
    assert "still to be told" in found


def test_answers_and_events_are_for_everybody_and_drafts_for_the_team(client):
    participation = make_participation()
    answer(participation=participation, status="accepted")
    draft_invitation(make_event())
    client.force_login(make_user(Role.READER))
    page = client.get(reverse("today"))
    assert [one.contact for one in page.context["answers"]] == [participation.contact]
    assert len(page.context["events"]) == 2
    assert "drafts" not in page.context
    client.force_login(make_user(Role.COMMUNICATIONS))
    assert client.get(reverse("today")).context["waiting"] == 1


def test_account_without_a_role_sees_an_empty_day(client):
    make_participation()
    client.force_login(make_user(None))
    page = client.get(reverse("today"))
    assert page.status_code == 200
    assert "answers" not in page.context
