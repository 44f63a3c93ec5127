"""Saving a contact as a whole."""

from datetime import date
from typing import Any

import pytest

from crm.contacts.models import Contact
from crm.contacts.services import AffiliationInput, PointInput, save_contact
from crm.organisations.models import Organisation
from crm.timeline.models import TimelineEntry
from tests.factories import make_organisation, make_user

pytestmark = pytest.mark.django_db

EMAIL = PointInput("email", "jan@example.org", preferred=True)


def save(contact: Contact | None = None, **changes: Any) -> Contact:
    given = {
        "fields": {"given_name": "Jan", "infix": "van den", "family_name": "Berg"},
        "themes": [],
        "points": [EMAIL],
        "affiliations": [],
        "actor": make_user(),
    }
    return save_contact(contact=contact, **{**given, **changes})


def test_new_contact_stands_on_the_timeline():
    contact = save(affiliations=[AffiliationInput(organisation="Lumen Fotonica", job_title="CEO")])
    assert str(contact) == "Jan van den Berg"
    assert contact.email() == "jan@example.org"
    assert str(contact.affiliations.get()) == "CEO, Lumen Fotonica"
    entry = TimelineEntry.objects.get(contact=contact)
    assert (entry.kind, entry.words) == ("contact.created", {"by": str(entry.actor)})


def test_change_is_recorded_as_a_difference():
    contact = save()
    save(contact, fields={"family_name": "Bergh"}, points=[PointInput("email", "j@example.org")])
    entry = TimelineEntry.objects.get(kind="contact.changed")
    assert entry.words["diff"] == {
        "family_name": ["Berg", "Bergh"],
        "email": ["jan@example.org", "j@example.org"],
    }


def test_no_change_leaves_no_entry():
    contact = save()
    save(contact)
    assert not TimelineEntry.objects.filter(kind="contact.changed").exists()


def test_changed_address_loses_the_state_of_the_old_one():
    contact = save()
    contact.contact_points.update(state="bounced")
    assert save(contact).email() == ""
    assert save(contact, points=[PointInput("email", "new@example.org")]).email() == "new@example.org"


def test_preferred_moves_to_another_address():
    contact = save(points=[EMAIL, PointInput("email", "b@example.org")])
    save(contact, points=[PointInput("email", EMAIL.value), PointInput("email", "b@example.org", True)])
    assert contact.email() == "b@example.org"


def test_organisation_typed_by_an_other_name_is_found():
    known = make_organisation("Hengelo (O)", "government")
    contact = save(affiliations=[AffiliationInput(organisation="Gemeente Hengelo (O.)")])
    assert contact.affiliations.get().organisation == known
    assert Organisation.objects.count() == 1


def test_function_ends_and_a_new_one_at_the_same_place_begins_in_one_go():
    twente = make_organisation("Universiteit Twente")
    contact = save(affiliations=[AffiliationInput(organisation=twente, job_title="hoogleraar")])
    old = contact.affiliations.get()
    save(
        contact,
        affiliations=[
            AffiliationInput(organisation=twente, job_title="decaan"),
            AffiliationInput(
                organisation=twente, pk=old.pk, job_title="hoogleraar", ended_on=date(2026, 1, 1)
            ),
        ],
    )
    assert set(contact.affiliations.values_list("job_title", "ended_on")) == {
        ("decaan", None),
        ("hoogleraar", date(2026, 1, 1)),
    }


def test_unnamed_rows_are_removed():
    contact = save(affiliations=[AffiliationInput(organisation="Saxion")])
    save(contact, points=[], affiliations=[])
    assert (contact.contact_points.count(), contact.affiliations.count()) == (0, 0)


def test_affiliation_of_somebody_else_cannot_be_changed():
    theirs = save(affiliations=[AffiliationInput(organisation="Saxion")]).affiliations.get()
    mine = save(affiliations=[AffiliationInput(organisation="Lumen", pk=theirs.pk)])
    theirs.refresh_from_db()
    assert str(theirs.organisation) == "Saxion"
    assert str(mine.affiliations.get().organisation) == "Lumen"
