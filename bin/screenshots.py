"""Takes the pictures of the guides and the README: `make screenshots`.

It starts Kwartet with the demo on a scratch folder, once per language, and walks through the main job and a
newsletter in Chromium. The people and the file are invented. Run again, it gives the same pictures apart
from dates.
"""

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import oxipng
from playwright.sync_api import Browser, FloatRect, Locator, Page, sync_playwright

from backend.environment import ROOT
from tests.browser.conftest import FLAGS
from tests.harness.sink import DROP_AFTER_DOT
from tests.harness.stack import Stack, open_stack
from tests.harness.visitor import links_in
from tests.harness.waiting import wait_until

LOCALES = {"nl": "nl-NL", "en": "en-GB"}
NOTES = {
    "nl": "De labs staan 's avonds leeg. Laat bedrijven erin, dan komen de studenten vanzelf.",
    "en": "The labs are empty at night. Let companies in, and the students will follow.",
}
NEEDS = {"nl": "Vegetarisch, graag.", "en": "Vegetarian, please."}
HEIGHTS = {1280: 1000, 390: 844}
TOMORROW = datetime.now(tz=ZoneInfo("Europe/Amsterdam")).date() + timedelta(days=1)
THEME = "battle-for-talent"
PASSWORD = json.loads((ROOT / "fixtures" / "demo.json").read_text(encoding="utf-8"))["password"]

# A file with each of the five kinds of row; the known people come from the demo itself.
SPREADSHEET = """
from crm.accounts.models import User
from crm.contacts.models import Contact
User.objects.update(language="{language}")
same, changed, refused = Contact.objects.filter(preferences=None).exclude(family_name="Berg")[:3]
def row(contact, job_title, name=None):
    job = contact.affiliations.get()
    return [name or str(contact), str(job.organisation), job_title or job.job_title, contact.email()]
result = [
    ["Naam", "Organisatie", "Functie", "E-mail"],
    ["J. van den Berg", "Saxion", "lector", "j.vandenberg@example.org"],
    ["Nynke de Wit-Haverkamp", "Gemeente Hengelo", "wethouder", "nynke.dewit@example.org"],
    row(same, ""),
    row(changed, "directeur strategie"),
    ["mw. dr. Aaltje 't Hart", "Veldwerk Sensoren", "oprichter", "aaltje@example.org"],
    ["", "Stroomkern", "directeur", "info@example.org"],
    ["Tom Brouwer", "ITC", "docent", "tom.brouwer@example.org"],
    ["dhr. J. van den Berg", "Saxion", "", "J.vandenBerg@example.org"],
]
"""
# Who the pictures follow: a reader of this language, and two whose mail does not go smoothly.
PEOPLE = """
from engagement.mailings.models import Recipient
people = [r.contact for r in Recipient.objects.filter(mailing={mailing}, included=True)]
reader = next(p for p in people if p.language == "{language}")
others = [p.email() for p in people if p != reader]
result = {{
    "reader": reader.pk,
    "name": reader.family_name,
    "address": reader.email(),
    "uncertain": others[1],
    "refused": others[4],
}}
"""
# Whom the newsletter goes to.
SELECTION = """
from crm.accounts.models import User
from crm.directory.segments.models import Segment
owner = User.objects.get(email="communicatie@example.org")
sectors = ["research", "entrepreneurs"]
Segment.objects.create(name="{name}", filter={{"sector": sectors}}, owner=owner, shared=True)
"""
# Notes of which nothing was taken yet, an interview written up, and a statement that others made too.
SAID = """
from engagement.interviews.models import Interview
from engagement.statements.models import Statement
to_do = Interview.objects.filter(state="held").earliest("pk")
done = Interview.objects.filter(writeup__attachments__kind="pdf").get()
alike = next(one for one in Statement.objects.exclude(alike=None).order_by("pk") if one.alike.count() > 1)
result = {"notes": to_do.writeup_id, "interview": done.pk, "statement": alike.pk}
"""
# A part of the strategy that one O carries.
PART = """
from engagement.strategy.models import StrategyItem
result = StrategyItem.objects.get(code="1.2.4").pk
"""
HOMES = {"nl": "huis", "en": "home"}
SELECTIONS = {"nl": "Labs en bedrijven", "en": "Labs and companies"}
BODIES = {"nl": "Klankbordgroep", "en": "Sounding board group"}


def main() -> None:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        raise SystemExit("Chromium is not here: sudo bin/services install")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        for language in LOCALES:
            with open_stack("embedded", env={"SITE_NAME": "Kennispark Twente"}) as stack:
                stack.manage("load_demo", "--seed", "1")
                Tour(stack, browser, language).walk()
        browser.close()


