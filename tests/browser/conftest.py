"""A real Chromium; what it complains about fails the test."""

import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserType, ConsoleMessage, Page, expect, sync_playwright

from tests.harness.stack import Stack, open_stack
from tests.harness.waiting import PATIENCE

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
MILLISECONDS = PATIENCE * 1000
# The first is the same engine without the windows around it, so a new page costs a fifth.
CHROMIUM = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")

expect.set_options(timeout=MILLISECONDS)


@pytest.fixture(scope="session")
def chromium(django_db_setup: None) -> Iterator[BrowserType]:
    """Gone before the test database goes, which cannot go beside the loop of Playwright."""
    with sync_playwright() as playwright:
        yield playwright.chromium


def chromium_path() -> str:
    path = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if path is None:
        pytest.skip("Chromium is not here (bin/services install)")
    return path


@pytest.fixture(scope="session")
def browser(chromium: BrowserType) -> Iterator[Browser]:
    running = chromium.launch(executable_path=chromium_path(), args=FLAGS)
    yield running
    running.close()


@pytest.fixture(scope="session")
def running_stack() -> Iterator[Stack]:
    """Started once for all files."""
    with open_stack("embedded") as running:
        running.keep_database()
        yield running


@pytest.fixture(scope="module")
def stack(running_stack: Stack) -> Stack:
    """Fresh data for each file."""
    running_stack.begin_anew()
    return running_stack


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """`open_page(width, scheme="light", locale="en-GB")`: a page with a history of its own.

    At the end its console must be empty: no violation of the content security policy, no error.
    """
    complaints: list[str] = []

    def complain(message: ConsoleMessage) -> None:
        # The browser also says so when a page is answered with 404 or 409 on purpose.
        if message.type in {"error", "warning"} and "Failed to load resource" not in message.text:
            complaints.append(message.text)

    contexts = []

    def opened(width: int, scheme: str = "light", locale: str = "en-GB") -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if scheme == "dark" else "light",
            reduced_motion="reduce",  # a colour on its way to another has a contrast of its own
            locale=locale,
            timezone_id="Europe/Amsterdam",
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(MILLISECONDS)
        page.on("console", complain)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []
