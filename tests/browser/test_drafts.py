"""Nothing that is typed gets lost, in Chromium: a reload, a dead line, a dying session, a double click."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.test_main_job import PASSWORD, checked, logged_in
from tests.harness.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.processes]

PEOPLE = """
from crm.accounts.roles import Role
from tests.factories import make_contact, make_user, write
result = [make_user(Role.ADMIN, language="en").email, make_contact().pk, write().pk]
"""
END_SESSIONS = """
from django.contrib.sessions.models import Session
result = Session.objects.all().delete()[0]
"""
EVENT = """
from tests.factories import make_event
result = make_event().pk
"""
INTERVIEWS = """
from engagement.interviews.models import Interview
result = sorted(Interview.objects.values_list("writeup__text", flat=True))
"""
NOTES = """
from crm.timeline.models import TimelineEntry
result = [entry.words["detail"] for entry in TimelineEntry.objects.filter(kind="timeline.note")]
"""
CONTACTS = """
from crm.contacts.models import Contact
result = Contact.objects.filter(family_name="Tweeklik").count()
"""
STORED = """async () => {
  const opening = indexedDB.open("kwartet");
  await new Promise((done) => (opening.onsuccess = done));
  const all = (name) => new Promise((done) => {
    const asking = opening.result.transaction(name).objectStore(name).getAll();
    asking.onsuccess = () => done(asking.result);
  });
  const drafts = await all("drafts");
  const text = drafts.map((one) => new TextDecoder("latin1").decode(one.text) + JSON.stringify(one));
  const extractable = (await all("keys")).map((key) => key.extractable);
  return { drafts: drafts.length, text: text.join(), extractable };
}"""


@pytest.fixture(scope="module")
def known(stack: Stack) -> list[object]:
    found: list[object] = stack.shell(PEOPLE)
    return found


@pytest.fixture(params=[(1280, "light"), (390, "dark")], ids=["wide", "phone"])
def page(request, stack: Stack, open_page: Callable[..., Page], known: list[object]) -> Page:
    return logged_in(stack, open_page(*request.param), str(known[0]))


def stored(page: Page) -> dict[str, object]:
    found: dict[str, object] = page.evaluate(STORED)
    return found


def type_interview(stack: Stack, page: Page, contact: object, notes: str) -> None:
    page.goto(f"{stack.base_url}/interviews/new/?contact={contact}")
    page.get_by_role("textbox", name="Notes").fill(notes)
    expect(page.get_by_text("On this device since")).to_be_visible()


def offered(page: Page) -> None:
    expect(page.get_by_text("A draft stands on this device")).to_be_visible()


def log_in_again(page: Page, email: object) -> None:
    expect(page.get_by_text("You were logged out").first).to_be_visible()
    checked(page)
    page.locator("[name=login]").fill(str(email))
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").click()


def test_what_was_typed_comes_back_after_a_reload(stack: Stack, page: Page, known: list[object]) -> None:
    words = f"Wil een huis {page.viewport_size}"
    type_interview(stack, page, known[1], words)
    found = stored(page)
    assert found["extractable"] == [False]
    assert found["drafts"] == 1
    assert "huis" not in str(found["text"])
    page.reload()
    offered(page)
    expect(page.get_by_role("textbox", name="Notes")).to_have_value("")
    checked(page)
    page.get_by_role("button", name="Go on with it").click()
    expect(page.get_by_role("textbox", name="Notes")).to_have_value(words)
    expect(page.get_by_text("A draft stands on this device")).to_have_count(0)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("The interview is in.")).to_be_visible()
    assert words in stack.shell(INTERVIEWS)
    page.goto(f"{stack.base_url}/interviews/new/")
    expect(page.get_by_role("textbox", name="Notes")).to_have_value("")
    assert stored(page)["drafts"] == 0


def test_save_without_a_line_keeps_the_page_and_is_sent_when_it_is_back(
    stack: Stack, page: Page, known: list[object]
) -> None:
    words = f"In de trein {page.viewport_size}"
    type_interview(stack, page, known[1], words)
    page.context.set_offline(True)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("No connection.")).to_be_visible()
    expect(page.get_by_text("Waits for a connection since")).to_be_visible()
    expect(page.get_by_role("textbox", name="Notes")).to_have_value(words)
    checked(page)
    page.context.set_offline(False)
    expect(page.get_by_text("The interview is in.")).to_be_visible()
    assert stack.shell(INTERVIEWS).count(words) == 1


def test_session_that_dies_loses_neither_form_nor_note(stack: Stack, page: Page, known: list[object]) -> None:
    words = f"Sessie weg {page.viewport_size}"
    type_interview(stack, page, known[1], words)
    stack.shell(END_SESSIONS)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text(words)).to_have_count(0)
    log_in_again(page, known[0])
    expect(page.get_by_text(words)).to_be_visible()
    checked(page)
    page.get_by_role("button", name="Send it now").click()
    expect(page.get_by_text("The interview is in.")).to_be_visible()
    assert stack.shell(INTERVIEWS).count(words) == 1
    assert stored(page)["drafts"] == 0
    page.goto(f"{stack.base_url}/contacts/{known[1]}/")
    page.get_by_label("Write down").fill(words)
    stack.shell(END_SESSIONS)
    page.get_by_role("button", name="Note", exact=True).click()
    log_in_again(page, known[0])
    page.get_by_role("button", name="Send it now").click()
    expect(page.locator(".timeline").get_by_text(words)).to_be_visible()
    assert stack.shell(NOTES).count(words) == 1


def test_logging_out_asks_and_wipes(stack: Stack, page: Page, known: list[object]) -> None:
    type_interview(stack, page, known[1], "Nog niet bewaard")
    press = "document.querySelector('form[data-logout]').requestSubmit()"
    page.evaluate(press)
    dialog = page.get_by_role("dialog", name="Log out and throw away what is not saved?")
    expect(dialog).to_be_visible()
    checked(page)
    dialog.get_by_role("button", name="Stay logged in").click()
    expect(page.get_by_role("textbox", name="Notes")).to_have_value("Nog niet bewaard")
    page.evaluate(press)
    page.get_by_role("button", name="Throw away and log out").click()
    expect(page.locator("[name=login]")).to_be_visible()
    assert stored(page) == {"drafts": 0, "text": "", "extractable": []}


SLOWLY = """() => {
  const encrypt = crypto.subtle.encrypt.bind(crypto.subtle);
  const later = (...given) => () => encrypt(...given);
  crypto.subtle.encrypt = (...given) => new Promise((done) => setTimeout(done, 700)).then(later(...given));
}"""


def test_what_is_still_on_its_way_to_the_device_is_wiped_too(
    stack: Stack, page: Page, known: list[object]
) -> None:
    def held(route: Route) -> None:
        time.sleep(2)
        route.continue_()

    type_interview(stack, page, known[1], "Al bewaard")
    page.route("**/account/logout/", held)
    page.evaluate(SLOWLY)
    page.get_by_role("textbox", name="Notes").fill("Nog onderweg")
    page.evaluate("document.querySelector('form[data-logout]').requestSubmit()")
    page.get_by_role("button", name="Throw away and log out").click()
    expect(page.locator("[name=login]")).to_be_visible()
    assert stored(page)["drafts"] == 0


def test_blocks_that_were_added_come_back(stack: Stack, page: Page, known: list[object]) -> None:
    page.goto(f"{stack.base_url}/mailings/{known[2]}/text/")
    blocks = page.locator("fieldset.block")
    before = blocks.count()
    page.get_by_role("button", name="text", exact=True).click()
    expect(blocks).to_have_count(before + 1)
    blocks.last.get_by_label("In Dutch").fill("Een nieuw blok")
    expect(page.get_by_text("On this device since")).to_be_visible()
    page.reload()
    offered(page)
    page.get_by_role("button", name="Go on with it").first.click()
    expect(blocks).to_have_count(before + 1)
    expect(blocks.last.get_by_label("In Dutch")).to_have_value("Een nieuw blok")


def test_double_click_makes_one_contact_and_a_second_one_is_known(
    stack: Stack, page: Page, known: list[object]
) -> None:
    name = f"Els{page.viewport_size and page.viewport_size['width']}"
    for again in (False, True):
        page.goto(f"{stack.base_url}/contacts/new/")
        page.get_by_label("Given name").fill(name)
        page.get_by_label("Family name").fill("Tweeklik")
        if again:
            expect(page.get_by_text("Somebody like this is known already.")).to_be_visible()
            checked(page)
            break
        page.get_by_role("button", name="Save", exact=True).dblclick()
        expect(page.get_by_role("heading", level=1)).to_have_text(f"{name} Tweeklik")
    assert stack.shell(CONTACTS) == (1 if name == "Els1280" else 2)


def test_form_that_may_ask_is_sent_once_and_its_draft_goes(stack: Stack, page: Page) -> None:
    """js/ask.js sends the form by itself when there is nothing to ask."""
    page.goto(f"{stack.base_url}/events/{stack.shell(EVENT)}/edit/")
    page.get_by_label("title in Dutch").fill("Andere titel")
    expect(page.get_by_text("On this device since")).to_be_visible()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    page.goto(f"{stack.base_url}/events/")
    assert stored(page)["drafts"] == 0
