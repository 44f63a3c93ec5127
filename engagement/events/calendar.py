"""The calendar part of a mail: iTIP (RFC 5546) in an iCalendar object (RFC 5545)."""

from datetime import datetime
from email.utils import parseaddr

from django.conf import settings
from icalendar import Calendar, vCalAddress, vText
from icalendar import Event as VEvent

from crm.base.text import printable
from engagement.events.models import Event, Participation
from engagement.events.time_zones import time_zone

PARTSTAT = {
    Participation.Status.NEEDS_ACTION: "NEEDS-ACTION",
    Participation.Status.ACCEPTED: "ACCEPTED",
    Participation.Status.DECLINED: "DECLINED",
    Participation.Status.TENTATIVE: "TENTATIVE",
}


def uid_of(event: Event) -> str:
    """The same for every mail about the event, for ever."""
    return global_uid(str(event.uid))


def global_uid(name: str) -> str:
    """Nobody else makes one like it (RFC 5545 section 3.8.4.7)."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    return f"{name}@{domain}"


def new_calendar() -> Calendar:
    """An iCalendar object without anything in it."""
    calendar = Calendar()
    calendar.add("prodid", "-//Kwartet//kwartet//NL")
    calendar.add("version", "2.0")
    return calendar


def sequence_of(participation: Participation) -> int:
    """Never goes down for one person: the event's own changes plus the cancellations sent to them alone."""
    return participation.event.sequence + participation.cancellations


def calendar_part(
    participation: Participation,
    *,
    method: str,
    name: str,
    address: str,
    language: str,
    url: str,
    now: datetime,
) -> bytes:
    """An iCalendar object for one attendee; `method` is "REQUEST" or "CANCEL". Lines end with CRLF."""
    event = participation.event
    calendar = new_calendar()
    calendar.add("method", method)
    entry = VEvent()
    entry.add("uid", uid_of(event))
    entry.add("sequence", sequence_of(participation))
    entry.add("dtstamp", now)
    entry.add("dtstart", event.local_start)
    entry.add("dtend", event.local_end)
    entry.add("summary", printable(event.title(language)))
    entry.add("location", printable(event.place))
    entry.add("description", printable(f"{event.text(language)}\n\n{url}"))
    entry.add("url", url)
    entry.add("status", "CANCELLED" if method == "CANCEL" else "CONFIRMED")
    entry.add("organizer", _organizer())
    entry.add("attendee", _attendee(participation, name, address), encode=False)
    if "TZID" in entry["dtstart"].params:
        calendar.add_component(time_zone(event.zone, event.local_start.year))
    calendar.add_component(entry)
    return calendar.to_ical()


def _organizer() -> vCalAddress:
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    organizer = vCalAddress(f"mailto:{address}")
    organizer.params["cn"] = vText(name or settings.SITE_NAME)
    return organizer


def _attendee(participation: Participation, name: str, address: str) -> vCalAddress:
    attendee = vCalAddress(f"mailto:{address}")
    attendee.params["cn"] = vText(name)
    attendee.params["role"] = vText("REQ-PARTICIPANT")
    attendee.params["partstat"] = vText(PARTSTAT[Participation.Status(participation.status)])
    # The answer is given on the page behind the link, where it counts at once.
    attendee.params["rsvp"] = vText("FALSE")
    return attendee
