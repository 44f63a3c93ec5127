"""Who is known already: said while a contact is typed, and proposed as soon as somebody is brought in."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from crm.accounts.roles import Role
from crm.base import doorbell
from crm.contacts.models import Contact
from crm.duplicates import proposals
from crm.duplicates.models import DuplicatePair
from crm.duplicates.proposals import look_if_changed
from crm.imports.models import ImportBatch
from tests.crm.imports.plans import apply
from tests.factories import make_contact, make_organisation, make_user
from tests.harness.forms import fields_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(client: Client) -> Client:
    client.force_login(make_user(Role.CORE_TEAM))
    return client


@pytest.fixture
def jan() -> Contact:
    return make_contact(email="jan@example.org", organisation=make_organisation("Saxion"))


def typed(client: Client, **what: str) -> dict[str, object]:
    return {**fields_of(client.get(reverse("contact_new"))), **what}


def known(client: Client, **what: str) -> list[tuple[int, list[str]]]:
    page = client.post(reverse("contact_known"), typed(client, **what))
    return [(one.contact.pk, one.in_words) for one in page.context["known"]]


NAME = {"given_name": "jan", "infix": "van den", "family_name": "BERG"}


def test_name_or_address_that_is_known_is_said_while_one_types(member, jan):
    address = {"points-0-kind": "email", "points-0-value": " Jan@Example.org"}
    assert known(member, **NAME) == [(jan.pk, ["the same name"])]
    assert known(member, given_name="Els", **address) == [(jan.pk, ["the same e-mail address"])]
    assert known(member, **NAME, **address) == [(jan.pk, ["the same e-mail address"])]
    page = member.post(reverse("contact_known"), typed(member, **NAME)).content.decode()
    assert f'href="{jan.get_absolute_url()}"' in page
    assert "Saxion" in page


@pytest.mark.parametrize(
    "what",
    [
        {"family_name": "Berg", "infix": "van den"},
        {**NAME, "given_name": "Els"},
        {"given_name": "Jan"},
        {"given_name": "Els", "points-0-value": "jan@example"},
        {},
    ],
)
def test_nothing_is_said_of_half_a_name_or_address(member, jan, what):
    assert known(member, **what) == []


def test_number_is_known_however_it_is_written(member, jan):
    jan.contact_points.create(kind="phone", value="+31534890000")
    number = {"points-0-kind": "phone", "points-0-value": "053 - 489 00 00"}
    assert known(member, given_name="Els", **number) == [(jan.pk, ["the same telephone number"])]


def test_shared_mailbox_names_some_of_its_people(member):
    for number in range(8):
        make_contact(email="info@example.org", given_name=f"Els{number}")
    address = {"points-0-kind": "email", "points-0-value": "info@example.org"}
    assert len(known(member, given_name="Kim", **address)) == 5


def test_without_javascript_it_is_said_at_the_first_save_and_the_second_one_saves(member, jan):
    first = member.post(reverse("contact_new"), typed(member, **NAME))
    assert first.status_code == 200
    assert "Nothing is saved yet." in first.content.decode()
    assert Contact.objects.count() == 1
    second = member.post(reverse("contact_new"), fields_of(first))
    assert second["Location"] == Contact.objects.latest("pk").get_absolute_url()
    assert Contact.objects.count() == 2


def test_known_contact_is_changed_without_a_question(member, jan):
    address = reverse("contact_edit", args=[jan.pk])
    make_contact()
    assert member.post(address, fields_of(member.get(address))).status_code == 302


def pairs() -> list[tuple[int, int, list[str]]]:
    return list(DuplicatePair.objects.values_list("a", "b", "reasons"))


def test_who_comes_in_by_the_api_is_proposed_at_once(member, jan):
    body = {"family_name": "Berg", "infix": "van den", "initials": "J.", "given_name": ""}
    points = [{"kind": "email", "value": "JAN@example.org"}]
    answer = member.post(
        "/api/v1/contacts/", {**body, "contact_points": points}, content_type="application/json"
    )
    assert answer.status_code == 201, answer.content
    assert pairs() == [(jan.pk, answer.json()["id"], ["same_email", "same_family"])]


def test_who_comes_in_by_an_import_is_proposed_at_once(jan):
    jan.contact_points.create(kind="mobile", value="+31612345678")
    apply("Gijs;van den Berg;TNO;;info@example.org;;;;\n")
    Contact.objects.latest("pk").contact_points.create(kind="mobile", value="+31612345678")
    assert pairs() == []
    apply("Els;van den Berg;TNO;;jan@example.org;;;;\n")
    assert pairs() == [(jan.pk, Contact.objects.latest("pk").pk, ["same_email", "same_family"])]


def test_judged_pair_is_not_proposed_anew(member, jan):
    other = make_contact(email="jan@example.org", given_name="Els")
    DuplicatePair.objects.create(noun="contact", a=jan.pk, b=other.pk, score=0.6, state="different")
    address = reverse("contact_edit", args=[other.pk])
    member.post(address, {**fields_of(member.get(address)), "titles_before": "dr.", "given_name": "Elsa"})
    assert DuplicatePair.objects.get().state == "different"


def test_many_who_come_in_are_left_to_a_worker_at_once(monkeypatch):
    rung: list[str] = []
    monkeypatch.setattr(doorbell, "ring", rung.append)
    apply("".join(f"Els;Smit{n};TNO;;els{n}@example.org;;;;\n" for n in range(11)))
    assert rung.count(proposals.TASK) == 1


def test_no_look_while_an_import_writes_and_one_when_it_is_done(jan):
    cache.clear()
    batch = ImportBatch.objects.create(file_name="lijst.csv", state=ImportBatch.State.APPLYING)
    assert look_if_changed() is False
    ImportBatch.objects.filter(pk=batch.pk).update(state=ImportBatch.State.APPLIED)
    assert (look_if_changed(), look_if_changed()) == (True, False)


def test_look_sees_who_was_being_written_during_the_last_one(jan):
    """A long transaction: its rows are older than a look that could not see them yet."""
    cache.clear()
    look_if_changed()
    Contact.objects.filter(pk=make_contact().pk).update(updated_at=jan.updated_at)
    assert look_if_changed() is True
