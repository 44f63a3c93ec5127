"""Seats taken, handed over, left vacant and put right."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation

from crm.bodies.models import Seat, SeatHolder
from crm.bodies.services import change_term, hand_over, remove_term, save_body, save_seat
from crm.bodies.shown import bodies_on
from crm.timeline.models import TimelineEntry
from tests.factories import make_contact, make_organisation, make_seat, make_term, make_user

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 1)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def entries(contact: Any) -> list[tuple[str, str]]:
    found = TimelineEntry.objects.filter(contact=contact).order_by("at")
    return [(entry.kind, entry.at.date().isoformat()) for entry in found]


def test_hand_over_ends_the_former_term_the_day_before():
    term = make_term()
    new = make_contact(given_name="Els")
    hand_over(seat=term.seat, contact=new, on=DAY, actor=make_user())
    term.refresh_from_db()
    assert term.ended_on == DAY - timedelta(days=1)
    held = SeatHolder.objects.holders_on
    assert held(term.ended_on).get() == term
    assert held(DAY).get().contact == new
    assert entries(term.contact) == [("body.seat_taken", "2020-01-01"), ("body.seat_left", "2026-02-28")]
    assert entries(new) == [("body.seat_taken", "2026-03-01")]


def vacant_on(day: date) -> int:
    return sum(body.vacant_then for body in bodies_on(day))  # type: ignore[attr-defined]


def test_seat_left_vacant_is_counted_from_that_day():
    term = make_term()
    hand_over(seat=term.seat, contact=None, on=DAY, actor=make_user())
    assert (vacant_on(DAY - timedelta(days=1)), vacant_on(DAY)) == (0, 1)


def test_seat_that_is_not_there_is_not_vacant():
    make_seat(established_on=DAY)
    make_seat(abolished_on=DAY)
    assert (vacant_on(DAY - timedelta(days=1)), vacant_on(DAY)) == (1, 1)
    assert Seat.objects.existing_on(DAY).get().established_on == DAY


def test_hand_over_cuts_a_term_that_had_an_end():
    term = make_term(end="2027-12-31")
    hand_over(seat=term.seat, contact=make_contact(), on=DAY, actor=make_user())
    term.refresh_from_db()
    assert term.ended_on == date(2026, 2, 28)


def refusal(**given: Any) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as refused:
        hand_over(actor=make_user(), **given)
    return refused.value.message_dict


def test_what_cannot_be_is_said_at_its_field_and_changes_nothing():
    term = make_term()
    seat, new = term.seat, make_contact()
    assert "holds this seat already" in refusal(seat=seat, contact=term.contact, on=DAY)["contact"][0]
    assert "began on that day" in refusal(seat=seat, contact=new, on=date(2020, 1, 1))["on"][0]
    assert "holds this seat then" in refusal(seat=seat, contact=new, on=date(2019, 1, 1))["on"][0]
    assert "vacant on that day already" in refusal(seat=seat, contact=None, on=date(2019, 1, 1))["on"][0]
    later = make_term(seat=make_seat(), start="2030-01-01")
    make_term(seat=later.seat, start="2020-01-01", end="2029-12-31")
    assert "holds this seat then" in refusal(seat=later.seat, contact=new, on=DAY)["on"][0]
    assert SeatHolder.objects.filter(ended_on=None).count() == 2
    assert SeatHolder.objects.filter(ended_on=date(2029, 12, 31)).count() == 1


def test_seat_is_not_held_before_it_was_there_nor_after_it_is_gone():
    early, gone = make_seat(established_on=DAY), make_seat(abolished_on=DAY)
    new, before, after = make_contact(), DAY - timedelta(days=1), DAY
    assert "not there yet" in refusal(seat=early, contact=new, on=before)["on"][0]
    assert "abolished by then" in refusal(seat=gone, contact=new, on=after)["on"][0]
    assert "give a last day" in refusal(seat=gone, contact=new, on=before)["on"][0]


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"abolished_on": DAY}, "abolished_on"), ({"established_on": DAY}, "established_on")],
)
def test_seat_is_not_taken_away_from_under_its_holder(fields, field):
    seat = make_term().seat
    with pytest.raises(ValidationError) as refused:
        save_seat(seat=seat, fields=fields, actor=make_user())
    assert list(refused.value.message_dict) == [field]
    seat.refresh_from_db()
    assert (seat.established_on, seat.abolished_on) == (None, None)


def test_database_refuses_two_holders_and_dates_the_wrong_way_round():
    term = make_term()
    for start, end in (("2026-01-01", ""), ("2019-01-02", "2019-01-01")):
        with pytest.raises(IntegrityError), transaction.atomic():
            make_term(seat=term.seat, start=start, end=end)


def test_corrected_dates_stand_once_on_the_timeline():
    term, actor = make_term(), make_user()
    change_term(term=term, started_on=DAY, ended_on=None, actor=actor)
    change_term(term=term, started_on=DAY, ended_on=date(2026, 6, 30), actor=actor)
    assert entries(term.contact) == [("body.seat_taken", "2026-03-01"), ("body.seat_left", "2026-06-30")]


def test_corrected_dates_do_not_overlap_with_a_neighbour():
    former = make_term(end="2025-12-31")
    make_term(seat=former.seat, start="2026-01-01")
    with pytest.raises(ValidationError) as refused:
        change_term(term=former, started_on=DAY, ended_on=None, actor=make_user())
    assert list(refused.value.message_dict) == ["started_on"]


def test_removed_term_leaves_no_trace():
    term = make_term()
    change_term(term=term, started_on=DAY, ended_on=None, actor=make_user())
    contact = term.contact
    remove_term(term=term)
    assert (SeatHolder.objects.count(), entries(contact)) == (0, [])


def test_timeline_follows_the_name_and_stands_at_the_organisation_too():
    organisation, actor = make_organisation(), make_user()
    seat = make_seat(organisation=organisation)
    hand_over(seat=seat, contact=make_contact(), on=DAY, actor=actor)
    seat.body.name_en = "Board"
    save_body(body=seat.body)
    entry = TimelineEntry.objects.about(organisation).get()
    assert (entry.words["title_en"], entry.actor) == ("Board", actor)
