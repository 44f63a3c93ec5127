"""What is still used says where, and only what is not used can go."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.test import Client
from django.urls import reverse
from django.utils import translation

from crm.accounts.roles import Role
from crm.base.parts import delete_unused, parts_of
from crm.contacts.models import Contact
from crm.duplicates.merging import merge
from crm.duplicates.models import DuplicatePair
from crm.organisations.models import Organisation
from crm.preferences.models import Purpose, Source
from crm.preferences.services import record_consent
from tests.factories import (
    draft_invitation,
    invite_everybody,
    make_contact,
    make_event,
    make_organisation,
    make_seat,
    make_term,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def adviser(client: Client) -> Client:
    client.force_login(make_user(Role.COMMUNICATIONS))
    return client


def test_contact_used_nowhere_goes_with_what_is_theirs(adviser):
    contact = make_contact(organisation=make_organisation())
    path = reverse("contact_delete", args=[contact.pk])
    assert "Used nowhere else" in adviser.get(path).content.decode()
    assert Contact.objects.exists()
    assert adviser.post(path)["Location"] == reverse("contact_list")
    assert not Contact.objects.exists()
    assert Organisation.objects.exists()


@pytest.mark.same_on_both
def test_contact_in_use_says_where_and_stays(adviser):
    contact, event = make_contact(), make_event()
    invite_everybody(event)
    draft_invitation(event)
    term = make_term(contact=contact)
    record_consent(contact=contact, purpose=Purpose.NEWSLETTER, allowed=False, source=Source.STAFF)
    path = reverse("contact_delete", args=[contact.pk])
    for response in (adviser.get(path), adviser.post(path)):
        page = response.content.decode()
        assert {use.words for use in response.context["uses"]} == {
            "seats in bodies",
            "invitations to events",
            "mails to this person",
            "audiences of mailings",
            "answers about mail, in the ledger",
        }
        assert f'href="{event.get_absolute_url()}"' in page
        assert f'href="{term.seat.body.get_absolute_url()}"' in page
    assert Contact.objects.filter(pk=contact.pk).exists()


def test_organisation_in_use_says_where_and_stays(adviser):
    organisation = make_organisation("Saxion")
    contact = make_contact(organisation=organisation)
    make_seat(organisation=organisation)
    Organisation.objects.create(name="ITC", parent=organisation)
    path = reverse("organisation_delete", args=[organisation.pk])
    page = adviser.post(path)
    words = {use.words for use in page.context["uses"]}
    assert words == {"functions of people", "seats in bodies", "organisations that are part of it"}
    assert f'href="{contact.get_absolute_url()}"' in page.content.decode()
    assert Organisation.objects.filter(pk=organisation.pk).exists()


def test_organisation_used_nowhere_goes(adviser):
    organisation = make_organisation()
    adviser.post(reverse("organisation_delete", args=[organisation.pk]))
    assert not Organisation.objects.exists()


# Fields that look like keys and are none to a contact or organisation.
NO_KEYS = {
    "crm.BulkActionRow.link",  # the row between contact and tag
    "crm.Contact.external_id",
    "crm.Contact.sort_key",
    "crm.Contact.surname_key",
    "crm.Link.subject",  # what the link opens, such as an answer, which moves it along
    "crm.Organisation.external_id",
    "engagement.Statement.external_id",
    "crm.Organisation.key",
    "crm.OrganisationAlias.key",
    "crm.Tag.key",
    "crm.TextDocument.object_id",  # of a generic relation; what is found by it goes with it
    "engagement.Attachment.key",
    "engagement.Code.key",
    "engagement.Edition.subject",
    "engagement.HistoricalDecision_items.id",  # of what a decision was about, not of anybody
    "engagement.Mailing.about_id",
    "engagement.Message.about_id",
    "engagement.Message.key",
}
WHOLES = (Contact, Organisation)
NAMES_OF_KEYS = re.compile(r"(.*_)?(key|keys|id|ids|subject|candidates|filter|audience|link|a|b)")


def our_models() -> list[Any]:
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in ("crm", "engagement") and not hasattr(model, "history_type")
    ]


def test_every_foreign_key_to_a_contact_or_organisation_is_declared():
    declared = {(part.model, part.owner) for whole in WHOLES for part in parts_of(whole)}
    found = {
        (model, field.name)
        for model in our_models()
        for field in model._meta.concrete_fields
        if field.is_relation and field.related_model in WHOLES
    }
    assert found - declared == set()
    assert len(found) > 20


def test_every_field_that_looks_like_a_key_is_declared_or_known_to_be_none():
    """A key without a relation is found by its type or name; a new one is to be declared or listed above."""
    declared = {(part.model, part.owner) for whole in WHOLES for part in parts_of(whole)}
    suspects = {
        f"{model._meta.label}.{field.name}"
        for model in our_models()
        for field in model._meta.concrete_fields
        if not (field.is_relation or field.primary_key or field.choices)
        and (type(field) is models.BigIntegerField or NAMES_OF_KEYS.fullmatch(field.name))
        and (model, field.name) not in declared
    }
    assert suspects == NO_KEYS


def test_history_of_a_part_is_declared_with_it():
    """What simple-history keeps of a part is told and forgotten with its owner."""
    for whole in WHOLES:
        for part in parts_of(whole):
            has_history = hasattr(part.model, "history") and part.held
            assert part.history == has_history, part


def test_contact_takes_its_history_and_that_of_those_merged_into_it_along():
    kept, gone = make_contact(given_name="Jan"), make_contact(given_name="Johan")
    number = gone.pk
    merge(kept=kept, gone=gone, by=make_user())
    delete_unused(Contact.objects.get(pk=kept.pk))
    for part in parts_of(Contact):
        if part.history:
            assert not part.model.history.filter(contact__in=[kept.pk, number]).exists()
    assert not Contact.history.exists()


def test_proposal_goes_with_either_of_the_two():
    one, other = make_contact(), make_contact()
    DuplicatePair.objects.create(noun="contact", a=one.pk, b=other.pk, score=1.0)
    DuplicatePair.objects.create(noun="organisation", a=one.pk, b=other.pk, score=1.0)
    delete_unused(other)
    assert [pair.noun for pair in DuplicatePair.objects.all()] == ["organisation"]
