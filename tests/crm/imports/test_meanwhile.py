"""What changed between planning an import and applying it: nobody is there twice."""

from datetime import timedelta

import pytest
from django.utils import timezone

from crm.contacts.models import Contact
from crm.contacts.services import PointInput, save_contact
from crm.imports import background
from tests.crm.imports.plans import JAN, apply, stored
from tests.factories import make_contact, make_user

pytestmark = pytest.mark.usefixtures("themes")


@pytest.mark.django_db
def test_row_whose_person_was_added_meanwhile_is_refused_and_the_others_go_on() -> None:
    batch = stored(JAN + "Els;Smit;Saxion;;els@example.org;;;;\n")
    make_contact(given_name="Jan", infix="", family_name="Bos", email="jan@example.org")
    background.apply_now(batch=batch)
    assert [row.action for row in batch.rows.all()] == ["refused", "new"]
    assert batch.rows.first().reason
    assert Contact.objects.count() == 2


@pytest.mark.django_db
def test_person_added_meanwhile_is_found_among_thousands() -> None:
    batch = stored(JAN)
    others = [Contact(family_name=f"Ander{n}", sort_key="ander", surname_key="ander") for n in range(5001)]
    Contact.objects.bulk_create(others, batch_size=1000)
    make_contact(given_name="Jan", infix="", family_name="Bos", email="jan@example.org")
    background.apply_now(batch=batch)
    assert [row.action for row in batch.rows.all()] == ["refused"]
    assert Contact.objects.filter(family_name="Bos").count() == 1


@pytest.mark.django_db
def test_two_overlapping_lists_that_were_planned_side_by_side_make_nobody_double() -> None:
    first, second = stored(JAN), stored(JAN + "Els;Smit;Saxion;;els@example.org;;;;\n")
    background.apply_now(batch=first)
    background.apply_now(batch=second)
    assert [row.action for row in second.rows.all()] == ["refused", "new"]
    assert Contact.objects.count() == 2


@pytest.mark.django_db
def test_known_person_who_got_that_address_meanwhile_is_no_newcomer() -> None:
    jan = make_contact(given_name="Jan", initials="", infix="", family_name="Bos", email="bos@example.org")
    batch = stored(JAN)
    Contact.objects.update(updated_at=timezone.now() - timedelta(days=1))
    assert batch.rows.get().action == "new"
    save_contact(
        contact=jan,
        fields={},
        themes=[],
        points=[PointInput("email", "bos@example.org"), PointInput("email", "jan@example.org")],
        affiliations=[],
        actor=make_user(),
    )
    background.apply_now(batch=batch)
    assert batch.rows.get().action == "refused"
    assert Contact.objects.count() == 1


@pytest.mark.django_db
def test_row_whose_contact_was_removed_meanwhile_is_refused() -> None:
    apply(JAN)
    batch = stored(JAN.replace("docent", "lector"))
    Contact.objects.all().delete()
    background.apply_now(batch=batch)
    assert batch.rows.get().action == "refused"
