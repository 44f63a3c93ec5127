"""The mails about an event, as bytes and as a mail program reads them."""

from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dateutil import tz
from icalendar import Calendar

from engagement.events.mails import CONFIRMATION, INVITATION, UPDATE
from engagement.events.services import answer, save_event
from engagement.mailings.kinds import KINDS
from engagement.mailings.making import made
from engagement.mailings.mime import build
from engagement.mailings.models import Message
from tests.factories import bring_to, invite_everybody, make_contact, make_event

pytestmark = pytest.mark.django_db


def parsed(message: Message) -> EmailMessage:
    raw = build(message, KINDS[message.kind].render(message))
    mail = message_from_bytes(raw, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    assert not mail.defects
    return mail


def parts(mail: EmailMessage) -> dict[str, str]:
    return {part.get_content_type(): part.get_content() for part in mail.walk() if not part.is_multipart()}


def calendar_of(mail: EmailMessage) -> Any:
    return Calendar.from_ical(parts(mail)["text/calendar"])


@pytest.fixture
def invitation(db) -> Message:
    make_contact(titles_before="prof. dr. ir.")
    return invite_everybody(make_event())[0]


def test_invitation_has_the_right_heads(invitation):
    mail = parsed(invitation)
    assert mail["Subject"].endswith(": Expertsessie talent")
    assert mail["To"] == invitation.address
    assert mail["Message-ID"] == f"<{invitation.pk}@example.org>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["List-Unsubscribe"].strip().startswith("<http://127.0.0.1:8000/u/")
    assert [part.get_content_type() for part in mail.iter_parts()] == [
        "text/plain",
        "text/html",
        "text/calendar",
    ]


def test_invitation_addresses_the_person(invitation):
    texts = parts(parsed(invitation))
    assert texts["text/plain"].startswith("Geachte heer Van den Berg,")
    assert "Geachte heer Van den Berg," in texts["text/html"]


def test_english_reader_gets_english():
    make_contact(language="en", formality="je")
    mail = parsed(invite_everybody(make_event())[0])
    texts = parts(mail)
    assert mail["Subject"] == "Invitation: Expert session talent"
    assert texts["text/plain"].startswith("Dear Jan,")
    assert "We talk about talent." in texts["text/plain"]
    assert '<html lang="en">' in texts["text/html"]


def test_calendar_part_asks_with_a_stable_identity(invitation):
    mail = parsed(invitation)
    part = next(p for p in mail.walk() if p.get_content_type() == "text/calendar")
    assert part.get_param("method") == "REQUEST"
    calendar = calendar_of(mail)
    entry = calendar.walk("VEVENT")[0]
    event = Message.objects.get(pk=invitation.pk)
    assert calendar["METHOD"] == "REQUEST"
    assert (entry["SEQUENCE"], str(entry["UID"]).endswith("@example.org")) == (0, True)
    assert [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")] == ["Europe/Amsterdam"]
    assert entry["DTSTART"].params["TZID"] == "Europe/Amsterdam"
    assert str(entry["ATTENDEE"]) == f"mailto:{event.address}"
    assert entry["ATTENDEE"].params["PARTSTAT"] == "NEEDS-ACTION"


@pytest.mark.same_on_both
@pytest.mark.parametrize(
    ("day", "hour"),
    [("2027-03-27", 9), ("2027-03-29", 8), ("2027-10-27", 8), ("2027-11-01", 9), ("2028-02-29", 9)],
)
def test_calendar_program_that_knows_no_zones_reads_the_right_hour(day, hour):
    """By the time zone in the part alone, ten o'clock in Amsterdam is that hour in UTC."""
    make_contact()
    start = datetime.fromisoformat(f"{day}T10:00").replace(tzinfo=ZoneInfo("Europe/Amsterdam"))
    calendar = calendar_of(parsed(invite_everybody(make_event(starts_at=start))[0]))
    (zone,) = calendar.walk("VTIMEZONE")
    assert [part["RRULE"]["BYDAY"] for part in zone.subcomponents] == [["-1SU"], ["-1SU"]]
    known = tz.tzical(StringIO(zone.to_ical().decode().replace("\r\n", "\n"))).get("Europe/Amsterdam")
    entry = calendar.walk("VEVENT")[0]["DTSTART"]
    assert entry.dt.replace(tzinfo=known).astimezone(UTC) == datetime.fromisoformat(f"{day}T{hour:02}:00Z")
    assert calendar.subcomponents.index(zone) == 0


def test_calendar_of_an_event_in_utc_needs_no_zone():
    make_contact()
    calendar = calendar_of(parsed(invite_everybody(make_event(time_zone="UTC"))[0]))
    assert [part.name for part in calendar.subcomponents] == ["VEVENT"]


def test_same_row_makes_the_same_calendar_and_links(invitation):
    first, second = INVITATION.render(invitation), INVITATION.render(invitation)
    assert first == second


def test_confirmation_of_yes_accepts_and_of_no_takes_it_out(invitation):
    participation = invitation.contact.participations.get()
    answer(participation=participation, status="accepted")
    yes = Message.objects.get(kind="confirmation")
    entry = calendar_of(parsed(yes)).walk("VEVENT")[0]
    assert (entry["ATTENDEE"].params["PARTSTAT"], entry["SEQUENCE"]) == ("ACCEPTED", 0)
    answer(participation=participation, status="declined")
    no = Message.objects.get(kind="confirmation", key__endswith=":2")
    calendar = calendar_of(parsed(no))
    assert (calendar["METHOD"], calendar.walk("VEVENT")[0]["SEQUENCE"]) == ("CANCEL", 1)
    assert CONFIRMATION.render(no).method == "CANCEL"
    assert CONFIRMATION.letters([yes])[0].objection == "outdated"


def test_update_keeps_the_identity_and_raises_the_sequence(invitation):
    bring_to("sent", Message.objects.filter(pk=invitation.pk))
    before = calendar_of(parsed(invitation)).walk("VEVENT")[0]["UID"]
    event = invitation.contact.participations.get().event
    event.starts_at += timedelta(hours=1)
    save_event(event=event, remind_days_before=None)
    update = Message.objects.get(kind="update")
    entry = calendar_of(parsed(update)).walk("VEVENT")[0]
    assert (entry["UID"], entry["SEQUENCE"], entry["DTSTART"].dt) == (before, 1, event.local_start)
    assert UPDATE.render(update).method == "REQUEST"


HOSTILE = '<script>alert(1)</script> & {{ 7 }} "quotes" ünï \U0001f600 \u202eRTL'


def test_hostile_text_is_shown_as_typed_and_never_run():
    make_contact(family_name=HOSTILE, infix="")
    message = invite_everybody(make_event(title_nl=HOSTILE, text_nl=HOSTILE, place=HOSTILE))[0]
    mail = parsed(message)
    texts = parts(mail)
    assert HOSTILE in texts["text/plain"]
    assert "<script>" not in texts["text/html"]
    assert calendar_of(mail).walk("VEVENT")[0]["LOCATION"] == HOSTILE
    assert HOSTILE in mail["Subject"]


def test_line_break_in_a_title_cannot_add_a_head():
    make_contact()
    message = invite_everybody(make_event(title_nl="Hello\r\nBcc: everybody@example.org"))[0]
    mail = parsed(message)
    assert mail["Bcc"] is None
    assert "Hello Bcc: everybody@example.org" in mail["Subject"]


def test_line_break_in_a_name_cannot_add_a_calendar_line():
    make_contact(family_name="Berg\r\nATTENDEE:mailto:evil@example.org", infix="")
    mail = parsed(invite_everybody(make_event())[0])
    assert str(calendar_of(mail).walk("VEVENT")[0]["ATTENDEE"]).startswith("mailto:person")


def test_calendar_holds_no_controls_made_whole_or_from_a_stencil():
    """RFC 5545 section 3.1 leaves them out; U+FFFE no XML knows, which some programs keep calendars in."""
    odd = "\ufffe\uffff\x07\x1b\x7f\x85"
    make_contact(family_name=f"Be{odd}rg", infix="")
    event = make_event(title_nl=f"Pra{odd}at", text_nl=f"Ko{odd}m", place=f"La{odd}b")
    message = invite_everybody(event)[0]
    (letter,) = INVITATION.letters([message])
    for raw in (made(letter), build(message, INVITATION.compose(letter, letter.fields))):
        mail = message_from_bytes(raw, policy=policy.default)
        entry = calendar_of(mail).walk("VEVENT")[0]
        assert (entry["SUMMARY"], entry["LOCATION"]) == ("Praat", "Lab")
        assert entry["ATTENDEE"].params["CN"] == "Jan Berg"
        assert not set(odd) & set(parts(mail)["text/calendar"])


def test_international_domain_is_sent_in_its_ascii_form():
    make_contact(email="jan@münchen.example.org")
    mail = parsed(invite_everybody(make_event())[0])
    assert mail["To"] == "jan@xn--mnchen-3ya.example.org"
