"""Shows the mails of Kwartet: `make mails`.

One of each kind to a reader of the demo, who is invented: its source goes to docs/mails.md, pictures of the
invitation and the newsletter to docs/pictures/mail/, those of all kinds to var/mails/. Run again, it gives
the same apart from dates and keys.
"""

import shutil
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from backend.environment import ROOT
from tests.browser.conftest import FLAGS
from tests.harness.stack import open_stack

LANGUAGE = "nl"
WIDTHS = (600, 360)
IN_THE_DOCUMENTS = ("invitation", "newsletter")
WORDS = {
    "invitation": "Three choices, each to a page that asks to confirm, and a calendar part (METHOD:REQUEST).",
    "confirmation": "Puts the event in the calendar, or takes it out after a “no”.",
    "reminder": "To who is coming or did not answer, without a calendar part.",
    "update": "After a change of time or place: the same event in the calendar, one SEQUENCE further.",
    "cancellation": "Takes the event out of the calendar.",
    "announcement": "News of what one can take part in; goes to who did not say no to invitations.",
    "newsletter": "Only to who said yes to it.",
    "feedback": "What became of what people said.",
    "service": "To participants of an event, about that event.",
    "approval": "Asks a speaker whether we understood them, by a link to their own sentences.",
    "approval reminder": "The same once more, after a week and after two; then silence is no approval.",
    "outcomes": "What became of each sentence of a speaker, and why.",
    "following": "What changed about a sentence that its speaker follows, once a month at most.",
}
HEAD = """\
# Mails

One of each kind as it goes over the line, to an invented reader of the demo. `make mails` writes this anew.
What all of them have: text and html with the same words, one-click unsubscribing (RFC 8058), a Message-ID
that is the same however often the message is tried, and nothing that tells whether it was opened. The
envelope sender, which is not in the source, is an address of that one message alone, so that what comes back
is known (`engagement/mailings/verp.py`).
"""
SHOWN = """
![{kind} at 600 px](pictures/mail/{kind}-600.png)
![{kind} at 360 px in the dark](pictures/mail/{kind}-360-dark.png)
"""
SOURCES = f"""
from django.conf import settings
settings.BASE_URL = "https://kwartet.example.org"
from crm.contacts.models import Contact
from engagement.events.models import Event
from tests.harness.mails import ALL, html_of, mails, raw_of
reader = Contact.objects.filter(language="{LANGUAGE}", contact_points__kind="email").order_by("pk").first()
written = mails(Event.objects.order_by("-starts_at", "pk")[0], reader)
result = {{kind: [raw_of(written[kind]), html_of(written[kind])] for kind in ALL}}
"""


def main() -> None:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        raise SystemExit("Chromium is not here: sudo bin/services install")
    with open_stack("embedded", env={"SITE_NAME": "Kennispark Twente"}) as stack:
        stack.manage("load_demo", "--seed", "1")
        found = stack.shell(SOURCES)
    write_down({kind: raw for kind, (raw, _html) in found.items()})
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        for kind, (_raw, html) in found.items():
            take_pictures(browser, kind, html)
        browser.close()


def write_down(sources: dict[str, str]) -> None:
    parts = [HEAD]
    for kind, source in sources.items():
        raw = "\n".join(line.rstrip() for line in source.splitlines())
        pictures = SHOWN.format(kind=kind) if kind in IN_THE_DOCUMENTS else ""
        parts.append(f"## {kind.capitalize()}\n\n{WORDS[kind]}\n{pictures}\n````text\n{raw.strip()}\n````\n")
    (ROOT / "docs" / "mails.md").write_text("\n".join(parts), encoding="utf-8")


def take_pictures(browser: Browser, kind: str, html: str) -> None:
    for width in WIDTHS:
        for scheme in ("light", "dark"):
            name = f"{kind}-{width}{'-dark' if scheme == 'dark' else ''}.png"
            context = browser.new_context(
                viewport={"width": width, "height": 400}, color_scheme="dark" if scheme == "dark" else "light"
            )
            page = context.new_page()
            page.set_content(html)
            page.screenshot(path=folder_of(kind, width, scheme) / name, full_page=True)
            context.close()


def folder_of(kind: str, width: int, scheme: str) -> Path:
    """The two that the documents show of a kind, the rest where nobody keeps it."""
    shown = kind in IN_THE_DOCUMENTS and (width, scheme) in ((600, "light"), (360, "dark"))
    folder = ROOT / "docs" / "pictures" / "mail" if shown else ROOT / "var" / "mails"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


if __name__ == "__main__":
    main()
