"""Searching everything: each kind under its heading, and only what the reader may see."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from crm.accounts.roles import Role
from crm.base.finding import MOST, providers
from crm.bodies.models import Body
from crm.bodies.services import save_body
from engagement.search.providers import search
from tests.factories import make_contact, make_event, make_interview, make_organisation, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def something() -> None:
    place = make_organisation("Kampus Twente")
    contact = make_contact(family_name="Kampman", organisation=place)
    make_event(title_nl="Sessie kampus", title_en="Session kampus")
    interview = make_interview(held_at=timezone.now())
    interview.contacts.add(contact)


@pytest.mark.parametrize(
    ("role", "seen"),
    [
        (Role.COMMUNICATIONS, ["contacts.view", "organisations.view", "events.view", "interviews.view"]),
        (Role.READER, ["contacts.view", "organisations.view", "events.view"]),
        (None, []),
    ],
)
def test_each_role_finds_what_it_may_see(something, role, seen):
    client = Client()
    client.force_login(make_user(role))
    groups = client.get(reverse("search"), {"q": "kamp"}).context["groups"]
    assert [group.provider.capability for group in groups] == seen


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("kampman", [0, 4]),
        ("sessie KAMPUS", [3]),
        ("twente kampus", [0, 1, 4]),
        ("%", []),
        ("", []),
        ("q", []),
    ],
)
def test_finds_by_every_word(something, text, kinds):
    found = search(text, make_user())
    assert [providers().index(group.provider) for group in found] == kinds


def test_more_than_a_handful_says_so_and_leads_to_the_list(client):
    for number in range(MOST + 1):
        make_contact(family_name=f"Jansen {number}")
    client.force_login(make_user())
    response = client.get(reverse("search"), {"q": "jansen"})
    (group,) = response.context["groups"]
    assert (len(group.hits), group.more) == (MOST, True)
    assert f"{reverse('contact_list')}?q=jansen" in response.content.decode()


def test_dialog_gets_the_results_alone(client, something):
    client.force_login(make_user())
    part = client.get(reverse("search"), {"q": "kamp"}, headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
    assert part.content.decode().count("data-hit") == 4


def test_piece_of_a_text_is_shown_escaped_and_marked(client):
    save_body(body=Body(name_nl="Kerngroep", purpose="Houdt <b>labs</b> & huizen bijeen."))
    client.force_login(make_user(Role.READER))
    page = client.get(reverse("search"), {"q": "lab huizen"}).content.decode()
    assert "Houdt &lt;b&gt;<mark>labs</mark>&lt;/b&gt; &amp; <mark>huizen</mark> bijeen." in page


def test_too_long_or_nul_finds_nothing_and_says_why(client):
    client.force_login(make_user())
    for text in ("x" * 101, "a\0b"):
        response = client.get(reverse("search"), {"q": text})
        assert (response.status_code, response.context["groups"]) == (200, [])
        assert list(response.context["form"].errors) == ["q"]


def test_every_page_has_the_dialog_and_the_single_key_is_a_choice(client):
    for shortcuts in (True, False):
        client.force_login(make_user(shortcuts=shortcuts))
        page = client.get(reverse("contact_list")).content.decode()
        assert 'id="search-dialog"' in page
        assert ("data-single-key" in page) is shortcuts


def test_queries_do_not_grow_with_what_is_found(client, django_assert_max_num_queries):
    for number in range(8):
        contact = make_contact(family_name=f"Kampman {number}", organisation=make_organisation())
        make_interview(held_at=timezone.now()).contacts.add(contact)
    user = make_user()
    with django_assert_max_num_queries(15):
        search("kampman", user)
