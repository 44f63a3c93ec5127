"""The pages on which many contacts are changed."""

import pytest
from django.test import Client
from django.urls import reverse

from crm.accounts.models import User
from crm.contacts.models import Contact
from crm.directory.bulk import services
from crm.directory.bulk.models import BulkAction
from crm.themes.models import Tag
from tests.crm.directory.contacts.test_views import texts
from tests.factories import make_contact, make_organisation, make_theme, make_user

pytestmark = pytest.mark.django_db
NEW = reverse("bulk_new")


@pytest.fixture
def user(client: Client) -> User:
    user = make_user()
    client.force_login(user)
    make_contact(family_name="Zoeker", organisation=make_organisation("Lab", "research"))
    make_contact(family_name="Maker", organisation=make_organisation("Werkplaats", "entrepreneurs"))
    return user


def test_from_the_filter_over_the_plan_to_the_undo(client, user):
    page = texts(client.get(f"{NEW}?sector=research"))
    assert "Change 1 contact" in page
    response = client.post(f"{NEW}?sector=research", {"kind": "add tag", "tags": "Kennispark"})
    action = BulkAction.objects.get()
    assert response["Location"] == action.get_absolute_url()
    assert (action.filter, action.created_by) == ({"sector": ["research"]}, user)
    page = client.get(action.get_absolute_url())
    assert page.context["figures"] == [("will change", 1)]
    assert "Nothing has changed yet" in texts(page)
    client.post(reverse("bulk_start", args=[action.pk]))
    assert [person.family_name for person in Tag.objects.get().contacts.all()] == ["Zoeker"]
    assert client.get(action.get_absolute_url()).context["figures"] == [("changed", 1)]
    client.post(reverse("bulk_undo", args=[action.pk]))
    assert Tag.objects.get().contacts.count() == 0
    assert "Add the tag “Kennispark”" in texts(client.get(reverse("bulk_list")))


def test_ticked_rows_only(client, user):
    maker = Contact.objects.get(family_name="Maker")
    query = f"?ticked=1&pick={maker.pk}"
    client.post(NEW + query, {"kind": "add theme", "theme": make_theme().pk})
    assert [row.contact for row in BulkAction.objects.get().rows.all()] == [maker]


@pytest.mark.same_on_both
@pytest.mark.parametrize("query", ["ticked=1", "ticked=1&pick=x", "sector=x", "not_heard_since=soon"])
def test_nobody_ticked_or_a_wrong_filter_never_means_everybody(client, user, query):
    for response in (client.get(f"{NEW}?{query}"), client.post(f"{NEW}?{query}", {"kind": "add tag"})):
        assert response["Location"] == reverse("contact_list")
    assert not BulkAction.objects.exists()


def test_picks_that_are_all_gone_are_nobody(client, user):
    client.post(f"{NEW}?ticked=1&pick={10**9}", {"kind": "add tag", "tags": "x"})
    assert BulkAction.objects.get().rows.count() == 0


def test_without_a_filter_it_says_that_this_is_about_everybody(client, user):
    assert "this is about everybody" in texts(client.get(NEW))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({}, "This field is required"),
        ({"kind": "delete"}, "Select a valid choice"),
        ({"kind": "add tag"}, "Type one tag"),
        ({"kind": "add tag", "tags": "a, b"}, "Type one tag"),
        ({"kind": "remove tag", "tags": "no such"}, "There is no such tag"),
        ({"kind": "add theme"}, "Choose a theme"),
        ({"kind": "permission"}, "Say which mail"),
        ({"kind": "permission", "purpose": "newsletter"}, "Choose yes or no"),
        ({"kind": "permission", "purpose": "newsletter", "allowed": "yes", "reason": " "}, "Say why"),
        (
            {"kind": "permission", "purpose": "newsletter", "allowed": "yes", "reason": "x" * 201},
            "at most 200",
        ),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_planned(client, user, data, message):
    assert message in texts(client.post(NEW, data))
    assert not BulkAction.objects.exists()
    assert not Tag.objects.exists()


def test_plan_says_whom_it_cannot_change(client, user):
    zoeker, _maker = Contact.objects.order_by("-family_name")
    zoeker.preferences.create(
        purpose="newsletter", allowed=False, legal_basis="consent", since=zoeker.created_at
    )
    client.post(NEW, {"kind": "permission", "purpose": "newsletter", "allowed": "yes", "reason": "the fair"})
    page = client.get(BulkAction.objects.get().get_absolute_url())
    assert [number for _word, number in page.context["figures"]] == [1, 1]
    assert "only they can take that back" in texts(page)


def test_running_one_shows_how_far_it_is(client, user, monkeypatch):
    monkeypatch.setattr(services, "AT_ONCE", 0)
    client.post(NEW, {"kind": "add tag", "tags": "x"})
    action = BulkAction.objects.get()
    client.post(reverse("bulk_start", args=[action.pk]))
    assert "0 of 2 contacts" in texts(client.get(action.get_absolute_url()))
    path = reverse("bulk_progress", args=[action.pk])
    assert "HX-Refresh" not in client.get(path, headers={"HX-Request": "true"})
    services.work_off()
    assert client.get(path, headers={"HX-Request": "true"})["HX-Refresh"] == "true"


@pytest.mark.same_on_both
def test_second_decision_is_told_and_changes_nothing(client, user):
    client.post(NEW, {"kind": "add tag", "tags": "x"})
    action = BulkAction.objects.get()
    for name in ("bulk_undo", "bulk_start", "bulk_start", "bulk_discard"):
        response = client.post(reverse(name, args=[action.pk]), follow=True)
    assert "decided already" in texts(response)
    assert Tag.objects.get().contacts.count() == 2
