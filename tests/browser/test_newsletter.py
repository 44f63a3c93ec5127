"""A newsletter from "New mailing" to its results by clicking, in Chromium on a desk and on a phone."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.test_main_job import checked, logged_in
from tests.flows.test_planned import ITS_MOMENT
from tests.harness.sink import Received
from tests.harness.stack import Stack
from tests.harness.visitor import links_in
from tests.harness.waiting import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.processes]

USER = """
from crm.accounts.roles import Role
from tests.factories import make_event, make_user
make_event()
result = make_user(Role.COMMUNICATIONS, language="en").email
"""
# People of one O, so that each walk has its own.
WORLD = """
from crm.preferences.services import record_consent
from crm.directory.segments.models import Segment
from crm.accounts.models import User
from tests.factories import make_contact, make_organisation
lab = make_organisation("Lab {sector}", "{sector}")
names = {{"Amrani": "nl", "Nijland": "en", "Wouda": "nl"}}
people = {{
    name: make_contact(given_name="", infix="", family_name=name, language=code, organisation=lab)
    for name, code in names.items()
}}
for person in people.values():
    record_consent(contact=person, purpose="newsletter", allowed=True, source="staff")
owner = User.objects.get()
Segment.objects.create(name="Lab {sector}", filter={{"sector": ["{sector}"]}}, owner=owner, shared=True)
result = {{name: person.email() for name, person in people.items()}}
"""


@pytest.fixture(scope="module")
def email(stack: Stack) -> str:
    return str(stack.shell(USER))


@pytest.mark.parametrize(
    ("width", "scheme", "sector"), [(1280, "light", "research"), (390, "dark", "government")]
)
def test_newsletter_from_an_empty_page_to_its_results(
    stack: Stack, open_page: Callable[..., Page], email: str, width: int, scheme: str, sector: str
) -> None:
    people = stack.shell(WORLD.format(sector=sector))
    page = logged_in(stack, open_page(width, scheme), email)
    begin(stack, page)
    write(page, f"{stack.base_url}/healthz")
    choose_who(page, f"Lab {sector}")
    look_and_try(stack, page, email)
    plan(stack, page)
    mails = {name: arrived(stack, people[name]) for name in ("Amrani", "Nijland")}
    assert stack.sink.to(people["Wouda"]) == []
    read(mails)
    say_no(stack, open_page(width, scheme), mails["Nijland"])
    look_back(page)


def begin(stack: Stack, page: Page) -> None:
    page.goto(f"{stack.base_url}/mailings/")
    checked(page)
    page.get_by_role("link", name="New mailing").click()
    page.get_by_role("radio", name="Newsletter").check()
    page.get_by_label("Title").fill("June")
    checked(page)
    page.get_by_role("button", name="Go on to the text").click()
    expect(page.get_by_text("Nothing yet: begin with a text.")).to_be_visible()
    checked(page)


def write(page: Page, link: str) -> None:
    """All five blocks, in both languages, seen in both before they are saved."""
    page.get_by_label("subject in Dutch").fill("Nieuws uit juni")
    page.get_by_label("subject in English").fill("News of June")
    block(page, 1, "heading", {"In Dutch": "Een nieuw lab", "In English": "A new lab"})
    block(page, 2, "text", {"In Dutch": "Het **staat** er.", "In English": "It *is* there."})
    where = {"Where it leads": link}
    block(page, 3, "button", {"In Dutch": "Lees verder", "In English": "Read on", **where})
    block(page, 4, "event", {})
    page.get_by_role("group", name="Block 4: event").get_by_label("Event").select_option(index=1)
    block(page, 5, "list", {"In Dutch": "een\ntwee", "In English": "one\ntwo"})
    checked(page)
    body = page.frame_locator("iframe.mail-preview").locator("body")
    for language, words in (("nl", "Nieuws uit juni"), ("en", "News of June")):
        page.get_by_label("Language").select_option(language)
        expect(body.get_by_role("heading", level=1)).to_have_text(words)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing has been sent yet")


def block(page: Page, number: int, kind: str, fields: dict[str, str]) -> None:
    """Add one below the others; what is typed in is never behind the bar at the bottom."""
    page.get_by_role("button", name=kind, exact=True).click()
    group = page.get_by_role("group", name=f"Block {number}: {kind}")
    expect(group).to_be_visible()
    for label, words in fields.items():
        field = group.get_by_label(label)
        field.fill(words)
        in_sight(page)


def in_sight(page: Page) -> None:
    """WCAG 2.4.11: the field with the cursor does not stay behind what is fixed on the page."""
    shown = """() => {
        const field = document.activeElement, box = field.getBoundingClientRect();
        const x = box.left + box.width / 2, at = [box.top + 3, box.bottom - 3];
        return at.every(y => document.elementFromPoint(x, y) === field);
    }"""
    wait_until(lambda: page.evaluate(shown), what="the field with the cursor in sight")


def choose_who(page: Page, selection: str) -> None:
    """A selection, but not one of its people."""
    expect(page.get_by_text("Nobody has been chosen yet")).to_be_visible()
    checked(page)
    page.get_by_role("link", name="Choose who gets it").click()
    page.get_by_role("region", name="Who gets it").get_by_label(selection).check()
    expect(page.locator("#count")).to_contain_text("3 people would get it")
    unwanted = page.get_by_role("region", name="But not")
    unwanted.get_by_label("Find a person").fill("wouda")
    in_sight(page)
    unwanted.get_by_label("Find a person").press("Enter")
    unwanted.get_by_label(f"Wouda ({selection})").check()
    expect(page.locator("#count")).to_contain_text("2 people would get it")
    checked(page)
    page.get_by_role("button", name="Save the audience").click()


def look_and_try(stack: Stack, page: Page, email: str) -> None:
    body = page.frame_locator("iframe.mail-preview").locator("body")
    for language, words in (("English", "Read on"), ("Dutch", "Lees verder")):
        page.get_by_label("How it is shown").get_by_role("link", name=language).click()
        expect(body).to_contain_text(words)
    checked(page)
    before = len(stack.sink.to(email))
    page.get_by_role("button", name=f"Send a test to {email}").click()
    expect(page.get_by_role("status")).to_contain_text("2 test mails are on their way")
    wait_until(lambda: len(stack.sink.to(email)) == before + 2, what="a test mail in each language")
    checked(page)


def plan(stack: Stack, page: Page) -> None:
    """For in an hour, which then is now: it goes out by itself."""
    page.get_by_text("Send later").click()
    moment = timezone.localtime(timezone.now() + timedelta(hours=1))
    page.get_by_label("Send on").fill(moment.strftime("%Y-%m-%dT%H:%M"))
    checked(page)
    page.get_by_role("button", name="Plan").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Planned")
    checked(page)
    stack.shell(ITS_MOMENT)


def arrived(stack: Stack, address: str) -> Received:
    mails = wait_until(lambda: stack.sink.to(address), what=f"the newsletter at {address}")
    assert len(mails) == 1
    return mails[0]


def read(mails: dict[str, Received]) -> None:
    """Each in the language of its reader, with a way out that a mail program can press."""
    assert mails["Amrani"].mail["Subject"] == "Nieuws uit juni"
    assert "Lees verder" in mails["Amrani"].text()
    assert mails["Nijland"].mail["Subject"] == "News of June"
    assert "Read on" in mails["Nijland"].text()
    for received in mails.values():
        assert received.mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert "/u/" in received.mail["List-Unsubscribe"]


def say_no(stack: Stack, page: Page, received: Received) -> None:
    page.goto(links_in(received.text(), stack.base_url, "u")[0])
    checked(page)
    page.get_by_role("button", name="No more of these mails").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You get no more of these mails")
    checked(page)


def look_back(page: Page) -> None:
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sent")
    figures = page.locator("#results .figures")
    expect(figures).to_contain_text("2delivered")
    expect(figures).to_contain_text("1said no to such mail since")
    checked(page)
