"""The main job, from spreadsheet to reminder, through real processes over HTTP and SMTP."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from icalendar import Calendar

from tests.harness.sink import Received
from tests.harness.stack import KINDS, Stack, open_stack
from tests.harness.visitor import Page, Visitor, links_in
from tests.harness.waiting import wait_until

pytestmark = pytest.mark.processes

PASSWORD = "a long password"

USERS = """
from crm.accounts.roles import Role
from tests.factories import make_user
result = {role.name: make_user(role, language="en").email for role in Role}
"""
INVITED = """
from engagement.events.models import Participation
result = {p.contact.email(): p.status for p in Participation.objects.select_related("contact")}
"""
WHO_MAY = """
from crm.contacts.models import Affiliation, Contact
from crm.preferences.rules import contacts_who_may_receive
chosen = Contact.objects.speaking_for(["research"]).filter(contacts_who_may_receive("invitation"))
result = sorted(person.email() for person in chosen if person.email())
"""
# The clock cannot be turned forward in other processes, so the invitation is put a day back and the
# event to where its reminder falls due this minute.
REMINDER_IS_DUE_NOW = """
from datetime import datetime, timedelta
from django.utils import timezone
from engagement.events.models import Event, ReminderRule
from engagement.mailings.models import Message
now = timezone.localtime()
Message.objects.filter(kind="invitation").update(sent_at=now - timedelta(days=1))
event = Event.objects.get()
event.starts_at = (now + timedelta(days=2)).replace(hour=23, minute=0)
event.ends_at = event.starts_at + timedelta(minutes=30)
event.save()
due = now - timedelta(minutes=1)
days = (event.local_start.date() - due.date()).days
ReminderRule.objects.filter(event=event).update(days_before=days, at=due.time())
result = ReminderRule.objects.get().is_due(timezone.now())
"""
DAY = timezone.localdate() + timedelta(days=120)
EVENT = {
    "kind": "expert session",
    "title_nl": "Expertsessie Battle for talent",
    "title_en": "Expert session Battle for talent",
    "text_nl": "Wat is er nodig om talent te vinden en te houden?",
    "formality": "u",
    "text_en": "What does it take to find talent and to keep it?",
    "starts_at": f"{DAY}T13:30",
    "ends_at": f"{DAY}T16:30",
    "place": "DesignLab",
    "capacity": "2",
    "remind_days_before": "3",
}


@pytest.fixture(params=KINDS)
def stack(request: pytest.FixtureRequest) -> Iterator[Stack]:
    with open_stack(request.param, workers=1, beats=2) as running:
        yield running


def calendar_of(message: Received) -> Any:
    calendar = Calendar.from_ical(message.text("text/calendar"))
    return calendar["METHOD"], calendar.walk("VEVENT")[0]


def test_spreadsheet_in_invitation_out_answer_back_reminder_on_time(stack: Stack, corpora: Path) -> None:
    users = stack.shell(USERS)
    admin, adviser, member = (
        logged_in(stack, users[role]) for role in ("ADMIN", "COMMUNICATIONS", "CORE_TEAM")
    )
    spreadsheet_comes_in(stack, admin, corpora / "relatiebestand" / "csv_cp1252.csv")
    invitations = invitation_goes_out(stack, adviser)
    yes, no, late = answers_come_back(stack, invitations)
    leaver = somebody_unsubscribes(stack, invitations, {yes, no, late})
    interview_is_logged(stack, member)
    reminder_goes_out(stack, keep={yes, late}, skip={no, leaver})
    assert stack.health()[0] == 200


def logged_in(stack: Stack, email: str) -> Visitor:
    visitor = Visitor(stack.base_url)
    visitor.log_in(email, PASSWORD)
    return visitor


def spreadsheet_comes_in(stack: Stack, admin: Visitor, file: Path) -> None:
    """Uploaded, planned, applied in the background; the same file again changes nothing."""
    expected = json.loads(file.with_name("csv_cp1252.expected.json").read_text())
    people = [row for row in expected if "action" not in row and "repeat_of" not in row]
    plan = upload(stack, admin, file)
    assert stack.shell("from crm.contacts.models import Contact\nresult = Contact.objects.count()") == 0
    admin.confirm(f"{plan.path}apply/", {})
    applied = (
        "from crm.imports.models import ImportBatch\n"
        "result = list(ImportBatch.objects.values_list('state', flat=True))"
    )
    wait_until(lambda: stack.shell(applied) == ["applied"], every=0.5, what="an applied import")
    found = stack.shell(
        "from crm.contacts.models import Contact\nfrom crm.preferences.models import Preference\n"
        "noes = Preference.objects.filter(purpose='invitation', allowed=False)\n"
        "result = [Contact.objects.count(), noes.count()]"
    )
    assert found == [len(people), sum(row["may_invite"] is False for row in people)]
    upload(stack, admin, file)
    actions = (
        "from crm.imports.models import ImportRow\nfrom collections import Counter\n"
        "result = Counter(ImportRow.objects.filter(batch__state='planned').values_list('action', flat=True))"
    )
    refused = sum("action" in row for row in expected)
    assert stack.shell(actions) == {"same": len(expected) - refused, "refused": refused}


def upload(stack: Stack, admin: Visitor, file: Path) -> Page:
    """The file is sent; a worker reads it and makes the plan."""
    page = admin.post("/import/new/", {"kind": "", "sector": ""}, file=("file", file))
    assert re.fullmatch(r"/import/\d+/", page.path), page.text
    newest = "from crm.imports.models import ImportBatch\nresult = ImportBatch.objects.first().state"
    wait_until(lambda: stack.shell(newest) == "planned", every=0.5, what="a plan")
    return page


def invitation_goes_out(stack: Stack, adviser: Visitor) -> dict[str, Received]:
    """The audience is who speaks for research and did not say no; each gets one mail of their own."""
    theme = stack.shell("from crm.themes.models import Theme\nresult = Theme.objects.first().pk")
    event = adviser.post("/events/new/", {**EVENT, "theme": str(theme)})
    audience: dict[str, str | list[str]] = {"sector": "research", "may_receive": "invitation"}
    shown = adviser.post(f"{event.path}invite/", {**audience, "save": "1"})
    assert "This is the number now." in shown.text
    seen = re.search(r'name="seen" value="(\w+)"', shown.text)
    ticked = re.findall(r'name="invite" value="(\d+)"', shown.text)
    assert seen is not None
    counted = {**audience, "shown": ticked, "invite": ticked, "seen": seen[1], "save": "1"}
    draft = adviser.post(f"{event.path}invite/", counted)
    assert re.fullmatch(r"/mailings/\d+/", draft.path), draft.text
    assert len(stack.sink.messages) == 0
    preview = re.search(r"/mailings/\d+/preview/\d+/", draft.text)
    assert preview is not None
    assert "Geachte" in adviser.get(f"{preview[0]}?part=text").text
    adviser.confirm(f"{draft.path}send/", {})
    chosen = stack.shell(WHO_MAY)
    assert len(chosen) > 20
    wait_until(lambda: len(stack.sink.messages) >= len(chosen), what="all invitations")
    arrived = Counter(message.recipients[0] for message in stack.sink.messages)
    assert arrived == Counter(chosen)
    first = stack.sink.messages[0]
    method, entry = calendar_of(first)
    assert (method, int(entry["SEQUENCE"])) == ("REQUEST", 0)
    assert re.match(r"Geachte (heer|mevrouw) [^a-z]", first.text())
    return {message.recipients[0]: message for message in stack.sink.messages}


def answers_come_back(stack: Stack, invitations: dict[str, Received]) -> tuple[str, str, str]:
    """Opening the link changes nothing; yes fills the room, no is confirmed, the third finds it full."""
    yes, other, no, late = list(invitations)[:4]
    link = {address: links_in(mail.text(), stack.base_url, "a") for address, mail in invitations.items()}
    scanner = Visitor(stack.base_url)
    for url in link[no]:
        assert [scanner.get(url, method).status for method in ("GET", "HEAD")] == [200, 200]
    assert len(scanner.cookies) == 0
    assert set(stack.shell(INVITED).values()) == {"needs-action"}
    for address, answer in ((yes, "accepted"), (other, "accepted"), (no, "declined")):
        page = Visitor(stack.base_url).post(link[address][0].split("?")[0], {"answer": answer, "needs": ""})
        assert page.status == 200
    full = Visitor(stack.base_url).post(
        link[late][0].split("?")[0], {"answer": "accepted", "needs": "a ramp"}
    )
    assert (full.status, "a ramp" in full.text) == (409, True)
    statuses = stack.shell(INVITED)
    assert [statuses[address] for address in (yes, other, no, late)] == [
        "accepted",
        "accepted",
        "declined",
        "needs-action",
    ]
    wait_until(lambda: all(len(stack.sink.to(a)) == 2 for a in (yes, other, no)), what="confirmations")
    accepted, declined = calendar_of(stack.sink.to(yes)[1]), calendar_of(stack.sink.to(no)[1])
    invited = calendar_of(invitations[yes])[1]
    assert (accepted[0], accepted[1]["UID"]) == ("REQUEST", invited["UID"])
    assert accepted[1]["ATTENDEE"].params["PARTSTAT"] == "ACCEPTED"
    assert (declined[0], int(declined[1]["SEQUENCE"])) == ("CANCEL", 1)
    return yes, no, late


def somebody_unsubscribes(stack: Stack, invitations: dict[str, Received], others: set[str]) -> str:
    """One click ends the invitations and nothing else; the preferences page shows it."""
    leaver = list(invitations)[-1]
    assert leaver not in others
    mail: EmailMessage = invitations[leaver].mail
    url = str(mail["List-Unsubscribe"]).strip().strip("<>")
    stranger = Visitor(stack.base_url)
    assert stranger.get(url).status == 200
    page = stranger.post(url, {"List-Unsubscribe": "One-Click"})
    assert (page.status, page.url, len(stranger.cookies)) == (200, url, 0)
    preferences = stranger.get(links_in(invitations[leaver].text(), stack.base_url, "p")[0]).text
    ticked = re.findall(r'value="([\w]+)" checked', preferences)
    assert "invitation" not in ticked
    assert "reminder" in ticked
    return leaver


def interview_is_logged(stack: Stack, member: Visitor) -> None:
    contact = stack.shell(
        "from crm.contacts.models import Contact\n"
        "result = Contact.objects.filter(last_heard_on=None).first().pk"
    )
    page = member.post(
        "/interviews/new/",
        {
            "contacts": str(contact),
            "held_at": "2026-11-20T10:00",
            "place": "by phone",
            "notes": "Open the labs.",
            "organisation": "",
        },
    )
    assert "Open the labs." in page.text
    timeline = member.get(f"/contacts/{contact}/").text
    assert page.path in timeline
    heard = (
        f"from crm.contacts.models import Contact\nresult = Contact.objects.get(pk={contact}).last_heard_on"
    )
    assert stack.shell(heard) == "2026-11-20"


def reminder_goes_out(stack: Stack, *, keep: set[str], skip: set[str]) -> None:
    """Two beats find it due; who declined or wants no invitations any more is not reminded."""
    before = Counter(message.recipients[0] for message in stack.sink.messages)
    assert stack.shell(REMINDER_IS_DUE_NOW) is True
    waiting = (
        "from engagement.mailings.models import Message\n"
        "reminders = Message.objects.filter(kind='reminder')\n"
        "result = reminders.exists() and not reminders.exclude(state__in=['sent', 'skipped']).exists()"
    )
    wait_until(lambda: stack.shell(waiting), every=2, what="reminders")
    after = Counter(message.recipients[0] for message in stack.sink.messages)
    reminded = after - before
    assert set(reminded.values()) == {1}
    assert keep <= set(reminded)
    assert not skip & set(reminded)
