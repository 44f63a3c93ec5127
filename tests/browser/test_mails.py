"""One mail of each kind as mail programs show it, narrow and wide, light and dark."""

from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.harness.mails import ALL
from tests.harness.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.processes]

# A Dutch and an English mail of each kind, with a title and a place that are long.
SOURCES = """
from tests.factories import make_contact, make_event
from tests.harness.mails import ALL, html_of, mails
event = make_event(
    title_nl="Expertsessie Battle for talent: wat houdt mensen hier, en wat drijft ze weg?",
    place="DesignLab, Hallenweg 17, gebouw Gallery, Universiteit Twente, Enschede",
)
result = {}
for language in ("nl", "en"):
    written = mails(event, make_contact(language=language))
    result |= {f"{kind}-{language}": html_of(written[kind]) for kind in ALL}
"""
# Of the background, from 0 (black) to 255.
LUMINANCE = """() => {
    const [r, g, b] = getComputedStyle(document.querySelector(".frame")).backgroundColor.match(/\\d+/g);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}"""
RULES = {
    "runOnly": ["color-contrast", "html-has-lang", "link-name", "list"],
    "resultTypes": ["violations"],
}


@pytest.fixture(scope="module")
def sources(stack: Stack) -> dict[str, str]:
    found: dict[str, str] = stack.shell(SOURCES)
    assert set(found) == {f"{kind}-{language}" for kind in ALL for language in ("nl", "en")}
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_each_kind_of_mail_fits_and_can_be_read(
    browser: Browser, sources: dict[str, str], scheme: Literal["light", "dark"]
) -> None:
    context = browser.new_context(color_scheme=scheme)
    page = context.new_page()
    for name, html in sources.items():
        page.set_content(html)
        for width in (600, 360):
            page.set_viewport_size({"width": width, "height": 900})
            overflow = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert overflow == 0, f"{name} is {overflow} px too wide on {width}"
            assert (page.evaluate(LUMINANCE) < 128) == (scheme == "dark"), name
            found = Axe().run(page, options=RULES)
            assert found.violations_count == 0, f"{name} on {width}: {found.generate_report()}"
    context.close()
