"""The daily task by clicking: find whom to invite, keep them as a selection, tag them, take them out."""

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.test_main_job import checked, logged_in
from tests.harness.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.processes]

# Three fit; each of the others fails one of the four conditions.
PEOPLE = """
from django.utils import timezone
from crm.accounts.roles import Role
from crm.preferences.services import record_consent
from tests.factories import make_contact, make_organisation, make_theme, make_user
firm, school = make_organisation("Lumen Fotonica", "entrepreneurs"), make_organisation("Saxion", "education")
talent, today = make_theme("battle-for-talent"), timezone.localdate()
last_year = today.replace(year=today.year - 1, day=1)
def person(name, organisation=firm, theme=True, **fields):
    contact = make_contact(family_name=name, infix="", organisation=organisation, **fields)
    contact.themes.set([talent] if theme else [])
    return contact
person("Amrani"), person("Kamphuis", last_heard_on=last_year), person("Nijland")
person("Heard", last_heard_on=today), person("School", organisation=school), person("Other", theme=False)
record_consent(contact=person("Refuses"), purpose="invitation", allowed=False, source="form")
result = make_user(Role.COMMUNICATIONS, language="en").email
"""
FITTING = ["Amrani", "Kamphuis", "Nijland"]
TAGGED = """
from crm.themes.models import Tag
result = sorted(person.family_name for person in Tag.objects.get(name="Spring 2027").contacts.all())
"""


@pytest.fixture(params=[1280, 390])
def width(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture
def stack(width: int, running_stack: Stack) -> Stack:
    running_stack.begin_anew()
    return running_stack


def test_find_keep_tag_and_export(stack: Stack, open_page: Callable[..., Page], width: int) -> None:
    page = logged_in(stack, open_page(width), stack.shell(PEOPLE))
    filter_by_clicking(stack, page)
    keep_by_clicking(page)
    tag_by_clicking(page)
    assert stack.shell(TAGGED) == FITTING
    export_by_clicking(stack, page)
    undo_by_clicking(stack, page)
    assert stack.shell(TAGGED) == []


def lists(page: Page, names: list[str]) -> None:
    expect(page.locator("#results .who-cell b")).to_have_text(names)


def opened(page: Page, menu: str) -> None:
    page.locator("summary", has_text=menu).click()


def filter_by_clicking(stack: Stack, page: Page) -> None:
    page.goto(f"{stack.base_url}/contacts/")
    page.locator("summary", has_text="Filter").click()
    panel = page.locator(".filter-panel")
    panel.get_by_label("Entrepreneurs").check()
    panel.get_by_role("group", name="Theme").get_by_label("Battle for talent").check()
    panel.get_by_label("May be mailed for").select_option(label="invitations")
    panel.get_by_label("Not heard since").fill(f"{timezone.localdate().year}-01-01")
    checked(page)
    panel.get_by_role("button", name="Apply").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("3 contacts fit")
    lists(page, FITTING)
    checked(page)
    page.get_by_role("link", name="Heard", exact=True).dispatch_event("click")
    expect(page).to_have_url(re.compile("sort=heard"))
    lists(page, ["Amrani", "Nijland", "Kamphuis"])


def keep_by_clicking(page: Page) -> None:
    opened(page, "Selections")
    page.get_by_role("link", name="Save as selection").click()
    page.get_by_label("Name").fill("Talent, not heard yet")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Talent, not heard yet")
    lists(page, FITTING)
    checked(page)


def tag_by_clicking(page: Page) -> None:
    page.get_by_role("checkbox", name="Nijland").check()
    expect(page.locator("#ticked")).to_have_text("1 ticked.")
    checked(page)
    page.get_by_role("link", name="Take all 3 that fit").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Change 3 contacts")
    page.get_by_label("add a tag").check()
    page.locator("[name=tags]").fill("Spring 2027")
    page.wait_for_load_state("networkidle")
    checked(page)
    page.get_by_role("button", name="Show what this changes").click()
    expect(page.get_by_text("3 will change. Nothing has changed yet.")).to_be_visible()
    checked(page)
    page.get_by_role("button", name="Do it").click()
    expect(page.get_by_text("Undoing takes back what this changed")).to_be_visible()
    checked(page)


def export_by_clicking(stack: Stack, page: Page) -> None:
    page.goto(f"{stack.base_url}/contacts/")
    opened(page, "This list")
    opened(page, "Columns")
    page.get_by_label("Newsletter").uncheck()
    checked(page)
    page.get_by_role("button", name="Show these").click()
    opened(page, "Selections")
    page.get_by_role("link", name="Talent, not heard yet").click()
    opened(page, "This list")
    opened(page, "Export")
    with page.expect_download() as download:
        page.get_by_role("link", name="XLSX, the columns as shown").click()
    headings, *rows = sheet(download.value.path())
    assert "Newsletter" not in headings
    tags = headings.index("Tags")
    assert [(row[0], row[tags]) for row in rows] == [(f"Jan {name}", "Spring 2027") for name in FITTING]


def sheet(path: Path) -> list[tuple[Any, ...]]:
    file = io.BytesIO(path.read_bytes())  # the download has no suffix
    return list(openpyxl.load_workbook(file).worksheets[0].iter_rows(values_only=True))


def undo_by_clicking(stack: Stack, page: Page) -> None:
    page.goto(f"{stack.base_url}/contacts/bulk/")
    checked(page)
    page.get_by_role("link", name="Add the tag “Spring 2027”").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)
    checked(page)
