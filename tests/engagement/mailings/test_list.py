"""The list of mailings and the pages around planning."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from engagement.mailings.models import Mailing, Message
from engagement.mailings.scheduling import schedule, unschedule
from engagement.mailings.services import pause, send, stop
from tests.factories import bring_to, draft_invitation, draft_of, make_contact, make_event, make_user

pytestmark = pytest.mark.django_db
LIST = reverse("mailing_list")


@pytest.fixture
def adviser(client):
    client.force_login(make_user())
    return client


@pytest.fixture
def at_each_stage(news):
    """A mailing at each stage, by the name of the stage."""
    found = {
        name: draft_of(news, make_contact(), make_contact(email=None), title=name)
        for name in ("draft", "scheduled", "sending", "sent", "paused", "stopped")
    }
    schedule(mailing=found["scheduled"], at=timezone.now() + timedelta(hours=1))
    for name in ("sending", "sent", "paused", "stopped"):
        send(mailing=found[name])
    bring_to("sent", found["sent"].messages.all())
    pause(mailing=found["paused"])
    stop(mailing=found["stopped"])
    return found


def shown(page):
    return {str(mailing): stage for mailing, _kind, stage in page.context["rows"]}


def test_each_stands_at_its_stage_with_its_number_of_people(adviser, at_each_stage):
    page = adviser.get(LIST)
    assert shown(page) == {name: name for name in at_each_stage}
    assert {(row.people, row.letters) for row, _kind, _stage in page.context["rows"]} == {(1, 1), (1, 0)}


@pytest.mark.parametrize("stage", Mailing.Stage.values)
def test_filter_by_stage(adviser, at_each_stage, stage):
    assert shown(adviser.get(LIST, {"state": stage})) == {stage: stage}


def test_filter_by_kind(adviser, at_each_stage):
    draft_invitation(make_event())
    assert set(shown(adviser.get(LIST, {"kind": "invitation"}))) == {"Expertsessie talent"}
    assert set(shown(adviser.get(LIST, {"kind": "test news", "state": "sent"}))) == {"sent"}


@pytest.mark.same_on_both
def test_unknown_filter_shows_all(adviser, at_each_stage):
    assert len(shown(adviser.get(LIST, {"state": "x", "kind": "x"}))) == 6


@pytest.mark.same_on_both
def test_number_of_queries_does_not_depend_on_the_number_of_mailings(adviser, news):
    counted = []
    for _round in range(2):
        draft_of(news, make_contact())
        adviser.get(LIST)
        with CaptureQueriesContext(connection) as queries:
            adviser.get(LIST)
        counted.append(len(queries))
        for _more in range(5):
            draft_of(news, make_contact())
    assert counted[0] == counted[1]


def test_it_stands_in_the_rail_and_behind_more(adviser):
    page = adviser.get(LIST).content.decode()
    assert page.count(f'href="{LIST}" aria-current="page"') == 2


def moment(**away):
    return timezone.localtime(timezone.now() + timedelta(**away)).strftime("%Y-%m-%dT%H:%M")


def test_planning_and_not_after_all(adviser, news):
    mailing = draft_of(news, make_contact())
    at = moment(hours=2)
    adviser.post(reverse("mailing_schedule", args=[mailing.pk]), {"at": at})
    mailing.refresh_from_db()
    assert timezone.localtime(mailing.scheduled_for).strftime("%Y-%m-%dT%H:%M") == at
    page = adviser.get(mailing.get_absolute_url()).content.decode()
    assert "It goes out by itself on" in page
    assert f'value="{at}"' in page
    adviser.post(reverse("mailing_unschedule", args=[mailing.pk]))
    mailing.refresh_from_db()
    assert mailing.state == "draft"


@pytest.mark.parametrize("at", ["", "soon", "2026-01-05T10:00"])
def test_wrong_moment_is_said_beside_the_field(adviser, news, at):
    mailing = draft_of(news, make_contact())
    page = adviser.post(reverse("mailing_schedule", args=[mailing.pk]), {"at": at})
    assert page.status_code == 200
    assert page.context["schedule"].errors["at"]
    mailing.refresh_from_db()
    assert mailing.state == "draft"


def test_why_it_did_not_go_out_stands_on_its_page_and_on_today(adviser, news):
    mailing = draft_of(news, make_contact())
    schedule(mailing=mailing, at=timezone.now() + timedelta(hours=1))
    unschedule(mailing=mailing, reason="The event was cancelled.")
    for path in (mailing.get_absolute_url(), reverse("today")):
        page = adviser.get(path).content.decode()
        assert "It did not go out when planned." in page
        assert "The event was cancelled." in page
    assert not Message.objects.exists()


def test_kind_without_a_start_of_its_own_is_sent(adviser, news):
    mailing = draft_of(news, make_contact())
    adviser.post(reverse("mailing_send", args=[mailing.pk]), {"confirmed": "1"})
    assert mailing.messages.count() == 1
