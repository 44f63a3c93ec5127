"""The rules of a time zone in a calendar say what the zone itself says, to whoever reads them."""

from bisect import bisect_right
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dateutil import tz
from dateutil.rrule import rrulestr

from engagement.events.time_zones import time_zone

AMSTERDAM = """BEGIN:VTIMEZONE
TZID:Europe/Amsterdam
BEGIN:DAYLIGHT
DTSTART:20260329T020000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
TZNAME:CEST
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:20261025T030000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
TZNAME:CET
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
"""
BY_RULE = {
    "Europe/Amsterdam": ["-1SU", "-1SU"],
    "Europe/London": ["-1SU", "-1SU"],
    "Europe/Dublin": ["-1SU", "-1SU"],
    "America/New_York": ["2SU", "1SU"],
    "Australia/Sydney": ["1SU", "1SU"],
    "Australia/Lord_Howe": ["1SU", "1SU"],
    "Antarctica/Troll": ["-1SU", "-1SU"],
    # On the Saturday before the last Sunday, the Friday before it, and the Sunday after the first Saturday.
    "America/Nuuk": ["SA", "-1SU"],
    "Asia/Jerusalem": ["FR", "-1SU"],
    "America/Santiago": ["SU", "SU"],
}
WITHOUT_CHANGES = ["Asia/Kolkata", "Europe/Istanbul", "America/Phoenix"]
# By the moon, and on the Friday after the last Thursday of October, which may be in November.
WITHOUT_RULE = ["Africa/Casablanca", "Africa/Cairo"]


def text(zone: str, year: int = 2027) -> str:
    return time_zone(ZoneInfo(zone), year).to_ical().decode().replace("\r\n", "\n")


def clocks(zone: str, until: int) -> Iterator[datetime]:
    """What the clock shows, at ever other times of the day, from just before 2027."""
    moment = datetime(2026, 12, 20, tzinfo=UTC)
    while moment.year < until:
        yield moment.astimezone(ZoneInfo(zone))
        moment += timedelta(hours=10, minutes=59)


def onsets_by_rfc(parts: Any) -> list[tuple[datetime, timedelta]]:
    """When which offset begins; the latest counts. RFC 5545 section 3.6.5, written down once more."""
    onsets = []
    for part in parts:
        times = [start := part["DTSTART"].dt]
        if "RRULE" in part:
            rule = rrulestr(part["RRULE"].to_ical().decode(), dtstart=start)
            times = rule.between(start, datetime(2035, 1, 1), inc=True)
        onsets += [(at, part["TZOFFSETTO"].td) for at in times]
    return sorted(onsets)


def test_amsterdam_changes_its_clock_by_rule_in_the_offset_it_had():
    assert text("Europe/Amsterdam") == AMSTERDAM
    assert text("Europe/Amsterdam", 2040).count("RRULE:FREQ=YEARLY;BYDAY=-1SU") == 2


@pytest.mark.parametrize("zone", BY_RULE)
def test_zone_that_does_the_same_every_year_has_a_rule(zone):
    parts: Any = time_zone(ZoneInfo(zone), 2027).subcomponents
    assert [part.name for part in parts] == ["DAYLIGHT", "STANDARD"]
    assert [str(part["RRULE"]["BYDAY"]) for part in parts] == BY_RULE[zone]


@pytest.mark.parametrize("zone", WITHOUT_CHANGES)
def test_zone_that_changes_nothing_has_one_part(zone):
    (part,) = time_zone(ZoneInfo(zone), 2027).subcomponents
    assert (part.name, part["TZOFFSETFROM"].td) == ("STANDARD", part["TZOFFSETTO"].td)
    assert "RRULE" not in part


@pytest.mark.parametrize("zone", WITHOUT_RULE)
def test_zone_without_a_rule_has_each_change_by_itself(zone):
    assert "RRULE" not in text(zone)
    assert "RDATE" not in text(zone)
    assert text(zone).count("DTSTART") == 1 + 2 * 3


@pytest.mark.parametrize("zone", [*BY_RULE, *WITHOUT_CHANGES, *WITHOUT_RULE])
def test_every_reader_puts_the_clock_where_the_zone_does(zone):
    until = 2029 if zone in WITHOUT_RULE else 2030
    found = time_zone(ZoneInfo(zone), 2027)
    by_icalendar = found.to_tz(lookup_tzid=False)
    by_dateutil = tz.tzical(StringIO(text(zone))).get(zone)
    onsets = onsets_by_rfc(found.subcomponents)
    for clock in clocks(zone, until):
        offset = clock.utcoffset()
        assert clock.replace(tzinfo=by_icalendar).utcoffset() == offset, clock
        assert clock.replace(tzinfo=by_dateutil).utcoffset() == offset, clock
        if not clock.fold:  # RFC 5545 section 3.3.5: an hour that comes twice is the first of both
            latest = bisect_right(onsets, clock.replace(tzinfo=None), key=lambda onset: onset[0])
            assert onsets[latest - 1][1] == offset, clock


@pytest.mark.parametrize("year", [1, 1900, 9999])
def test_mistyped_year_still_has_a_zone(year):
    assert text("Europe/Amsterdam", year).startswith("BEGIN:VTIMEZONE\nTZID:Europe/Amsterdam\n")
