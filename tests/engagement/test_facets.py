"""What is kept on a contact equals a recount by hand, whatever happened in whatever order."""

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from crm.contacts.facets import rebuild_facets
from crm.contacts.models import Contact
from engagement.events.models import AttendedKind, Event, Participation
from engagement.events.services import mark_attendance, save_event
from engagement.interviews.models import Interview
from engagement.interviews.services import count_held, save_interview
from tests.factories import make_contact, make_event, make_participation, make_user

pytestmark = pytest.mark.django_db
NOW = timezone.now


def kept() -> dict[int, tuple[Any, set[str]]]:
    kinds: dict[int, set[str]] = {}
    for row in AttendedKind.objects.all():
        kinds.setdefault(row.contact_id, set()).add(row.kind)
    return {
        person.pk: (person.last_heard_on, kinds.get(person.pk, set())) for person in Contact.objects.all()
    }


def recounted() -> dict[int, tuple[Any, set[str]]]:
    """Row by row, in the plainest way."""
    found = {}
    for person in Contact.objects.all():
        there = [one.event for one in person.participations.all() if one.attended]
        told = [interview.held_at for interview in person.interviews.all() if interview.held_at]
        held = [moment for moment in told if moment <= NOW()]
        days = [timezone.localdate(moment) for moment in [*held, *(event.starts_at for event in there)]]
        days += [person.told_heard_on] if person.told_heard_on else []
        found[person.pk] = (max(days, default=None), {event.kind for event in there})
    return found


class Area:
    """Some people and events to which things happen by chance, through the services."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)
        self.people = [make_contact(family_name=f"P{n}") for n in range(5)]
        self.people[0].told_heard_on = date(2025, 1, 1)
        self.people[0].save()
        kinds = list(Event.Kind)
        self.events = [make_event(in_days=-n - 1, kind=kinds[n % len(kinds)]) for n in range(4)]
        for event in self.events:
            for person in self.people:
                make_participation(event=event, contact=person)
        self.user = make_user()
        rebuild_facets()

    def happen(self) -> None:
        self.chance.choice([self.attend, self.interview, self.move_interview, self.change_event])()

    def attend(self) -> None:
        event = self.chance.choice(self.events)
        numbers = list(event.participations.values_list("pk", flat=True))
        came = set(self.chance.sample(numbers, self.chance.randint(0, 5)))
        mark_attendance(event=event, came=came, away=set(numbers) - came)

    def interview(self) -> None:
        with_whom = self.chance.sample(self.people, self.chance.randint(1, 3))
        moment = NOW() + timedelta(days=self.chance.randint(-300, 3))
        interview = Interview(interviewer=self.user, held_at=moment)
        save_interview(interview=interview, contacts=with_whom, themes=[])

    def move_interview(self) -> None:
        if interview := self.chance.choice([None, *Interview.objects.all()]):
            interview.held_at = NOW() - timedelta(days=self.chance.randint(1, 400))
            save_interview(interview=interview, contacts=[self.chance.choice(self.people)], themes=[])

    def change_event(self) -> None:
        event = self.chance.choice(self.events)
        event.kind = self.chance.choice(list(Event.Kind))
        shift = timedelta(days=self.chance.randint(-5, 0))
        event.starts_at, event.ends_at = event.starts_at + shift, event.ends_at + shift
        save_event(event=event, remind_days_before=None)


@pytest.mark.parametrize("seed", range(12))
def test_facets_equal_a_recount_after_anything(seed):
    area = Area(seed)
    for _ in range(15):
        area.happen()
        assert kept() == recounted()
    assert rebuild_facets() == 0


def test_rebuilding_puts_right_what_was_written_past_the_services(capsys):
    person, there = make_contact(last_heard_on=date(2026, 1, 1)), make_event(in_days=-3, kind="workshop")
    make_participation(event=there, contact=person, attended=True)
    AttendedKind.objects.create(contact=person, kind="meeting")
    make_contact()
    call_command("rebuild_facets")
    assert capsys.readouterr().out == "1 contacts put right\n"
    assert kept() == recounted()
    assert rebuild_facets() == 0


def test_planned_interview_counts_once_it_was_held():
    person = make_contact()
    interview = Interview(interviewer=make_user(), held_at=NOW() + timedelta(hours=1))
    save_interview(interview=interview, contacts=[person], themes=[])
    person.refresh_from_db()
    assert person.last_heard_on is None
    Interview.objects.update(held_at=NOW() - timedelta(seconds=1))  # an hour later
    assert (count_held(), count_held()) == (1, 0)
    person.refresh_from_db()
    assert person.last_heard_on == timezone.localdate(NOW() - timedelta(seconds=1))


def test_participation_that_nobody_marked_counts_for_nothing():
    make_participation(event=make_event(in_days=-1), status="accepted", answered_at=NOW())
    assert rebuild_facets() == 0
    assert Participation.objects.attended().count() == 0
