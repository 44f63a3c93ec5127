"""What a noun brings that crm knows nothing of: each way in which Kwartet is open, tried as its user."""

import re
from datetime import date

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crm.accounts.roles import MATRIX, TEAM, Role
from crm.base.happenings import Happening, about, tell
from crm.base.parts import StillInUse
from crm.contacts import facets
from crm.contacts.models import Contact
from crm.contacts.services import delete_contact
from crm.directory.contacts.columns import choose_columns
from crm.duplicates.merging import merge, undo
from crm.links.services import LinkError, link_for, open_link, token_of
from crm.preferences.links import PREFERENCES
from tests.factories import make_contact, make_user
from tests.small_app.coffees.happenings import DRUNK
from tests.small_app.coffees.links import INVITED
from tests.small_app.coffees.models import Coffee

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.small_app.urls")]
LIST = reverse("contact_list")


@pytest.fixture
def client(client: Client, monkeypatch: pytest.MonkeyPatch) -> Client:
    """Of somebody who may see coffees."""
    monkeypatch.setitem(MATRIX, "coffees.view", TEAM)
    user = make_user(Role.ADMIN)
    choose_columns(user=user, names=["coffees"])
    client.force_login(user)
    return client


@pytest.fixture
def coffee() -> Coffee:
    make_contact(family_name="Thee", infix="")
    return Coffee.objects.create(contact=make_contact(family_name="Bos", infix=""), sort="espresso")


def texts(page: str) -> str:
    return re.sub(r"\s+", " ", page)


def test_filter_narrows_the_list_and_the_api_and_shows_a_chip(client, coffee):
    page = client.get(LIST, {"coffee": "espresso"})
    assert [row.contact for row, _cells in page.context["table"]] == [coffee.contact]
    assert [(chip.key, chip.value) for chip in page.context["chips"]] == [("Koffie", "espresso")]
    assert 'name="coffee"' in page.content.decode()
    found = client.get("/api/v1/contacts/", {"coffee": "espresso"}).json()
    assert [one["id"] for one in found["results"]] == [coffee.contact.pk]


def test_column_is_loaded_for_a_page_at_once(client, coffee):
    Coffee.objects.create(contact=coffee.contact, sort="espresso")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        page = client.get(LIST)
    assert [cells[0].text for _row, cells in page.context["table"]] == ["2", "–"]
    assert len([one for one in queries if "small_app_coffee" in one["sql"]]) == 1


def test_happening_stands_on_the_timeline_and_leads_to_its_page(client, coffee, monkeypatch):
    monkeypatch.setattr(facets, "_HEARD", [lambda contacts: dict.fromkeys(contacts, date(2026, 5, 4))])
    with transaction.atomic():
        tell(Happening(DRUNK, [coffee.contact.pk], about=about(coffee), words={"title": "<b>espresso</b>"}))
    coffee.contact.refresh_from_db()
    assert coffee.contact.last_heard_on == date(2026, 5, 4)
    address = coffee.contact.get_absolute_url()
    page = texts(client.get(address).content.decode())
    assert f'Had a <a href="{coffee.get_absolute_url()}">&lt;b&gt;espresso&lt;/b&gt;</a>' in page
    monkeypatch.setitem(MATRIX, "coffees.view", frozenset())
    page = client.get(address).content.decode()
    assert "Had a &lt;b&gt;espresso" in page
    assert coffee.get_absolute_url() not in page
    monkeypatch.setitem(MATRIX, "coffees.view", TEAM)
    gone = coffee.get_absolute_url()
    coffee.delete()
    assert gone not in client.get(address).content.decode()


def test_link_of_its_own_purpose_opens_that_and_nothing_else(coffee):
    token = token_of(link_for(contact=coffee.contact, purpose=INVITED, subject=str(coffee.pk)))
    assert open_link(token, INVITED).subject == str(coffee.pk)
    with pytest.raises(LinkError):
        open_link(token, PREFERENCES)
    with pytest.raises(KeyError):
        link_for(contact=coffee.contact, purpose="tea")


def test_part_stands_in_the_way_moves_in_a_merge_and_comes_back(coffee):
    with pytest.raises(StillInUse, match="coffees: 1"):
        delete_contact(contact=coffee.contact)
    kept, user = make_contact(), make_user()
    merged = merge(kept=kept, gone=coffee.contact, by=user)
    assert [one.contact for one in Coffee.objects.all()] == [kept]
    undo(merged=merged, by=user)
    assert [one.contact_id for one in Coffee.objects.all()] == [coffee.contact_id]
    assert Contact.objects.filter(pk=coffee.contact_id).exists()


def test_menu_search_and_page_of_a_contact_lead_to_it(client, coffee):
    page = client.get(coffee.contact.get_absolute_url()).content.decode()
    assert page.count('href="/coffees/"') >= 1
    assert f'href="/coffees/?contact={coffee.contact.pk}"' in page
    assert "espresso" in client.get(reverse("search"), {"q": "espresso"}).content.decode()
    client.force_login(make_user(Role.READER))
    assert "/coffees/" not in client.get(coffee.contact.get_absolute_url()).content.decode()
