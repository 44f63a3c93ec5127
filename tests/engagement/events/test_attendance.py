"""Who was there: noted once an event has started, told on the timeline, counted as heard."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from crm.timeline.models import TimelineEntry
from engagement.events.models import Event, Participation
from engagement.events.services import NothingToAttend, mark_attendance
from tests.crm.directory.contacts.test_views import texts
from tests.factories import make_event, make_participation, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def event() -> Event:
    return make_event(in_days=-2, kind="workshop")


def came(event: Event, **fields: object) -> Participation:
    return make_participation(event=event, status="accepted", answered_at=timezone.now(), **fields)


def entries() -> list[tuple[str, int]]:
    return sorted(TimelineEntry.objects.filter(kind="event.attended").values_list("kind", "contact"))


def test_who_came_is_told_and_counts_as_heard_that_day(event):
    there, away = came(event), came(event)
    assert mark_attendance(event=event, came={there.pk}, away={away.pk}) == 2
    assert mark_attendance(event=event, came={there.pk}, away={away.pk}) == 0
    for one, attended in ((there, True), (away, False)):
        one.refresh_from_db()
        assert one.attended is attended
        day = timezone.localdate(event.starts_at) if attended else None
        assert one.contact.last_heard_on == day
    entry = TimelineEntry.objects.get(kind="event.attended")
    assert (entry.contact, entry.at) == (there.contact, event.starts_at)
    assert (entry.about_kind, entry.about_key) == ("event", str(event.pk))
    assert [row.kind for row in there.contact.attended_kinds.all()] == ["workshop"]


def test_taking_it_back_takes_everything_back(event):
    there = came(event)
    mark_attendance(event=event, came={there.pk})
    mark_attendance(event=event, came=set(), away={there.pk})
    there.contact.refresh_from_db()
    assert (there.contact.last_heard_on, there.contact.attended_kinds.count(), entries()) == (None, 0, [])


@pytest.mark.parametrize("fields", [{"in_days": 1}, {"in_days": -1, "cancelled_at": timezone.now()}])
def test_not_before_it_started_nor_when_it_was_cancelled(client: Client, fields):
    event = make_event(**fields)
    there = came(event)
    with pytest.raises(NothingToAttend):
        mark_attendance(event=event, came={there.pk})
    client.force_login(make_user())
    page = texts(client.post(reverse("event_attendance", args=[event.pk]), {"came": there.pk}, follow=True))
    assert "once the event has started" in page
    assert 'name="came"' not in page


def test_moment_of_the_start_counts(event):
    started = make_event(starts_at=timezone.now() - timedelta(seconds=1))
    assert mark_attendance(event=started, came={came(started).pk}) == 1


def test_somebody_of_another_event_is_left_alone(event):
    other = came(make_event(in_days=-1))
    assert mark_attendance(event=event, came={other.pk}) == 0


def test_page_notes_whom_it_showed_and_everybody_at_once(client: Client, event):
    client.force_login(make_user())
    first, second, third = came(event), came(event), came(event)
    path = reverse("event_attendance", args=[event.pk])
    shown = [first.pk, second.pk]
    response = client.post(path, {"shown": shown, "came": [second.pk, "x", "9" * 30], "status": "accepted"})
    assert response["Location"] == f"{event.get_absolute_url()}?status=accepted"
    marks = dict(Participation.objects.values_list("pk", "attended"))
    assert marks == {first.pk: False, second.pk: True, third.pk: None}
    client.post(path, {"shown": shown, "everybody": "1"})
    marks = dict(Participation.objects.values_list("pk", "attended"))
    assert marks == {first.pk: False, second.pk: True, third.pk: True}
    page = texts(client.get(event.get_absolute_url()))
    assert page.count(" checked>") == 2
    assert "2 people were there" in page
