"""What is part of what, and what the timeline tells of a change."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation

from crm.contacts.happenings import change_rows
from crm.organisations.models import Organisation
from crm.organisations.services import save_organisation
from crm.timeline.models import TimelineEntry
from tests.factories import make_organisation, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def save(organisation: Organisation, **fields: Any) -> Organisation:
    return save_organisation(
        organisation=organisation,
        name=organisation.name,
        sectors=["education"],
        primary="education",
        aliases=[],
        actor=make_user(),
        **fields,
    )


def test_nothing_becomes_a_part_of_itself_however_far_down():
    university, faculty, group = (make_organisation(name) for name in ("UT", "ITC", "Group"))
    save(faculty, parent=university)
    group = save(group, parent=faculty)
    assert group.ancestors() == [Organisation.objects.get(pk=faculty.pk), university]
    for part in (university, faculty, group):
        with pytest.raises(ValidationError):
            save(university, parent=Organisation.objects.get(pk=part.pk))
    assert Organisation.objects.get(pk=university.pk).parent is None


def test_database_refuses_a_part_of_itself_and_a_wrong_number():
    organisation = make_organisation()
    for change in ({"parent": organisation}, {"kvk_number": "1234567"}, {"size_class": "7"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Organisation.objects.filter(pk=organisation.pk).update(**change)


def test_change_reads_in_words():
    save(make_organisation("Saxion"), size_class="250+", kvk_number="12345678", postcode="7522 NB")
    diff = TimelineEntry.objects.get().words["diff"]
    assert ("size", "", "250 employees or more") in change_rows(diff)
    assert set(diff) == {"size_class", "kvk_number", "postcode"}


def test_details_that_are_not_named_stay():
    organisation = save(make_organisation("Saxion"), city="Enschede", country="DE")
    organisation = save(organisation, city="Hengelo")
    assert (organisation.city, organisation.country) == ("Hengelo", "DE")
