"""The main job clicked through in Chromium, on a desk and on a phone."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Error, Page, expect

from tests.harness.stack import Stack
from tests.harness.visitor import links_in
from tests.harness.waiting import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.processes]

DAY = timezone.localdate() + timedelta(days=120)
PASSWORD = "a long password"
USERS = """
from crm.accounts.roles import Role
from tests.factories import make_user
result = {role.name: make_user(role, language="en").email for role in Role}
"""


@pytest.fixture(scope="module", params=[1280, 390])
def width(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture(scope="module")
def stack(width: int, running_stack: Stack) -> Stack:
    running_stack.begin_anew()
    return running_stack


def test_from_spreadsheet_to_answer_by_clicking(
    stack: Stack, open_page: Callable[..., Page], width: int, corpora: Path
) -> None:
    users = stack.shell(USERS)
    import_by_clicking(logged_in(stack, open_page(width), users["ADMIN"]), corpora)
    invite_by_clicking(stack, logged_in(stack, open_page(width), users["COMMUNICATIONS"]))
    answer_by_clicking(stack, open_page(width))
    log_interview_by_clicking(logged_in(stack, open_page(width), users["CORE_TEAM"]))


def logged_in(stack: Stack, page: Page, email: str) -> Page:
    page.goto(stack.base_url)
    page.locator("[name=login]").fill(email)
    page.locator("[name=password]").fill(PASSWORD)
    checked(page)
    page.locator("main button[type=submit]").click()
    expect(page.get_by_role("heading", level=1, name="Today")).to_be_visible()
    checked(page)
    return page


# The only frames are mails in a sandbox, where axe cannot run and would only fill the console. To tell all
# that is right as well, a megabyte about a page, takes it five times as long.
AXE = {"iframes": False, "resultTypes": ["violations"]}
# All that axe can tell pages apart by, as one text: what is written in it, what its elements are like just
# now, and how it is shown.
AS_IT_IS = """() => {
  const ones = (state) => [...document.querySelectorAll(`:${state}`)].map((one) => one.outerHTML);
  const states = ["checked", "disabled", "invalid", "focus", "hover", "modal", "placeholder-shown"];
  const shown = [innerWidth, scrollY, matchMedia("(prefers-color-scheme: dark)").matches, location.pathname];
  return JSON.stringify([document.documentElement.outerHTML, states.map(ones), shown]);
}"""
TOKEN = re.compile(r"[\w-]{30,}")  # of a form or of the session, another one each time
LOOKED_AT: set[str] = set()


def checked(page: Page) -> None:
    """Nothing for axe to find, and nothing scrolls sideways, also on a page that renews itself meanwhile."""
    page.wait_for_load_state()
    try:
        look_at(page)
    except Error:  # it showed the progress of something that came to its end
        page.wait_for_load_state()
        look_at(page)


def look_at(page: Page) -> None:
    if (as_it_is := TOKEN.sub("", page.evaluate(AS_IT_IS))) not in LOOKED_AT:
        found = Axe().run(page, options=AXE)
        assert found.violations_count == 0, found.generate_report()
        LOOKED_AT.add(as_it_is)
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow == 0, f"{page.url} is {overflow} px too wide"


def import_by_clicking(page: Page, corpora: Path) -> None:
    page.goto(page.url + "import/new/")
    checked(page)
    page.get_by_label("Spreadsheet").set_input_files(corpora / "relatiebestand" / "xlsx_fullname.xlsx")
    page.locator("main button[type=submit], main .button.primary").last.click()
    expect(page).to_have_url(re.compile(r"/import/\d+/$"))
    checked(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing has changed yet")
    checked(page)
    page.get_by_role("link", name="Correct the columns").click()
    checked(page)
    page.get_by_role("link", name="Back").click()
    page.locator(".apply-bar .button.primary").click()
    asked(page, "Apply")
    expect(page.get_by_role("heading", level=1)).to_have_text("The import is done")
    checked(page)


STICKING = """[...document.querySelectorAll("*")]
    .filter((one) => ["sticky", "fixed"].includes(getComputedStyle(one).position))
    .map((one) => one.className)"""


def choose_by_clicking(page: Page) -> None:
    """What is ticked counts at once, and on a low screen nothing sticks over a control."""
    number = page.locator("#number .number")
    page.get_by_role("button", name="remove this filter").click()
    page.locator("details.filter-more summary").click()
    everybody = int(number.inner_text())
    page.get_by_role("checkbox", name="Research", exact=True).check()
    expect(number).not_to_have_text(str(everybody))
    page.locator("details.filter-more summary").click()
    research = int(number.inner_text())
    page.locator("[name=invite]").first.uncheck()
    expect(number).to_have_text(str(research - 1))
    expect(page.get_by_role("button", name=f"Make the draft for {research - 1}")).to_be_visible()
    page.locator("[name=invite]").first.check()
    expect(number).to_have_text(str(research))
    checked(page)
    size = page.viewport_size
    page.set_viewport_size({"width": 320, "height": 225})
    assert page.evaluate(STICKING) == []
    page.get_by_role("link", name="To the button").click()
    expect(page.get_by_role("button", name="Make the draft")).to_be_in_viewport()
    assert size is not None
    page.set_viewport_size(size)


def asked(page: Page, act: str) -> None:
    """The dialog that opens is answered with yes."""
    page.get_by_role("dialog").get_by_role("button", name=re.compile(act)).click()


def invite_by_clicking(stack: Stack, page: Page) -> None:
    page.goto(stack.base_url + "/events/new/")
    page.get_by_label("Theme").select_option(index=1)
    page.get_by_label("Start").fill(f"{DAY}T13:30")
    page.get_by_label("End", exact=True).fill(f"{DAY}T16:30")
    page.get_by_label("Place", exact=True).fill("DesignLab")
    page.get_by_label("Title in Dutch").fill("Expertsessie talent")
    page.get_by_label("Invitation text in Dutch").fill("Wat is er nodig om talent te houden?")
    checked(page)
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("link", name="Invite").click()
    choose_by_clicking(page)
    page.get_by_role("button", name="Make the draft").click()
    frame = page.frame_locator("iframe.mail-preview")
    expect(frame.get_by_role("heading", level=1)).to_have_text("Expertsessie talent")
    checked(page)
    send = page.get_by_role("button", name=re.compile("Send .* invitations"))
    send.click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("link", name="Not yet")).to_be_focused()
    checked(page)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(send).to_be_focused()
    send.click()
    asked(page, "Send to")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sent")
    checked(page)


def answer_by_clicking(stack: Stack, page: Page) -> None:
    mail = wait_until(lambda: stack.sink.messages and stack.sink.messages[0], what="an invitation")
    page.goto(links_in(mail.text(), stack.base_url, "a")[0] + "&lang=en")
    expect(page.get_by_label("Yes, I am coming")).to_be_checked()
    checked(page)
    page.get_by_label("Anything we should take into account?").fill("a ramp")
    page.get_by_role("button", name="Send my answer").click()
    expect(page.get_by_role("status")).to_contain_text("You are coming")
    checked(page)
    wait_until(lambda: len(stack.sink.to(mail.recipients[0])) == 2, what="a confirmation")
    page.get_by_role("link", name="My preferences").click()
    page.get_by_label("Newsletter").check()
    page.get_by_role("button", name="Save my preferences").click()
    expect(page.get_by_label("Newsletter")).to_be_checked()
    checked(page)


def log_interview_by_clicking(page: Page) -> None:
    page.goto(page.url + "interviews/new/")
    page.get_by_label("Find a person").fill("jacobs")
    page.get_by_role("button", name="Search", exact=True).click()
    page.locator("#people input[type=checkbox]").first.check()
    page.locator("[name=place]").fill("by phone")
    page.get_by_role("textbox", name="Notes").fill("The labs are empty at night.")
    page.get_by_label("Battle for talent").check()
    checked(page)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("The labs are empty at night.")).to_be_visible()
    checked(page)
    expect(page).to_have_url(re.compile(r"/interviews/\d+/$"))
    page.locator("main a[href^='/contacts/']").first.click()
    expect(page.get_by_text(re.compile("Interview by"))).to_be_visible()
    checked(page)
