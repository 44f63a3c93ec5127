"""Keeping the list: what is known twice, who changed what, and two who change the same, in Chromium."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_main_job import checked, logged_in
from tests.harness.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.processes]

TWICE = """
from crm.accounts.roles import Role
from crm.duplicates.proposals import look
from tests.factories import make_contact, make_organisation, make_user
place = make_organisation("Saxion", "education", "research")
for name in ("Jansen", "Bakker", "Visser", "Smit", "Meijer", "Mulder"):
    make_contact(family_name=name, given_name="Piet", infix="", organisation=place)
known = {"given_name": "Özgür", "family_name": "Yıldız", "infix": "", "initials": "Ö."}
one = make_contact(email="ozgur@example.org", organisation=place, **known)
make_contact(email="ozgur@example.org", titles_after="MSc", **known)
look()
users = [make_user(Role.COMMUNICATIONS, language="en").email for _ in range(2)]
result = [*users, one.pk]
"""


@pytest.fixture(scope="module")
def known(stack: Stack) -> list[object]:
    found: list[object] = stack.shell(TWICE)
    return found


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_known_twice_becomes_one_and_two_again(
    stack: Stack, open_page: Callable[..., Page], known: list[object], width: int, scheme: str
) -> None:
    page = logged_in(stack, open_page(width, scheme), str(known[0]))
    page.goto(f"{stack.base_url}/contacts/")
    page.get_by_role("link", name="1 probably known twice").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("1 pair to judge")
    checked(page)
    page.get_by_role("link", name="Compare").first.click()
    checked(page)
    page.get_by_role("button", name="Make one of these").click()
    checked(page)
    page.get_by_role("dialog").get_by_role("button", name="Make one of these").click()
    expect(page.get_by_role("status").first).to_contain_text("is one now")
    page.get_by_role("link", name="Who changed what").click()
    checked(page)
    page.goto(f"{stack.base_url}/duplicates/")
    page.get_by_role("link", name="Özgür Yıldız → Özgür Yıldız").first.click()
    checked(page)
    page.get_by_role("button", name="Undo this merge").click()
    expect(page.get_by_text("Everything is as it was before the merge.")).to_be_visible()
    page.goto(f"{stack.base_url}/duplicates/?state=different")
    page.get_by_role("button", name="Propose again").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("1 pair to judge")


def test_second_of_two_is_told_and_keeps_what_was_typed(
    stack: Stack, open_page: Callable[..., Page], known: list[object]
) -> None:
    first, second = (logged_in(stack, open_page(1280), str(email)) for email in known[:2])
    for page in (first, second):
        page.goto(f"{stack.base_url}/contacts/{known[2]}/edit/")
    first.get_by_label("Titles before").fill("dr.")
    first.get_by_role("button", name="Save").click()
    expect(first.get_by_role("link", name="Who changed what")).to_be_visible()
    second.get_by_label("Titles before").fill("prof.")
    second.get_by_role("button", name="Save").click()
    expect(second.get_by_text("Somebody changed this while you were typing")).to_be_visible()
    expect(second.get_by_label("Titles before")).to_have_value("prof.")
    checked(second)
    second.get_by_role("button", name="Save").click()
    second.get_by_role("link", name="Who changed what").click()
    row = second.get_by_role("row").filter(has_text="dr.").filter(has_text="prof.")
    row.get_by_role("button", name="Put back").click()
    expect(second.get_by_role("status").first).to_contain_text("Put back")


def test_note_is_kept_by_keys_without_a_new_page(
    stack: Stack, open_page: Callable[..., Page], known: list[object]
) -> None:
    page = logged_in(stack, open_page(1280), str(known[0]))
    page.goto(f"{stack.base_url}/contacts/{known[2]}/")
    page.evaluate("document.body.dataset.same = 'page'")
    for text in ("Asked about the labs.", "Will call back."):
        page.locator("h1").click()
        page.keyboard.press("n")
        page.keyboard.type(text)
        page.keyboard.press("Control+Enter")
        expect(page.locator(".timeline").get_by_text(text)).to_be_visible()
    expect(page.get_by_role("status").first).to_contain_text("Written down")
    assert page.evaluate("document.body.dataset.same") == "page"
    checked(page)
