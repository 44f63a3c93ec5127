"""Taking statements from notes in Chromium: by keyboard, on a phone, and without a line."""

import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserType, Page, expect

from tests.browser.conftest import FLAGS, MILLISECONDS, chromium_path
from tests.browser.test_main_job import checked, logged_in
from tests.harness.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.processes]

# Two pages, as somebody types them during a conversation.
_TYPED = """
Zit sinds 2021 op het terrein met nu 34 mensen. Begon in een kelder, dhr. De Wit gaf de sleutel.
Werkt veel samen met de universiteit.

Vindt dat de campus voor starters prima is. Wie naar vijftig man groeit moet weg: nergens een hal
met genoeg stroom. Heeft in Hengelo gekeken. Wil eigenlijk blijven.

Drie van de vijf laatste nieuwe mensen kwamen van buiten Europa. Alle drie zochten vier maanden naar
een huis. Zou meebetalen aan een huis voor nieuwkomers als de gemeente de grond levert.

Twee klanten in Duitsland. Noemt de grens een “dikke streep op de kaart”. Gronau is twintig minuten,
maar niemand kent er iemand. Een gezamenlijke dag met bedrijven van daar zou al helpen.

De bus rijdt na zeven uur niet meer. Wie laat werkt komt dus met de auto. Parkeren is daardoor
overdag vol.

Ziet kansen in één loket voor ruimte, geld en vergunningen. Nu gaat het langs vier deuren. Elke deur
vraagt hetzelfde formulier.

Studenten lopen bijna nooit binnen. De opleiding zit wel om de hoek. Een vaste middag in de week zou
schelen.
"""
PARAGRAPHS = [" ".join(one.split()) for one in _TYPED.split("\n\n")]
NOTES = "\n\n".join(PARAGRAPHS * 3)
SET_UP = f"""
from crm.accounts.roles import Role
from engagement.codes.models import Code
from tests.factories import make_contact, make_interview, make_organisation, make_user
user = make_user(Role.CORE_TEAM, language="en")
for name in ("Ruimte", "Wonen", "Over de grens", "Bereikbaarheid"):
    Code.objects.create(name=name)
person = make_contact(organisation=make_organisation("Lumen Fotonica", "entrepreneurs"))
keys = [make_interview(person, notes={NOTES!r}, by=user).writeup_id for _ in range(5)]
result = [user.email, *keys]
"""
TAKEN = """
from engagement.statements.models import Statement
result = [
    [one.passage, [str(code) for code in one.coded.all()], one.stance, one.speaker_id is not None]
    for one in Statement.objects.filter(writeup={writeup}).order_by("start", "pk")
]
"""


@pytest.fixture(scope="module")
def known(stack: Stack) -> list[object]:
    found: list[object] = stack.shell(SET_UP)
    return found


def opened(stack: Stack, page: Page, writeup: object) -> Page:
    page.goto(f"{stack.base_url}/notes/{writeup}/")
    expect(page.locator(".capture.ready")).to_be_visible()
    return page


def kept_by_worker(page: Page) -> None:
    """Until the frame that opens without a line is on the device."""
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    page.wait_for_function("async () => Boolean(await caches.match('/notes/offline/'))")


