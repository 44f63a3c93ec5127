"""Selections: kept from the list, chosen there and as an audience, private unless shared."""

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from crm.accounts.models import User
from crm.accounts.roles import Role
from crm.directory.segments.models import Segment
from crm.directory.segments.services import as_stored
from engagement.mailings.models import Mailing
from tests.factories import make_contact, make_event, make_organisation, make_user

pytestmark = pytest.mark.django_db

RESEARCHERS = {"sector": ["research"]}


@pytest.fixture
def user(client: Client) -> User:
    user = make_user()
    client.force_login(user)
    make_contact(family_name="Zoeker", organisation=make_organisation("Lab", "research"))
    make_contact(family_name="Maker", organisation=make_organisation("Werkplaats", "entrepreneurs"))
    return user


def make_segment(owner: User, **fields: object) -> Segment:
    return Segment.objects.create(**{"name": "Onderzoek", "filter": RESEARCHERS, "owner": owner, **fields})


def names_on(client: Client, path: str) -> list[str]:
    return [row.contact.family_name for row, _cells in client.get(path).context["table"]]


def test_filter_is_kept_as_it_stands_in_the_address(client, user):
    path = f"{reverse('segment_new')}?q=zoek&sector=research&sector=education&theme=&after=3"
    response = client.post(path, {"name": "Onderzoek", "shared": "on"})
    segment = Segment.objects.get()
    assert response["Location"] == segment.get_absolute_url()
    assert segment.filter == {"q": ["zoek"], "sector": ["research", "education"]}
    assert (segment.owner, segment.shared) == (user, True)
    assert as_stored(segment.query()) == segment.filter


def test_list_of_a_selection_shows_who_is_in_it_under_its_name(client, user):
    segment = make_segment(user)
    page = client.get(segment.get_absolute_url())
    assert [row.contact.family_name for row, _cells in page.context["table"]] == ["Zoeker"]
    assert "Onderzoek</span></h1>" in page.content.decode()
    assert [chip.value for chip in page.context["chips"]] == ["Research"]


def test_export_of_a_selection_holds_who_is_in_it(client, user):
    path = reverse("contact_export", args=["json"])
    exported = client.get(path, {"segment": make_segment(user).pk})
    text = b"".join(exported).decode()
    assert ("Zoeker" in text, "Maker" in text) == (True, False)
    assert client.get(path, {"segment": make_segment(make_user()).pk}).status_code == 404


@pytest.mark.same_on_both
def test_list_offers_to_keep_a_filter_but_not_everybody(client, user):
    save = f"{reverse('segment_new')}?"
    assert (
        f"{save}sector=research" in client.get(f"{reverse('contact_list')}?sector=research").content.decode()
    )
    assert save not in client.get(reverse("contact_list")).content.decode()


@pytest.mark.same_on_both
def test_nothing_chosen_wrong_or_a_name_twice_is_refused(client, user):
    make_segment(user)
    for query, name in (("", "Allen"), ("sector=x", "Fout"), ("sector=research", "Onderzoek"), ("q=a", "")):
        response = client.post(f"{reverse('segment_new')}?{query}", {"name": name})
        assert response.status_code == 200, query
        assert response.context["form"].errors, query
    assert Segment.objects.count() == 1


def test_private_selection_of_somebody_else_is_not_there(client, user):
    hidden = make_segment(make_user())
    event = make_event()
    for path in (
        hidden.get_absolute_url(),
        reverse("segment_edit", args=[hidden.pk]),
        f"{reverse('event_invite', args=[event.pk])}?segment={hidden.pk}",
    ):
        assert client.get(path).status_code == 404, path
    assert client.post(reverse("segment_delete", args=[hidden.pk])).status_code == 404
    assert list(client.get(reverse("segment_list")).context["segments"]) == []
    assert list(client.get(reverse("segment_menu")).context["segments"]) == []
    assert client.get(reverse("segment_menu"), {"segment": hidden.pk}).status_code == 404


def test_shared_selection_is_for_everybody_who_sees_contacts():
    shared = make_segment(make_user(), shared=True)
    client = Client()
    client.force_login(make_user(Role.READER))
    assert client.get(shared.get_absolute_url()).status_code == 200
    assert client.get(reverse("segment_edit", args=[shared.pk])).status_code == 403


def test_name_and_readers_change_and_the_filter_stays(client, user):
    segment = make_segment(user)
    client.post(reverse("segment_edit", args=[segment.pk]), {"name": "Labs", "shared": "on"})
    segment.refresh_from_db()
    assert (segment.name, segment.shared, segment.filter) == ("Labs", True, RESEARCHERS)


def test_removed_selection_is_gone(client, user):
    path = reverse("segment_delete", args=[make_segment(user).pk])
    assert "Remove the selection" in client.post(path).content.decode()
    client.post(path, {"confirmed": "yes"})
    assert not Segment.objects.exists()


@pytest.mark.same_on_both
def test_selection_fills_the_filter_of_an_audience(client, user):
    segment, event = make_segment(user), make_event()
    path = reverse("event_invite", args=[event.pk])
    page = client.get(path, {"segment": segment.pk})
    assert [person.family_name for person in page.context["rows"]] == ["Zoeker"]
    client.post(path, {**RESEARCHERS, "save": "1", "seen": page.context["invitees"].seen})
    mailing = Mailing.objects.get()
    assert mailing.audience == RESEARCHERS
    assert [recipient.contact.family_name for recipient in mailing.recipients.all()] == ["Zoeker"]


def test_theme_that_went_makes_the_audience_empty_not_everybody(client, user):
    segment = make_segment(user, filter={"theme": ["gone"]})
    page = client.get(reverse("event_invite", args=[make_event().pk]), {"segment": segment.pk})
    assert "rows" not in page.context


def test_query_is_that_of_the_list():
    assert Segment(filter={"q": ["a b"], "sector": ["x", "y"]}).query() == QueryDict(
        "q=a+b&sector=x&sector=y"
    )


def test_selections_come_in_below_the_links_of_the_menu(client, user):
    """What is fetched when the menu opens must not move a link from under whoever is about to click it."""
    page = client.get(reverse("contact_list"), RESEARCHERS).text
    assert page.index(reverse("segment_new")) < page.index(reverse("segment_menu"))
