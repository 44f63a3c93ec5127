"""The pages of organisations."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from crm.accounts.roles import Role
from crm.organisations.models import Organisation
from crm.timeline.models import TimelineEntry
from tests.factories import make_contact, make_organisation, make_user

pytestmark = pytest.mark.django_db
LIST = "/organisations/"


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(make_user(Role.CORE_TEAM))
    return client


def form_data(**changes: Any) -> dict[str, Any]:
    return {
        "name": "Universiteit Twente",
        "sectors": ["education", "research"],
        "primary": "research",
        "aliases": "UT\n\nUniversity of Twente\nuniversiteit twente",
        "city": "Enschede",
        "website": "www.example.org",
        "kvk_number": "1234 5678",
        "street": "Drienerlolaan",
        "house_number": "5",
        "postcode": "7522nb",
        "country": "NL",
        "size_class": "250+",
        **changes,
    }


def test_list_searches_names_and_aliases_and_filters_by_sector(staff):
    make_organisation("Saxion", "education", "research")
    twente = make_organisation("Universiteit Twente", "education")
    twente.aliases.create(name="UT Enschede")

    def found(**query: str) -> list[str]:
        return [row.name for row in staff.get(LIST, query).context["page"].rows]

    assert found() == ["Saxion", "Universiteit Twente"]
    assert found(q="enschede ut") == ["Universiteit Twente"]
    assert found(sector="research") == ["Saxion"]
    assert found(q="sax", sector="government") == []


def test_list_counts_people_now_and_says_bad_filters(staff):
    organisation = make_organisation("Saxion", "education")
    make_contact(organisation=organisation)
    make_contact(organisation=organisation).affiliations.update(ended_on="2026-01-01")
    assert staff.get(LIST).context["page"].rows[0].people == 1
    response = staff.get(LIST + "?sector=x&q=%00")
    assert response.content.decode().count("errorlist") == 2


def test_list_takes_a_fixed_number_of_queries(staff, django_assert_max_num_queries):
    make_organisation()
    with django_assert_max_num_queries(20) as few:
        staff.get(LIST)
    for _ in range(5):
        make_contact(organisation=make_organisation())
    with django_assert_max_num_queries(len(few.captured_queries)):
        staff.get(LIST)


def test_page_shows_people_and_what_happened_with_them(staff):
    organisation = make_organisation("Saxion", "education", "research")
    contact = make_contact(organisation=organisation)
    staff.post(reverse("contact_preferences", args=[contact.pk]), {"newsletter": "yes", "detail": "said so"})
    response = staff.get(organisation.get_absolute_url())
    assert "Jan van den <b>Berg</b>" in response.content.decode()
    assert [entry.kind for entry in response.context["timeline"].entries] == ["preference.newsletter.yes"]


def test_new_organisation_is_saved_with_its_other_names(staff):
    response = staff.post(reverse("organisation_new"), form_data())
    organisation = Organisation.objects.get()
    assert response["Location"] == organisation.get_absolute_url()
    assert organisation.sector_list() == ["research", "education"]
    assert set(organisation.aliases.values_list("name", flat=True)) == {"UT", "University of Twente"}
    assert organisation.website == "https://www.example.org"


def test_change_is_recorded_as_a_difference_and_no_change_is_not(staff):
    staff.post(reverse("organisation_new"), form_data())
    organisation = Organisation.objects.get()
    edit = reverse("organisation_edit", args=[organisation.pk])
    assert "University of Twente" in staff.get(edit).content.decode()
    staff.post(edit, form_data())
    staff.post(edit, form_data(name="UTwente", primary="education", aliases="UT"))
    entry = TimelineEntry.objects.exclude(kind="organisation.created").get()
    assert entry.words["diff"] == {
        "name": ["Universiteit Twente", "UTwente"],
        "sectors": ["research, education", "education, research"],
        "aliases": ["UT, University of Twente", "UT"],
    }


@pytest.mark.same_on_both
@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": ""}, "This field is required"),
        ({"name": "Gemeente Utrecht"}, "goes by this name already"),
        ({"primary": ""}, "Say which of these comes first"),
        ({"primary": "government"}, "Choose one of the O"),
        ({"sectors": ["x"]}, "Select a valid choice"),
        ({"website": "javascript:alert(1)"}, "Enter a valid URL"),
        ({"aliases": "x" * 201}, "at most 200 characters"),
        ({"city": "a\x00"}, "Null characters"),
        ({"kvk_number": "1234567"}, "A KvK number has 8 digits"),
        ({"postcode": "75 NB"}, "is not a Dutch postcode"),
        ({"country": "XX"}, "Select a valid choice"),
        ({"parent": "9" * 30}, "Select a valid choice"),
    ],
)
def test_error_is_said_and_what_was_typed_is_kept(staff, changes, message):
    make_organisation("Utrecht", "government")
    response = staff.post(reverse("organisation_new"), form_data(**changes))
    page = response.content.decode()
    assert message in page
    assert changes.get("name", "Universiteit Twente") in page
    assert Organisation.objects.count() == 1


def test_details_and_parts_stand_on_the_page(staff):
    whole = make_organisation("Universiteit")
    staff.post(reverse("organisation_new"), form_data(parent=whole.pk))
    part = Organisation.objects.get(parent=whole)
    assert (part.postcode, part.kvk_number) == ("7522 NB", "12345678")
    page = staff.get(part.get_absolute_url()).content.decode()
    for shown in ("Drienerlolaan 5", "7522 NB Enschede", "12345678", "250 employees", "Part of"):
        assert shown in page
    assert part.name in staff.get(whole.get_absolute_url()).content.decode()
    circle = staff.post(
        reverse("organisation_edit", args=[whole.pk]), form_data(name="Universiteit", parent=part.pk)
    )
    assert "is a part of this organisation itself" in circle.content.decode()


def test_one_sector_is_the_first_by_itself(staff):
    staff.post(reverse("organisation_new"), form_data(sectors=["education"], primary=""))
    assert Organisation.objects.get().sectors.get().primary


def test_reader_may_look_but_not_change(client):
    client.force_login(make_user(Role.READER))
    organisation = make_organisation()
    assert client.get(organisation.get_absolute_url()).status_code == 200
    for address in (reverse("organisation_new"), reverse("organisation_edit", args=[organisation.pk])):
        assert client.get(address).status_code == 403
        assert client.post(address, form_data()).status_code == 403