class Keyboard:
    """Counts what is pressed beside the arrows that walk to a sentence."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.pressed = 0
        self.walked = 0

    def walk(self, steps: int) -> None:
        for _ in range(steps):
            self.page.keyboard.press("ArrowDown")
            self.walked += 1

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed += 1


def take(keys: Keyboard, steps: int, stance: str, *code: str) -> None:
    """One statement: walk to it, say what kind it is, find its code, next."""
    before = keys.pressed
    keys.walk(steps)
    keys.press(stance, "t", *code, "Control+Enter")
    assert keys.pressed - before <= 6


def test_ten_statements_by_keyboard_with_the_line_cut_half_way(
    stack: Stack, open_page: Callable[..., Page], known: list[object], record_property: Callable[..., None]
) -> None:
    page = opened(stack, logged_in(stack, open_page(1280), str(known[0])), known[1])
    began = time.monotonic()
    page.locator("#notes").focus()
    keys = Keyboard(page)
    take(keys, 4, "2", "r", "u", "Enter")
    take(keys, 2, "2", "w", "Enter")
    expect(page.locator("#capture-state")).to_contain_text("Saved at")
    # Codes that were given lately are on the digits.
    take(keys, 1, "4", "1")
    take(keys, 2, "2", "o", "v", "Enter")
    page.context.set_offline(True)
    take(keys, 1, "4", "1")
    take(keys, 0, "2", "b", "Enter")
    expect(page.locator("#capture-state")).to_contain_text("No line.")
    checked(page)
    take(keys, 1, "2", "b", "Enter")
    take(keys, 0, "1", "b", "Enter")
    page.context.set_offline(False)
    take(keys, 5, "3", "r", "u", "Enter")
    take(keys, 3, "1", "r", "u", "Enter")
    expect(page.locator("#capture-state")).to_contain_text("Saved at")
    record_property("seconds", round(time.monotonic() - began, 1))
    record_property("keys", keys.pressed)
    taken = stack.shell(TAKEN.format(writeup=known[1]))
    assert len(taken) == 10
    assert taken[0] == [
        "Wie naar vijftig man groeit moet weg: nergens een hal met genoeg stroom.",
        ["Ruimte"],
        "concern",
        True,
    ]
    assert Counter(code for _passage, codes, *_rest in taken for code in codes) == {
        "Ruimte": 3,
        "Wonen": 2,
        "Over de grens": 2,
        "Bereikbaarheid": 3,
    }
    expect(page.locator("#statement-count")).to_have_text("10")
    checked(page)
    page.keyboard.press("Control+z")
    expect(page.locator("#statement-count")).to_have_text("9")
    expect(page.locator("#capture-state")).to_contain_text("Saved at")
    assert len(stack.shell(TAKEN.format(writeup=known[1]))) == 9


def test_edges_move_by_word_and_by_sentence_and_a_new_code_is_made(
    stack: Stack, open_page: Callable[..., Page], known: list[object]
) -> None:
    page = opened(stack, logged_in(stack, open_page(1280), str(known[0])), known[2])
    page.locator("#notes").focus()
    for key in ("Shift+ArrowDown", "Shift+ArrowLeft", "Shift+ArrowLeft", "Alt+Shift+ArrowRight", "t"):
        page.keyboard.press(key)
    page.keyboard.type("Sleutels")
    expect(page.locator("#capture-found")).to_contain_text("new code")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#capture-state")).to_contain_text("Saved at")
    passage, codes, *_rest = stack.shell(TAKEN.format(writeup=known[2]))[0]
    assert passage == "sinds 2021 op het terrein met nu 34 mensen. Begon in een kelder, dhr. De Wit gaf"
    assert codes == ["Sleutels"]
    # The mouse chooses roughly; a click on a passage opens it again.
    page.locator("mark").first.click()
    box = page.locator(".capture-box")
    expect(box).to_be_visible()
    page.keyboard.press("Escape")
    expect(box).to_have_count(0)


def test_statement_on_a_phone_by_tapping_its_first_and_last_sentence(
    stack: Stack, open_page: Callable[..., Page], known: list[object]
) -> None:
    page = opened(stack, logged_in(stack, open_page(390, "dark"), str(known[0])), known[3])
    page.get_by_text("De bus rijdt na zeven uur").first.click(position={"x": 20, "y": 8})
    expect(page.locator(".capture-box")).to_be_visible()
    line = page.locator(".line", has_text="Parkeren is daardoor").first
    width = line.bounding_box()
    assert width is not None
    line.click(position={"x": 40, "y": width["height"] - 8})
    page.locator("#capture-code").fill("bereik")
    page.locator("#capture-found li").first.click()
    page.get_by_role("radio", name="concern").click()
    checked(page)
    page.locator(".capture-box").get_by_role("button", name="Next").click()
    expect(page.locator("#capture-state")).to_contain_text("Saved at")
    assert stack.shell(TAKEN.format(writeup=known[3])) == [
        [PARAGRAPHS[4], ["Bereikbaarheid"], "concern", True],
    ]


def test_nothing_is_lost_when_the_line_goes_three_times_and_the_browser_once(
    stack: Stack, known: list[object], tmp_path: Path, chromium: BrowserType
) -> None:
    def browse() -> Page:
        """A browser with a profile that outlives it."""
        context = chromium.launch_persistent_context(
            str(tmp_path / "profile"), executable_path=chromium_path(), args=FLAGS, locale="en-GB"
        )
        context.pages[0].set_default_timeout(MILLISECONDS)
        return context.pages[0]

    page = opened(stack, logged_in(stack, browse(), str(known[0])), known[4])
    kept_by_worker(page)
    page.locator("#notes").focus()
    keys = Keyboard(page)
    take(keys, 4, "2", "r", "u", "Enter")
    expect(page.locator("#capture-state")).to_contain_text("Saved at")
    page.context.set_offline(True)
    take(keys, 2, "2", "w", "Enter")
    expect(page.locator("#capture-state")).to_contain_text("No line.")
    page.context.set_offline(False)
    expect(page.locator("#capture-state")).to_contain_text("Saved at")
    page.context.set_offline(True)
    take(keys, 1, "4", "1")
    expect(page.locator("#capture-state")).to_contain_text("No line.")
    # Opened anew without a line: the page is there, and so is what waits.
    page.reload()
    expect(page.locator("#statement-count")).to_have_text("3")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Conversation with")
    page.locator("#notes").focus()
    take(keys, 9, "2", "o", "v", "Enter")
    keys.walk(2)
    keys.press("3", "t", "1")
    page.wait_for_timeout(3000)
    page.context.close()

    page = browse()
    page.context.set_offline(True)
    page.goto(f"{stack.base_url}/notes/{known[4]}/")
    expect(page.locator("#statement-count")).to_have_text("5")
    page.context.set_offline(False)
    # The session went with the browser; what waits does so until one is logged in.
    expect(page.locator("#capture-state")).to_contain_text("You are logged out")
    opened(stack, logged_in(stack, page, str(known[0])), known[4])
    expect(page.locator("#capture-state")).to_contain_text("Saved at")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#statements .new")).to_have_count(0)
    expect(page.locator("#capture-state")).to_contain_text("Saved at")
    page.reload()
    expect(page.locator("#statement-count")).to_have_text("5")
    assert len(stack.shell(TAKEN.format(writeup=known[4]))) == 5
    page.context.close()


CHANGE = """
from engagement.statements.models import Statement
statement = Statement.objects.get(writeup={writeup})
statement.wording, statement.version = "Van een ander.", statement.version + 1
statement.save()
"""


def test_two_who_change_a_statement_see_both_and_a_second_tab_is_noticed(
    stack: Stack, open_page: Callable[..., Page], known: list[object]
) -> None:
    page = opened(stack, logged_in(stack, open_page(1280), str(known[0])), known[5])
    page.locator("#notes").focus()
    take(Keyboard(page), 0, "2", "r", "u", "Enter")
    expect(page.locator("#capture-state")).to_contain_text("Saved at")
    page.context.set_offline(True)
    page.locator("#statements [data-edit]").first.click()
    page.get_by_role("radio", name="wish").click()
    page.locator(".capture-box").get_by_role("button", name="Next").click()
    expect(page.locator("#capture-state")).to_contain_text("No line.")
    stack.shell(CHANGE.format(writeup=known[5]))
    page.context.set_offline(False)
    expect(page.get_by_text("Somebody else changed this statement meanwhile.")).to_be_visible()
    expect(page.locator("#conflicts")).to_contain_text("Van een ander.")
    checked(page)
    page.get_by_role("button", name="Put mine there").click()
    expect(page.locator("#conflicts")).to_be_hidden()
    expect(page.locator("#statements")).to_contain_text("wish")
    other = page.context.new_page()
    opened(stack, other, known[5])
    for tab in (page, other):
        expect(tab.locator("#capture-tabs")).to_be_visible()
