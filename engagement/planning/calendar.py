"""Appointments for an interview as a file that a calendar reads (RFC 5545)."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Event as VEvent

from crm.base.text import printable
from engagement.events.calendar import global_uid, new_calendar
from engagement.interviews.models import Interview

# How long one takes nobody says beforehand.
_TAKES = timedelta(hours=1)


def appointments(interviews: Iterable[Interview], *, now: datetime) -> bytes:
    """Those of `interviews` that have a day. Read again later, each takes the place of what it was."""
    calendar = new_calendar()
    for interview in interviews:
        if interview.held_at:
            calendar.add_component(_entry(interview, interview.held_at, now))
    return calendar.to_ical()


def _entry(interview: Interview, at: datetime, now: datetime) -> VEvent:
    entry = VEvent()
    entry.add("uid", global_uid(f"interview-{interview.pk}"))
    entry.add("dtstamp", now.astimezone(UTC))
    entry.add("last-modified", interview.updated_at.astimezone(UTC))
    entry.add("dtstart", at.astimezone(UTC))
    entry.add("dtend", (at + _TAKES).astimezone(UTC))
    entry.add("summary", printable(_("Interview: %(people)s") % {"people": interview}))
    entry.add("location", printable(interview.place or str(interview.get_medium_display())))
    entry.add("url", f"{settings.BASE_URL}{interview.get_absolute_url()}")
    return entry