class Tour:
    """One language from the spreadsheet to the answer; each step leaves a picture."""

    def __init__(self, stack: Stack, browser: Browser, language: str) -> None:
        self.stack = stack
        self.browser = browser
        self.language = language
        self.folder = ROOT / "docs" / "pictures" / language

    def walk(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        self.read_spreadsheet(self._spreadsheet())
        self.find_contacts()
        self.invite()
        self.answer()
        self.write_up()
        self.follow_the_thread()
        self.log_interview()
        self.look_back()
        self.write_newsletter()

    def read_spreadsheet(self, spreadsheet: Path) -> None:
        with self._page("beheer", 1280) as page:
            page.goto(f"{self.stack.base_url}/import/new/")
            page.locator("[name=file]").set_input_files(spreadsheet)
            page.locator("main .button.primary").click()
            page.wait_for_url(re.compile(r"/import/\d+/$"))
            page.locator(".figures").wait_for(timeout=60_000)
            self._shoot(page, "import")

    def find_contacts(self) -> None:
        for width, name in ((1280, "contacts"), (390, "contacts-phone-dark")):
            with self._page("communicatie", width, dark="dark" in name) as page:
                page.goto(f"{self.stack.base_url}/contacts/?theme={THEME}")
                self._shoot(page, name)

    def invite(self) -> None:
        with self._page("communicatie", 1280) as page:
            page.goto(f"{self.stack.base_url}/events/1/invite/?theme={THEME}")
            self._shoot(page, "audience")
            page.locator("[name=save]").click()
            page.wait_for_url(re.compile(r"/mailings/\d+/$"))
            mailing = page.url
            self.people = self._people(mailing.rstrip("/").split("/")[-1])
            page.goto(f"{mailing}?as={self.people['reader']}")
            self._shoot(page, "draft")
            self._send(page)
            page.goto(f"{mailing}?as={self.people['reader']}")
            self._shoot(page, "sent")

    def _send(self, page: Page) -> None:
        """With two mails that do not go smoothly."""
        self.stack.sink.fail(self.people["uncertain"], DROP_AFTER_DOT)
        self.stack.sink.fail(self.people["refused"], "550 5.1.1 unknown")
        page.locator(".apply-bar .button.primary").click()
        page.locator("#ask [name=confirmed]").click()
        page.locator("#progress").wait_for()
        page.locator("#progress[hx-get]").wait_for(state="detached", timeout=60_000)

    def answer(self) -> None:
        sink, address = self.stack.sink, self.people["address"]
        mail = wait_until(lambda: sink.to(address), what="an invitation")[0]
        with self._new_page(390) as page:
            page.goto(links_in(mail.text(), self.stack.base_url, "a")[0])
            self._shoot(page, "answer-phone")
            page.locator("[name=needs]").fill(NEEDS[self.language])
            page.locator("main .button.primary").click()
            page.get_by_role("status").wait_for()
        wait_until(lambda: len(sink.to(address)) == 2, what="a confirmation")

    def log_interview(self) -> None:
        with self._page("kernteam", 390) as page:
            page.goto(f"{self.stack.base_url}/interviews/new/")
            page.locator("[name=find]").fill(self.people["name"])
            page.locator("[name=search]").click()
            page.locator(f"#people [value='{self.people['reader']}']").check()
            page.locator("[name=place]").fill("DesignLab")
            page.locator("[name=themes]").first.check()
            page.locator("[name=notes]").fill(NOTES[self.language])
            self._shoot(page, "interview-phone", top=page.locator("[name=place]"))
            page.locator("main .button.primary").click()
            page.wait_for_url(re.compile(r"/interviews/\d+/$"))

    def write_up(self) -> None:
        """That of the demo of which nothing was taken yet, and what there is of others."""
        said = self.stack.shell(SAID)
        pages = {
            "interview": f"/interviews/{said['interview']}/",
            "statements": "/statements/",
            "statement": f"/statements/{said['statement']}/",
            "codes": "/codes/",
            "follow-ups": "/follow-ups/",
        }
        with self._page("kernteam", 1280) as page:
            for name, path in pages.items():
                page.goto(self.stack.base_url + path)
                self._shoot(page, name)
        for width, name in ((1280, "capture"), (390, "capture-phone")):
            with self._page("kernteam", width) as page:
                page.goto(f"{self.stack.base_url}/notes/{said['notes']}/")
                page.locator("#notes").focus()
                for key in ("ArrowDown", "ArrowDown", "3", "t"):
                    page.keyboard.press(key)
                self._shoot(page, name, scroll=False)

    def follow_the_thread(self) -> None:
        """The tree, from sentences to a part of it, and what a steering group reads."""
        part = self.stack.shell(PART)
        with self._page("kernteam", 1280) as page:
            page.goto(f"{self.stack.base_url}/strategy/")
            self._shoot(page, "strategy")
            page.goto(f"{self.stack.base_url}/strategy/link/?item={part}&q={HOMES[self.language]}")
            for row in page.locator("#statements [name=pick]:not([disabled])").all()[:2]:
                row.check()
            page.locator("[name=link-outcome][value=partly]").check()
            page.locator(".then ins").first.wait_for()
            self._shoot(page, "linking")
        with self._page("lezer", 1280) as page:
            page.goto(f"{self.stack.base_url}/themes/{THEME}/")
            self._shoot(page, "theme")

    def look_back(self) -> None:
        pages = {"today": "/", "event": "/events/1/", "contact": f"/contacts/{self.people['reader']}/"}
        with self._page("communicatie", 1280) as page:
            for name, path in pages.items():
                page.goto(self.stack.base_url + path)
                self._shoot(page, name)

    def write_newsletter(self) -> None:
        """That of the demo, which only needs somebody to get it."""
        self.stack.shell(SELECTION.format(name=SELECTIONS[self.language]))
        with self._page("communicatie", 1280) as page:
            page.goto(f"{self.stack.base_url}/mailings/?kind=newsletter")
            page.locator("main table a").first.click()
            page.wait_for_url(re.compile(r"/mailings/\d+/$"))
            mailing = page.url
            page.goto(f"{mailing}text/")
            page.frame_locator("iframe.mail-preview").locator("h1").wait_for()
            self._shoot(page, "writing")
            self._choose_who(page, f"{mailing}audience/")
            self._shoot(page, "choosing")
            page.locator("[name=save]").click()
            page.wait_for_url(mailing)
            page.locator("#schedule summary").click()
            page.locator("[name=at]").fill(f"{TOMORROW}T09:00")
            self._shoot(page, "planning")
            page.locator(".apply-bar .button.primary").click()
            page.locator("#ask [name=confirmed]").click()
            page.locator("#progress").wait_for()
            page.locator("#progress[hx-get]").wait_for(state="detached", timeout=60_000)
            self._say_no()
            page.goto(mailing)
            self._shoot(page, "results")

    def _choose_who(self, page: Page, address: str) -> None:
        page.goto(address)
        included, excluded = page.locator("#sides > section").all()
        included.get_by_label(SELECTIONS[self.language]).check()
        included.locator("[name=include-event]").select_option(index=1)
        included.locator("[name=search]").first.click()
        included.locator("[name=include-participants][value$=':accepted']").check()
        excluded.get_by_label(BODIES[self.language]).check()
        page.wait_for_load_state("networkidle")

    def _say_no(self) -> None:
        """One of the readers, by the link in the mail that came last."""
        with self._new_page(390) as page:
            page.goto(links_in(self.stack.sink.messages[-1].text(), self.stack.base_url, "u")[0])
            page.locator("main .button.primary").click()
            page.locator("main form").wait_for(state="detached")

    # --- what the steps stand on

    def _spreadsheet(self) -> Path:
        rows = self.stack.shell(SPREADSHEET.format(language=self.language))
        path = Path(self.stack.folder) / "relaties-kennispark.csv"
        path.write_text("\n".join(";".join(row) for row in rows), encoding="utf-8")
        return path

    def _people(self, mailing: str) -> dict[str, str]:
        people: dict[str, str] = self.stack.shell(PEOPLE.format(mailing=mailing, language=self.language))
        return people

    @contextmanager
    def _page(self, user: str, width: int, *, dark: bool = False) -> Iterator[Page]:
        """A page of somebody who has logged in."""
        with self._new_page(width, dark=dark) as page:
            page.goto(self.stack.base_url)
            page.locator("[name=login]").fill(f"{user}@example.org")
            page.locator("[name=password]").fill(PASSWORD)
            page.locator("main button[type=submit]").click()
            page.wait_for_url(f"{self.stack.base_url}/")
            page.goto(self.stack.base_url)
            yield page

    @contextmanager
    def _new_page(self, width: int, *, dark: bool = False) -> Iterator[Page]:
        context = self.browser.new_context(
            viewport={"width": width, "height": HEIGHTS[width]},
            color_scheme="dark" if dark else "light",
            locale=LOCALES[self.language],
            timezone_id="Europe/Amsterdam",
            reduced_motion="reduce",
        )
        yield context.new_page()
        context.close()

    def _shoot(self, page: Page, name: str, top: Locator | None = None, *, scroll: bool = True) -> None:
        """What somebody sees of a page, without a cursor: its beginning, its end from field `top` on, or what
        stands on the screen.
        """
        page.wait_for_load_state("networkidle")
        if scroll:
            end = 0 if top is None else "document.body.scrollHeight"
            page.evaluate(
                f"document.activeElement.blur(); document.fonts.ready.then(() => scrollTo(0, {end}))"
            )
        view = page.viewport_size or {"width": 0, "height": 0}
        y = 0 if top is None else top.evaluate("e => e.closest('.field').getBoundingClientRect().top - 12")
        clip = FloatRect(x=0, y=y, width=view["width"], height=view["height"] - y)
        path = self.folder / f"{name}.png"
        page.screenshot(path=path, clip=clip, animations="disabled", caret="hide")
        oxipng.optimize(path)


if __name__ == "__main__":
    main()
