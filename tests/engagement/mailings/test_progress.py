"""How far a mailing is, and how long it takes still."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from engagement.mailings.kinds import KINDS
from engagement.mailings.models import Mailing, Message
from engagement.mailings.progress import Forecast, counts_of, forecast_of
from engagement.mailings.services import pause, send
from tests.factories import bring_to, draft_of, make_contact, make_user, plain_kind

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=ZoneInfo("Europe/Amsterdam"))
NIGHT = NOON.replace(hour=23)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def running(kind, *, waiting: int, sent: int = 0, since: timedelta = timedelta(minutes=1)) -> Mailing:
    """A mailing that was started some time before noon, `sent` of which went out just now."""
    mailing = draft_of(kind, *(make_contact() for _ in range(waiting + sent)))
    send(mailing=mailing)
    Mailing.objects.filter(pk=mailing.pk).update(sent_at=NOON - since)
    mailing.refresh_from_db()
    gone = mailing.messages.filter(pk__in=list(mailing.messages.values_list("pk", flat=True)[:sent]))
    bring_to("sent", gone, sent_at=NOON - timedelta(seconds=5))
    return mailing


def forecast(mailing: Mailing, now: datetime = NOON) -> Forecast:
    return forecast_of(mailing, counts_of(mailing, now=now), now=now)


def test_counts_take_one_query(news):
    mailing = running(news, waiting=3, sent=2)
    with CaptureQueriesContext(connection) as queries:
        counts = counts_of(mailing, now=NOON)
    assert len(queries) == 1
    assert (counts.total, counts.done, counts.left, counts.delivered, counts.lately) == (5, 2, 3, 2, 2)
    assert counts.states["queued"] == 3
    assert set(counts.states) == set(Message.State.values)


def test_forecast_goes_by_what_went_out_in_the_last_minutes(news):
    mailing = running(news, waiting=8, sent=2)
    assert forecast(mailing).time_left == timedelta(minutes=4)
    assert forecast(mailing).words() == "about 4 minutes more"


def test_what_went_out_long_ago_says_nothing(news):
    mailing = running(news, waiting=1, sent=1)
    later = NOON + timedelta(minutes=10)
    assert forecast(mailing, later) == Forecast()


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0.2, "less than a minute more"),
        (1, "about 1 minute more"),
        (89, "about 89 minutes more"),
        (95, "about 2 hours more"),
        (None, ""),
    ],
)
def test_forecast_in_words(minutes, words):
    left = None if minutes is None else timedelta(minutes=minutes)
    assert Forecast(left).words() == words


def test_nothing_is_foretold_of_what_does_not_run(news):
    mailing = running(news, waiting=1, sent=1)
    pause(mailing=mailing)
    mailing.refresh_from_db()
    assert forecast(mailing) == Forecast()


def test_limit_a_minute_is_named_when_it_is_the_slowest(news, settings):
    mailing = running(news, waiting=8, sent=2)
    settings.MAIL_PER_MINUTE = {"*": 1}
    found = forecast(mailing)
    assert found.time_left == timedelta(minutes=8)
    assert found.held_by == "No more than 1 a minute may go out."
    settings.MAIL_PER_MINUTE = {"*": 600}
    assert forecast(mailing) == Forecast(timedelta(minutes=4))


def test_limit_of_a_domain_is_named_with_the_domain(news, settings):
    mailing = running(news, waiting=8, sent=2)
    settings.MAIL_PER_MINUTE = {"*": 600, "example.org": 0.5, "example.com": 0.1}
    found = forecast(mailing)
    assert found.time_left == timedelta(minutes=16)
    assert found.held_by == "No more than 0.5 a minute may go to example.org."
    settings.MAIL_PER_MINUTE = {"example.com": 0.1}
    assert forecast(mailing).held_by == ""


def test_ceiling_of_a_day_is_named(news, settings):
    mailing = running(news, waiting=2, sent=2)
    settings.MAIL_PER_DAY = 2
    assert "tomorrow" in forecast(mailing).held_by
    settings.MAIL_PER_DAY = 3
    assert forecast(mailing).held_by == ""


@pytest.mark.parametrize("now", [NIGHT, NIGHT + timedelta(hours=4)])
def test_quiet_hours_are_named_with_their_end(news, settings, now):
    settings.MAIL_QUIET_HOURS = "21:00-07:00"
    held = forecast(running(news, waiting=1), now).held_by
    assert held == "No mail goes out in the quiet hours; it goes on at 07:00."


def test_quiet_hours_do_not_hold_a_practical_notice(settings, monkeypatch):
    notice = plain_kind("test notice", "service")
    monkeypatch.setitem(KINDS, notice.name, notice)
    settings.MAIL_QUIET_HOURS = "21:00-07:00"
    assert forecast(running(notice, waiting=1), NIGHT) == Forecast()


def test_progress_page_shows_it_and_asks_for_a_new_page_at_the_end(client, news):
    client.force_login(make_user())
    mailing = running(news, waiting=1)
    Mailing.objects.update(sent_at=timezone.now())
    path = f"/mailings/{mailing.pk}/progress/"
    page = client.get(path, headers={"HX-Request": "true"})
    assert 'hx-get="' in page.content.decode()
    assert "HX-Refresh" not in page
    pause(mailing=mailing)
    page = client.get(path, headers={"HX-Request": "true"})
    assert page["HX-Refresh"] == "true"
