"""The pages of bodies and seats."""

import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from crm.accounts.roles import Role
from crm.bodies.models import Body, Seat, SeatHolder
from tests.factories import make_contact, make_organisation, make_seat, make_term, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(make_user(Role.CORE_TEAM))
    return client


def text(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", response.content.decode()))


def test_body_is_shown_as_on_any_day(staff):
    former = make_term(
        contact=make_contact(family_name="Vos", infix=""), start="2017-01-01", end="2018-03-01"
    )
    seat = former.seat
    make_term(seat=seat, contact=make_contact(family_name="Kok", infix=""), start="2019-01-01")

    def row(day: str) -> str:
        rows = staff.get(seat.body.get_absolute_url(), {"on": day}).context["rows"]
        return rows[0].term.contact.family_name if rows[0].term else "vacant"

    assert [row(day) for day in ("2018-03-01", "2018-03-02", "2019-01-01")] == ["Vos", "vacant", "Kok"]
    page = text(staff.get(seat.body.get_absolute_url()))
    assert "Seats today" in page
    assert "Former holders" in page
    then = text(staff.get(seat.body.get_absolute_url(), {"on": "2018-06-01"}))
    assert "Seats on 1 June 2018" in then
    assert "1 vacant" in then


@pytest.mark.same_on_both
@pytest.mark.parametrize("day", ["", "2018-02-30", "yesterday", "\x00"])
def test_bad_day_is_explained_beside_the_field(staff, day):
    response = staff.get(make_seat().body.get_absolute_url(), {"on": day})
    assert response.context["form"].errors["on"]
    assert "errorlist" in response.content.decode()
    assert "Seats today" in text(response)


def test_body_takes_a_fixed_number_of_queries(staff, django_assert_max_num_queries):
    body = make_term().seat.body
    with django_assert_max_num_queries(20) as few:
        staff.get(body.get_absolute_url())
    for _ in range(5):
        make_term(seat=make_seat(body=body, organisation=make_organisation()))
    with django_assert_max_num_queries(len(few.captured_queries) + 1):  # the O's
        staff.get(body.get_absolute_url())


def test_list_counts_seats_and_vacancies(staff):
    body = make_term().seat.body
    make_seat(body=body)
    make_seat(body=body, abolished_on=date(2020, 1, 1))
    row = staff.get(reverse("body_list")).context["bodies"].get()
    assert (row.seats_then, row.vacant_then) == (2, 1)


def test_new_body_gets_seats(staff):
    data = {"name_nl": "Stuurgroep", "name_en": "Steering group", "purpose": "Decides.", "position": "1"}
    response = staff.post(reverse("body_new"), data)
    body = Body.objects.get()
    assert response["Location"] == body.get_absolute_url()
    add = reverse("body_add_seat", args=[body.pk])
    staff.post(add, {"role": "chair", "organisation": make_organisation().pk, "position": "1"})
    assert Seat.objects.get().role == "chair"
    staff.post(reverse("body_edit", args=[body.pk]), {**data, "name_en": "Board"})
    assert "Board" in text(staff.get(reverse("body_list")))
    assert "already exists" in text(staff.post(reverse("body_new"), data))


def test_seat_is_changed_or_says_what_is_wrong(staff):
    seat = make_term().seat
    edit = reverse("seat_edit", args=[seat.pk])
    data = {"role": "treasurer", "position": "3", "abolished_on": "2026-01-01"}
    response = staff.post(edit, data)
    assert "End that term first" in text(response)
    assert "treasurer" in response.content.decode()
    order = {"established_on": "2026-01-01", "abolished_on": "2025-01-01"}
    assert "before the start" in text(staff.post(edit, data | order))
    staff.post(edit, data | {"abolished_on": ""})
    seat.refresh_from_db()
    assert (seat.role, seat.position) == ("treasurer", 3)


def test_hand_over_finds_the_holder_without_javascript(staff):
    term = make_term()
    new = make_contact(
        given_name="Els", infix="", family_name="Özgür", organisation=make_organisation("Saxion")
    )
    path = reverse("seat_hand_over", args=[term.seat.pk])
    found = staff.post(path, {"search": "1", "find": "ozgur", "on": "2026-03-01", "contact": ""})
    assert f'value="{new.pk}"' in found.content.decode()
    assert "Els Özgür, Saxion" in text(found)
    assert 'value="2026-03-01"' in found.content.decode()
    assert SeatHolder.objects.count() == 1
    response = staff.post(path, {"find": "ozgur", "on": "2026-03-01", "contact": new.pk})
    assert response["Location"] == term.seat.body.get_absolute_url()
    assert SeatHolder.objects.get(ended_on=None).contact == new


def test_seat_is_left_vacant(staff):
    term = make_term()
    staff.post(reverse("seat_hand_over", args=[term.seat.pk]), {"on": "2026-03-01", "vacant": "on"})
    assert SeatHolder.objects.get().ended_on == date(2026, 2, 28)


@pytest.mark.same_on_both
@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"contact": ""}, "Find and choose who takes the seat"),
        ({"vacant": "on"}, "Choose one"),
        ({"contact": "99999999999999999999999"}, "Select a valid choice"),
        ({"on": "2026-02-30"}, "Enter a valid date"),
        ({"on": "2020-01-01"}, "began on that day"),
    ],
)
def test_error_is_said_and_what_was_typed_is_kept(staff, changes, message):
    term, new = make_term(), make_contact()
    data = {"on": "2026-03-01", "find": "berg", "contact": new.pk, **changes}
    page = staff.post(reverse("seat_hand_over", args=[term.seat.pk]), data)
    assert message in text(page)
    assert 'value="berg"' in page.content.decode()
    assert f'value="{data["on"]}"' in page.content.decode()
    assert SeatHolder.objects.get().ended_on is None


def test_term_is_put_right_or_removed(staff):
    term = make_term()
    edit = reverse("term_edit", args=[term.pk])
    assert "before the first day" in text(
        staff.post(edit, {"started_on": "2021-01-01", "ended_on": "2020-01-01"})
    )
    staff.post(edit, {"started_on": "2021-01-01", "ended_on": ""})
    assert SeatHolder.objects.get().started_on == date(2021, 1, 1)
    assert "Remove the term of" in text(staff.post(reverse("term_remove", args=[term.pk])))
    staff.post(reverse("term_remove", args=[term.pk]), {"confirmed": "yes"})
    assert SeatHolder.objects.count() == 0


@pytest.mark.same_on_both
def test_contact_and_organisation_show_their_seats(staff):
    organisation = make_organisation("Saxion", "education")
    seat = make_seat("voorzitter", organisation=organisation)
    contact = make_contact()
    make_term(seat=seat, contact=contact, start="2018-01-01", end="2019-12-31")
    assert "2018–2019" in text(staff.get(contact.get_absolute_url()))
    assert "vacant" in text(staff.get(organisation.get_absolute_url()))
    make_term(seat=seat, contact=contact, start="2021-01-01")
    for page in (staff.get(contact.get_absolute_url()), staff.get(organisation.get_absolute_url())):
        assert "since 2021" in text(page)
        assert "Steering group" in text(page)


def test_reader_looks_but_sees_no_buttons(client):
    client.force_login(make_user(Role.READER))
    term = make_term()
    page = client.get(term.seat.body.get_absolute_url()).content.decode()
    assert reverse("seat_hand_over", args=[term.seat.pk]) not in page
    assert client.post(reverse("seat_hand_over", args=[term.seat.pk])).status_code == 403
