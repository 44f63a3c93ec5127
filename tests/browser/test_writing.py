"""A newsletter written in Chromium: blocks that move, a proof that follows, a test to oneself."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_main_job import checked, logged_in
from tests.harness.stack import Stack
from tests.harness.waiting import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.processes]

PEOPLE = """
from crm.accounts.roles import Role
from tests.factories import make_event, make_user
make_event()
result = make_user(Role.COMMUNICATIONS, language="en").email
"""
AUDIENCE = """
from engagement.mailings.models import Mailing
from tests.factories import make_contact, put_in
mailing = Mailing.objects.latest("pk")
put_in(mailing, make_contact())
result = mailing.pk
"""

# A moment later somebody types elsewhere already, and the cursor would be taken from there.
FOCUSED = """() => document.body.addEventListener("htmx:afterSwap", () => setTimeout(() => {
  document.body.dataset.focused = document.activeElement.tagName;
}))"""


@pytest.fixture(scope="module")
def email(stack: Stack) -> str:
    return str(stack.shell(PEOPLE))


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_newsletter_is_written_looked_at_and_tried(
    stack: Stack, open_page: Callable[..., Page], email: str, width: int, scheme: str
) -> None:
    page = logged_in(stack, open_page(width, scheme), email)
    page.goto(f"{stack.base_url}/mailings/new/")
    checked(page)
    page.get_by_label("Title").fill("June")
    page.get_by_role("button", name="Go on to the text").click()
    write_by_clicking(page)
    see_the_proof(page)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing has been sent yet")
    mailing = stack.shell(AUDIENCE)
    page.goto(f"{stack.base_url}/mailings/{mailing}/")
    checked(page)
    page.get_by_role("link", name="Plain text").click()
    frame = page.frame_locator("iframe.mail-preview")
    expect(frame.locator("body")).to_contain_text("Het nieuwe lab gaat open.")
    before = len(stack.sink.to(email))
    page.get_by_role("button", name=f"Send a test to {email}").click()
    expect(page.get_by_role("status")).to_contain_text("One test mail is on its way")
    wait_until(lambda: len(stack.sink.to(email)) == before + 1, what="the test mail")


def write_by_clicking(page: Page) -> None:
    """A text, then a heading that is moved before it; without a mouse the cursor is where one goes on."""
    checked(page)
    page.get_by_label("subject in Dutch").fill("Nieuws uit juni")
    page.evaluate(FOCUSED)
    page.get_by_role("button", name="text", exact=True).click()
    first = page.get_by_role("group", name="Block 1: text")
    expect(first.get_by_label("In Dutch")).to_be_focused()
    assert page.evaluate("document.body.dataset.focused") == "TEXTAREA"
    first.get_by_label("In Dutch").fill("Het **nieuwe** lab gaat open.")
    page.get_by_role("button", name="heading", exact=True).click()
    page.get_by_role("group", name="Block 2: heading").get_by_label("In Dutch").fill("Een lab")
    page.get_by_role("group", name="Block 2: heading").get_by_role("button", name="Up").click()
    moved = page.get_by_role("group", name="Block 1: heading").get_by_label("In Dutch")
    expect(moved).to_be_focused()
    expect(moved).to_have_value("Een lab")
    page.get_by_role("button", name="event", exact=True).click()
    page.get_by_role("group", name="Block 3: event").get_by_label("Event").select_option(index=1)
    checked(page)


def see_the_proof(page: Page) -> None:
    """It follows the keys; going back leaves no trail of proofs."""
    before = page.evaluate("history.length")
    page.get_by_label("Language").select_option("nl")
    body = page.frame_locator("iframe.mail-preview").locator("body")
    expect(body).to_contain_text("Beste lezer,")
    expect(body.locator("strong", has_text="nieuwe")).to_have_count(1)
    page.get_by_label("subject in Dutch").press("End")
    page.get_by_label("subject in Dutch").press_sequentially(" en juli")
    expect(body.get_by_role("heading", level=1)).to_have_text("Nieuws uit juni en juli")
    assert page.evaluate("history.length") == before
    expect(page.get_by_label("subject in Dutch")).to_be_focused()
