"""Columns of one's own, sorting, and files that hold what the list shows."""

import json
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from crm.accounts.models import User
from crm.accounts.roles import Role
from crm.preferences.services import record_consent, suppress
from tests.crm.directory.contacts.test_views import texts
from tests.factories import happened, make_contact, make_organisation, make_tag, make_user

pytestmark = pytest.mark.django_db
LIST = reverse("contact_list")


@pytest.fixture
def user(client: Client) -> User:
    user = make_user(Role.CORE_TEAM)
    client.force_login(user)
    return user


def headings(client: Client) -> list[str]:
    return [str(head.column.heading) for head in client.get(LIST).context["heads"]]


@pytest.mark.same_on_both
def test_list_shows_the_usual_columns_until_somebody_chooses(client, user):
    usual = ["Name", "O", "Themes", "Tags", "Heard", "Invitation", "Newsletter", "Interview", "Mails 90 days"]
    assert headings(client) == usual
    response = client.post(
        f"{reverse('contact_columns')}?q=x&sort=-heard", {"column": ["source", "email", "no such column"]}
    )
    assert response["Location"] == f"{LIST}?q=x&sort=-heard"
    assert headings(client) == ["Name", "E-mail", "Came from"]
    other = Client()
    other.force_login(make_user())
    assert headings(other) == usual
    client.post(reverse("contact_columns"), {})
    assert headings(client) == ["Name"]


def test_every_column_is_drawn(client, user):
    contact = make_contact(organisation=make_organisation("Saxion"), last_heard_on=date(2026, 3, 3))
    contact.contact_points.create(kind="phone", value="+31535550142")
    contact.tags.add(make_tag("Kennispark"))
    happened("event.invited", contact, words={"title": "x"})
    names = [column.name for column in client.get(LIST).context["all_columns"]]
    client.post(reverse("contact_columns"), {"column": names})
    page = texts(client.get(LIST))
    for words in ("Kennispark", contact.email(), "053 555 0142", "3 Mar 2026", "added by hand", "Dutch"):
        assert words in page
    assert '<td role="cell" class="numeric cell-side" data-label="Mails 90 days">1</td>' in page


def test_who_cannot_be_mailed_has_one_cell_over_the_chosen_permissions(client, user):
    suppress(address=make_contact().email(), reason="asked")
    client.post(reverse("contact_columns"), {"column": ["newsletter", "service", "language"]})
    assert '<td role="cell" colspan="2" class="unreachable">' in texts(client.get(LIST))


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ("", ["A", "B", "C"]),
        ("-name", ["C", "B", "A"]),
        ("heard", ["B", "C", "A"]),
        ("-heard", ["A", "C", "B"]),
        ("nonsense", ["A", "B", "C"]),
    ],
)
def test_list_and_file_are_sorted_as_asked(client, user, sort, names):
    for name, day in {"A": date(2026, 5, 1), "B": None, "C": date(2025, 5, 1)}.items():
        make_contact(family_name=name, infix="", last_heard_on=day)
    rows = [row for row, _cells in client.get(LIST, {"sort": sort}).context["table"]]
    assert [row.contact.family_name for row in rows] == names
    exported = client.get(reverse("contact_export", args=["json"]), {"sort": sort})
    assert [row["Family name"] for row in json.loads(exported.content)["rows"]] == names


def test_heading_says_how_the_list_is_sorted_and_turns_it_around(client, user):
    by_name, by_heard = client.get(LIST).context["heads"][0], client.get(LIST).context["heads"][4]
    assert (by_name.state, by_name.link, by_heard.state, by_heard.link) == ("ascending", "-name", "", "heard")
    turned = client.get(LIST, {"sort": "-heard"}).context["heads"][4]
    assert (turned.state, turned.link) == ("descending", "heard")


def test_file_holds_the_columns_as_shown(client, user):
    contact = make_contact(organisation=make_organisation("Saxion", "research"))
    contact.contact_points.create(kind="mobile", value="+31612345678")
    record_consent(contact=contact, purpose="newsletter", allowed=False, source="form")
    client.post(reverse("contact_columns"), {"column": ["sectors", "phone", "newsletter", "reminder"]})
    response = client.get(reverse("contact_export", args=["json"]), {"columns": "shown"})
    assert json.loads(response.content)["rows"] == [
        {
            "Name": "Jan van den Berg",
            "Function": "director, Saxion",
            "O": "Research",
            "Telephone": "06 12345678",
            "Reminder": "",
            "Newsletter": "no",
            "Kwartet number": str(contact.pk),
        }
    ]


def test_file_of_the_ticked_holds_only_them(client, user):
    first, second = make_contact(family_name="A"), make_contact(family_name="B")
    path = reverse("contact_export", args=["json"])
    found = json.loads(client.get(path, {"ticked": "1", "pick": [second.pk, 10**9]}).content)
    assert [row["Family name"] for row in found["rows"]] == ["B"]
    assert found["about"]["Ticked"] == "2"
    assert client.get(path, {"ticked": "1"})["Location"] == LIST
    assert first.pk != second.pk


@pytest.mark.parametrize("columns", ["", "shown"])
def test_file_takes_a_fixed_number_of_queries(client, user, django_assert_max_num_queries, columns):
    def add(number: int) -> None:
        for _ in range(number):
            contact = make_contact(organisation=make_organisation("", "education", "research"))
            contact.tags.add(tag)

    tag, path = make_tag(), reverse("contact_export", args=["csv"])
    add(2)
    with django_assert_max_num_queries(20) as few:
        client.get(path, {"columns": columns})
    add(10)
    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get(path, {"columns": columns})
