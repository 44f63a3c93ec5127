"""What people say they need for an event: for whom, and until when."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from crm.accounts.roles import Role
from crm.duplicates.merging import merge, undo
from crm.duplicates.models import Merge
from crm.links.services import link_for, token_of
from engagement.events.links import ANSWER
from engagement.events.models import Event, Participation
from engagement.events.needs import forget_needs
from tests.factories import make_event, make_participation, make_user

pytestmark = pytest.mark.django_db
DAYS = timedelta(days=30)


def needing(event: Event, needs: str = "halal") -> Participation:
    return make_participation(event=event, status="accepted", answered_at=event.created_at, needs=needs)


def kept() -> list[str]:
    return [one.needs for one in Participation.objects.order_by("pk")]


def test_needs_go_thirty_days_after_the_event_and_not_before():
    event = make_event()
    needing(event)
    assert (forget_needs(now=event.ends_at + DAYS), kept()) == (0, ["halal"])
    assert (forget_needs(now=event.ends_at + DAYS + timedelta(seconds=1)), kept()) == (1, [""])
    assert forget_needs(now=event.ends_at + 2 * DAYS) == 0


def test_needs_are_kept_as_long_as_the_setting_says(settings):
    settings.NEEDS_DAYS = 0
    event = make_event(in_days=-1)
    needing(event)
    assert (forget_needs(), kept()) == (1, [""])


def test_merge_knows_of_needs_no_longer_than_the_event_does():
    """The journal of a merge holds the answers of both."""
    over, coming = make_event(in_days=-40), make_event()
    both = [needing(event, f"{name} {event.pk}") for name in ("zkept", "zgone") for event in (over, coming)]
    for one in both[2:]:
        Participation.objects.filter(pk=one.pk).update(contact=both[2].contact, answered_at=over.ends_at)
    Participation.objects.filter(pk=both[1].pk).update(contact=both[0].contact)
    merged = merge(kept=both[0].contact, gone=both[2].contact, by=make_user())
    assert f"zgone {over.pk}" in json.dumps(Merge.objects.get().journal)
    forget_needs()
    journal = json.dumps(Merge.objects.get().journal)
    assert (f"zgone {over.pk}" in journal, f"zkept {over.pk}" in journal) == (False, False)
    assert f"zgone {coming.pk}" in journal
    undo(merged=merged, by=make_user())
    assert sorted(kept()) == ["", "", f"zgone {coming.pk}", f"zkept {coming.pk}"]


def test_what_undoing_a_merge_left_says_nothing_of_needs(django_assert_max_num_queries):
    event = make_event(in_days=-40)
    one, other = needing(event, "zone"), needing(event, "zother")
    merged = merge(kept=one.contact, gone=other.contact, by=make_user())
    Participation.objects.update(needs="zlater")
    undo(merged=merged, by=make_user())
    forget_needs()
    found = Merge.objects.get()
    assert "zone" not in json.dumps([found.journal, found.left])
    assert "zother" not in json.dumps([found.journal, found.left])
    assert "zlater" not in json.dumps([found.journal, found.left])


@pytest.mark.parametrize(("role", "sees"), [(Role.COMMUNICATIONS, True), (Role.CORE_TEAM, False)])
def test_page_of_an_event_shows_needs_to_who_organises_it(client, role, sees):
    event = make_event()
    needing(event)
    client.force_login(make_user(role))
    page = client.get(event.get_absolute_url()).content.decode()
    assert ("halal" in page, reverse("event_needs", args=[event.pk, "xlsx"]) in page) == (sees, sees)


def test_who_answers_reads_who_sees_it_and_until_when():
    event = make_event()
    answer = needing(event)
    token = token_of(link_for(contact=answer.contact, purpose=ANSWER, subject=str(answer.pk)))
    page = Client().get(reverse("answer", args=[token]), {"lang": "en"}).content.decode()
    last = (event.local_end + DAYS).strftime("%Y")
    assert "Only who organises this event sees it; it is wiped after" in page
    assert last in page.partition("wiped after")[2][:40]
