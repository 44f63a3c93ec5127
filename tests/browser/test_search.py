"""Searching everything by keys alone, and keeping a selection, in Chromium."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.test_main_job import checked, logged_in
from tests.harness.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.processes]

SOMETHING = """
from crm.accounts.roles import Role
from tests.factories import make_contact, make_event, make_organisation, make_user
for number in range(3):
    place = make_organisation(f"Kamp {number}", "research")
    make_contact(family_name=f"Kampman {number}", organisation=place)
make_event(title_nl="Kampdag", title_en="Camp day kamp")
result = make_user(Role.COMMUNICATIONS, language="en").email
"""


@pytest.fixture(scope="module")
def user(stack: Stack) -> str:
    email: str = stack.shell(SOMETHING)
    return email


def test_dialog_by_keys_alone(stack: Stack, open_page: Callable[..., Page], user: str) -> None:
    page = logged_in(stack, open_page(1280), user)
    page.goto(f"{stack.base_url}/contacts/")
    page.get_by_role("link", name="New contact").focus()
    page.keyboard.press("/")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("link", name="New contact")).to_be_focused()

    page.keyboard.press("Control+k")
    page.keyboard.type("kampman 1")
    expect(dialog.get_by_role("heading", name="People")).to_be_visible()
    expect(dialog.get_by_role("status")).to_have_text("1 result")
    checked(page)
    page.keyboard.press("ArrowDown")
    expect(dialog.get_by_role("link", name="Kampman 1")).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(dialog.get_by_role("searchbox")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Kampman 1")


def test_list_narrows_by_what_was_typed_before_the_page_could_listen(
    stack: Stack, open_page: Callable[..., Page], user: str
) -> None:
    page = logged_in(stack, open_page(1280), user)
    on_its_way: list[Route] = []
    page.route("**/htmx*.js", lambda route: on_its_way.append(route))
    page.goto(f"{stack.base_url}/contacts/", wait_until="commit")
    page.locator("#id_q").fill("kampman 1")
    on_its_way[0].continue_()
    expect(page.get_by_role("link", name="Kampman 0")).to_be_hidden()
    expect(page.get_by_role("link", name="Kampman 1")).to_be_visible()


def test_slash_is_a_letter_in_a_field(stack: Stack, open_page: Callable[..., Page], user: str) -> None:
    page = logged_in(stack, open_page(1280), user)
    page.get_by_label("Search everything").first.focus()
    page.keyboard.type("a/b")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Nothing found.")).to_be_visible()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark"), (320, "light")])
def test_pages_are_accessible(
    stack: Stack, open_page: Callable[..., Page], user: str, width: int, scheme: str
) -> None:
    page = logged_in(stack, open_page(width, scheme), user)
    page.goto(f"{stack.base_url}/search/?q=kamp")
    expect(page.get_by_role("heading", name="Events")).to_be_visible()
    checked(page)
    page.goto(f"{stack.base_url}/contacts/?sector=research")
    page.locator("summary", has_text="Selections").click()
    page.get_by_role("link", name="Save as selection").click()
    checked(page)
    page.get_by_label("Name").fill(f"Researchers {width}")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Researchers {width}")
    checked(page)
    page.goto(f"{stack.base_url}/segments/")
    checked(page)
    page.goto(f"{stack.base_url}/events/1/invite/")
    page.get_by_label("Selection", exact=True).select_option(f"Researchers {width}")
    page.get_by_role("button", name="Fill in the filter").click()
    expect(page.locator("#number")).to_have_text("3 of the 3 who fit")
    checked(page)
