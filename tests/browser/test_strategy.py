"""From a sentence to the strategy and on to the steering group, in Chromium."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_main_job import checked, logged_in
from tests.harness.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.processes]

SET_UP = """
from crm.accounts.roles import Role
from engagement.codes.models import Code
from tests.factories import (
    make_contact, make_interview, make_item, make_organisation, make_statement, make_theme, make_user
)
Code.objects.create(name="Bus", theme=make_theme())
make_item("1.1.1", "Snelle bus", title_en="Fast bus")
make_item("1.2.1", "Veilige fiets", title_en="Safe bicycle")
SAID = {"De bus is te laat.": "education", "Er is geen bus.": "government", "Een hal.": "research"}
for words, sector in SAID.items():
    place = make_organisation("", sector)
    person = make_contact(organisation=place)
    interview = make_interview(person, notes=words, organisation=place)
    make_statement(words, interview=interview, codes=["Bus"])
result = [make_user(role, language="en").email for role in (Role.CORE_TEAM, Role.READER)]
"""


def test_core_team_links_what_was_said_and_the_steering_group_reads_it(
    stack: Stack, open_page: Callable[..., Page]
) -> None:
    team, reader = stack.shell(SET_UP)
    page = logged_in(stack, open_page(1280), team)
    page.goto(f"{stack.base_url}/statements/")
    page.get_by_role("link", name="Link statements").click()
    page.get_by_label("Words in statements").fill("bus")
    expect(page.locator("#picked")).to_have_text("0 chosen, 2 found")
    page.get_by_label("De bus is te laat.").check()
    page.get_by_role("button", name="Choose all 2").click()
    page.get_by_label("Fast bus").check()
    page.get_by_label("Partly adopted").check()
    expect(page.locator(".then ins")).to_have_text(["1", "1"])
    page.get_by_label("Why").first.fill("Hij rijdt vaker, niet later.")
    checked(page)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("2 statements were linked to 1.1.1 Fast bus.")).to_be_visible()
    checked(page)
    drags_a_measure(stack, page)
    reading = logged_in(stack, open_page(390, "dark"), reader)
    reading.get_by_role("link", name="Battle for talent").click()
    expect(reading.get_by_role("heading", level=1)).to_have_text("Battle for talent")
    expect(reading.get_by_text("Hij rijdt vaker, niet later.")).to_have_count(2)
    expect(reading.get_by_text("Een hal.")).to_be_visible()
    checked(reading)
    with reading.expect_download() as download:
        reading.get_by_role("link", name="PDF").click()
    assert download.value.suggested_filename.startswith("battle-for-talent-")
    follows_the_thread(stack, reading)


def drags_a_measure(stack: Stack, page: Page) -> None:
    """Above the one of another goal, and back."""
    page.goto(f"{stack.base_url}/strategy/order/")
    bus = page.locator("li", has_text="1.1.1 Fast bus")
    bicycle = page.locator("li", has_text="1.2.1 Safe bicycle").bounding_box()
    assert bicycle is not None
    bus.locator(".handle").hover()
    page.mouse.down()
    page.mouse.move(bicycle["x"] + 20, bicycle["y"] + 4, steps=4)
    expect(page.locator(".drop-before")).to_contain_text("Safe bicycle")
    page.mouse.up()
    expect(page.locator("li", has_text="1.2.1 Fast bus")).to_be_visible()
    expect(page.locator("li", has_text="1.2.2 Safe bicycle")).to_be_visible()
    checked(page)
    page.get_by_role("button", name="Put it back").click()
    expect(bus).to_be_visible()


def follows_the_thread(stack: Stack, page: Page) -> None:
    """From the tree, by what is thin, down to a sentence and up again; nothing of it says who it was."""
    page.goto(f"{stack.base_url}/strategy/")
    checked(page)
    page.get_by_role("link", name="1 Nobody agreed yet").click()
    page.get_by_role("link", name="Fast bus").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("1.1.1 Fast bus")
    expect(page.get_by_text("somebody from government")).to_be_visible()
    expect(page.get_by_text("Nothing here comes from research yet.")).to_be_visible()
    checked(page)
    page.get_by_role("link", name="Er is geen bus.").click()
    expect(page.get_by_role("link", name="1.1.1 Fast bus")).to_be_visible()
    checked(page)
