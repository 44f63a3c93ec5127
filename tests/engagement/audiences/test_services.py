"""Putting an audience together, and what somebody decides about one person of it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.contacts.models import Contact, ContactPoint
from crm.directory.segments.models import Segment
from crm.preferences.services import record_consent
from engagement.audiences.parts import Audience, BrokenSelection, Side
from engagement.audiences.services import choose, look
from engagement.mailings.audience import AudienceIsFixed, leave_out, take_in, words_of
from engagement.mailings.services import send
from tests.factories import (
    draft_of,
    make_contact,
    make_event,
    make_organisation,
    make_participation,
    make_seat,
    make_term,
    make_user,
)

pytestmark = pytest.mark.django_db


def segment(**fields) -> Segment:
    known = {"name": "Research", "filter": {"sector": ["research"]}, "owner": make_user(), "shared": True}
    return Segment.objects.create(**{**known, **fields})


def included(mailing) -> set[Contact]:
    return {one.contact for one in mailing.recipients.filter(included=True)}


def test_parts_are_joined_and_each_person_knows_theirs(news):
    lab = make_organisation("Lab", "research")
    researcher, guest, chair, friend = (
        make_contact(organisation=lab if at == 0 else None) for at in range(4)
    )
    make_contact()
    event = make_event()
    make_participation(event=event, contact=guest, status="accepted", answered_at=event.created_at)
    make_participation(event=event, contact=researcher)
    seat = make_seat()
    make_term(seat=seat, contact=chair)
    make_term(contact=friend, end="2021-01-01")
    side = Side(
        segments=[segment().pk],
        participants=[(event.pk, "accepted")],
        bodies=[seat.body_id],
        people=[friend.pk, researcher.pk],
    )
    mailing = choose(mailing=draft_of(news), audience=Audience(include=side))
    assert included(mailing) == {researcher, guest, chair, friend}
    words = {one.contact: words_of(mailing, one) for one in mailing.recipients.all()}
    assert words == {
        researcher: ["selectie “Research”", "met de hand gekozen"],
        guest: ["Expertsessie talent (ja)"],
        chair: [seat.body.name_nl],
        friend: ["met de hand gekozen"],
    }


def test_attended_is_an_answer_too(news):
    event = make_event(in_days=-1)
    came = make_participation(event=event, attended=True).contact
    make_participation(event=event, attended=False)
    make_participation(event=event)
    side = Side(participants=[(event.pk, "attended")])
    assert included(choose(mailing=draft_of(news), audience=Audience(side))) == {came}


def test_past_holders_of_a_seat_are_not_meant(news):
    term = make_term(end="2021-01-01")
    mailing = choose(mailing=draft_of(news), audience=Audience(Side(bodies=[term.seat.body_id])))
    assert not mailing.recipients.exists()


def test_minus_is_kept_as_skipped_with_the_part_that_did_it(news):
    gets, seated = make_contact(), make_contact()
    term = make_term(contact=seated)
    everybody = Side(people=[gets.pk, seated.pk])
    audience = Audience(everybody, Side(bodies=[term.seat.body_id], people=[make_contact().pk]))
    mailing = choose(mailing=draft_of(news), audience=audience)
    assert included(mailing) == {gets}
    skipped = mailing.recipients.get(included=False)
    assert (skipped.contact, skipped.reason) == (seated, "left out")
    assert words_of(mailing, skipped) == [term.seat.body.name_nl]


def test_rules_hold_for_whoever_was_picked_by_hand(news):
    said_no, nowhere = make_contact(), make_contact(email=None)
    record_consent(contact=said_no, purpose="invitation", allowed=False, source="form")
    side = Side(people=[said_no.pk, nowhere.pk])
    mailing = choose(mailing=draft_of(news), audience=Audience(side))
    assert dict(mailing.recipients.values_list("contact", "reason")) == {
        said_no.pk: "said no",
        nowhere.pk: "no address",
    }


def test_names_stay_when_a_selection_goes(news):
    make_contact(organisation=make_organisation("Lab", "research"))
    one = segment()
    mailing = choose(mailing=draft_of(news), audience=Audience(Side(segments=[one.pk])))
    one.delete()
    assert words_of(mailing, mailing.recipients.get()) == ["selectie “Research”"]
    assert not look(mailing=mailing, audience=Audience.read(mailing.audience)).reasons


def test_selection_with_a_mistake_never_means_everybody(news):
    make_contact()
    broken = segment(filter={"sector": ["no such O"]})
    mailing = draft_of(news)
    with pytest.raises(BrokenSelection):
        choose(mailing=mailing, audience=Audience(Side(segments=[broken.pk])))
    assert not mailing.recipients.exists()


def test_what_is_decided_by_hand_outlives_another_audience(news):
    left, again, other = make_contact(), make_contact(), make_contact()
    term = make_term(contact=again)
    mailing = draft_of(news)
    audience = Audience(Side(people=[left.pk, again.pk]), Side(bodies=[term.seat.body_id]))
    choose(mailing=mailing, audience=audience)
    assert leave_out(mailing=mailing, recipients=[mailing.recipients.get(contact=left).pk]) == 1
    assert take_in(mailing=mailing, recipient=mailing.recipients.get(contact=again).pk).included
    wider = Audience(Side(people=[left.pk, again.pk, other.pk]), audience.exclude)
    choose(mailing=mailing, audience=wider)
    assert included(mailing) == {again, other}
    assert mailing.recipients.get(contact=left).reason == "left out"


def test_taking_in_again_keeps_to_what_the_person_said(news):
    person = make_contact()
    mailing = draft_of(news, person)
    row = mailing.recipients.get()
    leave_out(mailing=mailing, recipients=[row.pk])
    record_consent(contact=person, purpose="invitation", allowed=False, source="form")
    assert take_in(mailing=mailing, recipient=row.pk).reason == "said no"
    assert take_in(mailing=mailing, recipient=row.pk) is None


@pytest.mark.parametrize("state", ["sending", "paused", "stopped"])
def test_nothing_of_an_audience_changes_once_it_was_started(news, state):
    person = make_contact()
    mailing = draft_of(news, person)
    send(mailing=mailing)
    mailing.__class__.objects.update(state=state)
    row = mailing.recipients.get()
    with pytest.raises(AudienceIsFixed):
        leave_out(mailing=mailing, recipients=[row.pk])
    with pytest.raises(AudienceIsFixed):
        take_in(mailing=mailing, recipient=row.pk)
    with pytest.raises(AudienceIsFixed):
        choose(mailing=mailing, audience=Audience())
    assert included(mailing) == {person}


def test_other_mailings_people_cannot_be_left_out_from_here(news):
    mailing, other = draft_of(news, make_contact()), draft_of(news, make_contact())
    assert leave_out(mailing=mailing, recipients=[other.recipients.get().pk]) == 0
    assert other.recipients.get().included


def crowd(number: int) -> list[int]:
    people = Contact.objects.bulk_create(
        Contact(family_name=f"Berg{at}", given_name="Jan", form_of_address="heer", sort_key=f"berg{at}")
        for at in range(number)
    )
    ContactPoint.objects.bulk_create(
        ContactPoint(contact=one, kind="email", value=f"p{one.pk}@example.org", preferred=True)
        for one in people
    )
    return [one.pk for one in people]


def test_number_of_queries_does_not_depend_on_the_number_of_people(news):
    """Writing takes as many statements as the database needs for so many rows."""
    counted = []
    for number in (3, 900):
        mailing, people = draft_of(news), crowd(number)
        audience = Audience(Side(people=people), Side(people=people[:2]))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            choose(mailing=mailing, audience=audience)
        assert mailing.recipients.filter(included=True).count() == number - 2
        counted.append(sum(query["sql"].startswith("SELECT") for query in queries))
    assert counted[0] == counted[1] <= 10
