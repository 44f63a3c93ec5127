"""A time zone in a calendar (RFC 5545 section 3.6.5), written so that every calendar program reads it alike.

Outlook reads rules only (MS-STANOICAL), and the RDATEs of the icalendar package put ical.js, in Thunderbird,
an hour off. So a change of the clock that comes back every year is a rule, found by asking the zone itself.
"""

from bisect import bisect_left
from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

# In so many years every date falls on every day of the week, in leap years too.
_CYCLE = 28
_WEEK = timedelta(days=7)
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True)
class Onset:
    """A change of the clock, with what the clock showed at that moment: RFC 5545 wants the old offset."""

    at: datetime
    before: timedelta
    after: timedelta
    name: str


@lru_cache(maxsize=64)
def time_zone(zone: ZoneInfo, year: int) -> Timezone:
    """What the clock of `zone` does around `year`; for good, where it does the same every year."""
    found = Timezone()
    found.add("tzid", zone.key)
    # A year that was mistyped still gets the calendar of its zone.
    for part in _parts(zone, min(max(year - 1, MINYEAR + 1), MAXYEAR - _CYCLE)):
        found.add_component(part)
    return found


def _parts(zone: ZoneInfo, first: int) -> Iterator[TimezoneStandard | TimezoneDaylight]:
    onsets = list(_onsets(zone, first, first + _CYCLE))
    halves = [[one for one in onsets if (one.after > one.before) is forward] for forward in (True, False)]
    rules = [_rule(half) for half in halves]
    if all(rules):
        yield from (_part(half[0], rule) for half, rule in zip(halves, rules, strict=True))
        return
    # The clock stands still, or follows the moon or what a rule cannot say: each change by itself.
    begin = datetime(first, 1, 1, tzinfo=zone)
    offset = _offset(zone, begin)
    yield _part(Onset(begin.replace(tzinfo=None), offset, offset, begin.tzname() or ""))
    yield from (_part(onset) for onset in onsets if onset.at.year <= first + 2)


def _onsets(zone: ZoneInfo, first: int, last: int) -> Iterator[Onset]:
    """The changes of the clock from the year `first` up to `last`; two within a week are not seen."""
    week = datetime(first, 1, 1, tzinfo=UTC)
    while week.year < last:
        before, after = (_offset(zone, moment) for moment in (week, week + _WEEK))
        if before != after:
            at = week + _first_second(zone, week, before)
            name = at.astimezone(zone).tzname() or ""
            yield Onset((at + before).replace(tzinfo=None), before, after, name)
        week += _WEEK


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()


def _first_second(zone: ZoneInfo, week: datetime, before: timedelta) -> timedelta:
    """How long after the beginning of `week` the offset is no more what it was."""
    seconds = range(int(_WEEK.total_seconds()))
    changed = bisect_left(
        seconds, True, key=lambda second: _offset(zone, week + timedelta(seconds=second)) != before
    )
    return timedelta(seconds=changed)


def _rule(onsets: Sequence[Onset]) -> dict[str, Any]:
    """What makes all of them, one a year; empty when there is no such rule."""
    alike = {(one.at.month, one.at.weekday(), one.at.time(), one.before, one.after) for one in onsets}
    days = sorted({one.at.day for one in onsets})
    if len(onsets) != _CYCLE or len(alike) != 1 or days != list(range(days[0], days[0] + 7)):
        return {}
    start = onsets[0].at
    rule = {"freq": "YEARLY", "bymonth": start.month}
    weekday = _WEEKDAYS[start.weekday()]
    if days[-1] == monthrange(start.year, start.month)[1]:
        return {**rule, "byday": f"-1{weekday}"}
    if days[0] % 7 == 1:
        return {**rule, "byday": f"{days[0] // 7 + 1}{weekday}"}
    # For example "the Friday before the last Sunday".
    return {**rule, "byday": weekday, "bymonthday": days}


def _part(onset: Onset, rule: dict[str, Any] | None = None) -> TimezoneStandard | TimezoneDaylight:
    part = TimezoneDaylight() if onset.after > onset.before else TimezoneStandard()
    part.add("dtstart", onset.at)
    part.add("tzoffsetfrom", onset.before)
    part.add("tzoffsetto", onset.after)
    part.add("tzname", onset.name)
    if rule:
        part.add("rrule", rule)
    return part
