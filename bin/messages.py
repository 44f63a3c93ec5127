"""Brings the Dutch catalogues up to date: collects what is marked, and compiles what is translated.

For who changes words (`make messages`): it needs xgettext (Debian: apt install gettext). The compiled
catalogue is kept in the repository, so that nobody else does. The status is 1 while something is not
translated.
"""

import os
import re
import sys
from pathlib import Path

import django
import polib
from django.core.management import call_command
from django.utils.translation import gettext_noop, ngettext_lazy

from backend.environment import ROOT

CATALOGUE = ROOT / "backend" / "locale" / "nl" / "LC_MESSAGES" / "django.po"
# The sentences that say u, for whom we call je (crm/contacts/formality.py).
WITH_JE = ROOT / "backend" / "locale" / "nl_X-je" / "LC_MESSAGES" / "django.po"
SAYS_U = re.compile(r"\b(u|uw|uzelf)\b", re.IGNORECASE)
# The pages and mails that somebody outside the team reads; in other places people are je.
OUTSIDE = ("engagement/public/", "templates/engagement/public/", "/mail/")
ELSEWHERE = [".venv", "node_modules", "staticfiles", "tests", "var"]
# No dates and names: the history of the file tells those, and a run without news changes nothing.
HEADER = {
    "Project-Id-Version": "Kwartet",
    "Language": "nl",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=2; plural=(n != 1);",
}

# What Django and allauth say in Dutch too formally, wrongly or not at all; the catalogue finds them here.
SAID_ANEW = [
    ngettext_lazy(
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
        "",
    ),
    ngettext_lazy(
        "Your password must contain at least %(min_length)d character.",
        "Your password must contain at least %(min_length)d characters.",
        "min_length",
    ),
    gettext_noop("Your password can’t be too similar to your other personal information."),
    gettext_noop("Your password can’t be a commonly used password."),
    gettext_noop("The password is too similar to the %(verbose_name)s."),
    gettext_noop("Remember Me"),
    gettext_noop("Model name"),
    gettext_noop("Add link"),
    gettext_noop("Change or view list link"),
]


def collect() -> None:
    """Write every marked message of the project into the catalogue; guesses are marked as fuzzy."""
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    options = {"add_location": "file", "no_wrap": True, "no_obsolete": True, "ignore_patterns": ELSEWHERE}
    call_command("makemessages", locale=["nl"], verbosity=0, **options)


def tidy(path: Path = CATALOGUE) -> polib.POFile:
    """Save the catalogue in one form, and compile it."""
    catalogue = polib.pofile(str(path), wrapwidth=0)
    catalogue.header = ""
    catalogue.metadata = HEADER
    catalogue.metadata_is_fuzzy = False
    catalogue.save()
    catalogue.save_as_mofile(str(path.with_suffix(".mo")))
    return catalogue


def says_u(entry: polib.POEntry) -> bool:
    """Whether somebody outside the team is spoken to in it; for them it is said with je too."""
    outside = any(part in place for place, _line in entry.occurrences for part in OUTSIDE)
    return outside and bool(SAYS_U.search(entry.msgstr))


def keep_in_step(dutch: polib.POFile) -> polib.POFile:
    """Let the catalogue with je hold exactly what says u; what is new in it waits for its words."""
    known = polib.pofile(str(WITH_JE), wrapwidth=0)
    wanted = {entry.msgid: entry for entry in dutch if says_u(entry)}
    for entry in [entry for entry in known if entry.msgid not in wanted]:
        known.remove(entry)
    there = {entry.msgid for entry in known}
    for msgid, entry in wanted.items():
        if msgid not in there:
            known.append(polib.POEntry(msgid=msgid, flags=entry.flags))
    known.save()
    return tidy(WITH_JE)


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")
    os.chdir(ROOT)
    django.setup()
    collect()
    catalogue = tidy()
    both = catalogue, keep_in_step(catalogue)
    left = [entry for one in both for entry in one.untranslated_entries() + one.fuzzy_entries()]
    for entry in left:
        print(f"not translated: {entry.msgid}")
    print(f"{len(catalogue)} messages, {len(left)} to translate.")
    return int(bool(left))


if __name__ == "__main__":
    sys.exit(main())
