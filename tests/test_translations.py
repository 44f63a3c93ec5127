"""Everything that is marked is in Dutch, and nothing marked stays English on a Dutch page."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import polib
import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation.template import templatize

from backend.environment import ROOT
from bin.messages import CATALOGUE, OUTSIDE, SAYS_U, WITH_JE, says_u
from crm.accounts.roles import Role
from crm.contacts.models import Contact
from crm.imports.services import store
from crm.links.services import link_for, token_of
from crm.preferences.links import PREFERENCES, UNSUBSCRIBE
from engagement.events import mails
from engagement.events.links import ANSWER
from engagement.events.models import Event, Participation
from engagement.interviews.models import Interview
from engagement.mailings.models import Mailing, Message
from tests.crm.imports.plans import make_plan
from tests.factories import (
    draft_invitation,
    invite_everybody,
    make_contact,
    make_event,
    make_interview,
    make_organisation,
    make_term,
    make_user,
)

SOURCES = ("backend", "bin", "crm", "engagement", "tasks")
MARKS = {"_", "gettext", "gettext_lazy", "gettext_noop"}
PLURAL_MARKS = {"ngettext", "ngettext_lazy"}
WITH_CONTEXT = {"pgettext", "pgettext_lazy"}
LITERAL = r"""u?("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
IN_TEMPLATE = re.compile(rf"\b(?:_|n?gettext)\({LITERAL}")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|</?\w+>")

ABOUT_THE_WORDS = {
    "formality",
    "formal (u)",
    "informal (je)",
    "it says u, and nothing stands beside it for whom we call je.",
    "Beside a text that says u. Leave empty to say u to everybody.",
}


@pytest.fixture(scope="module")
def catalogue() -> polib.POFile:
    return polib.pofile(str(CATALOGUE))


def marked_in_python(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            if name in WITH_CONTEXT:
                yield str(node.args[1].value)  # type: ignore[attr-defined]
            elif name in MARKS | PLURAL_MARKS and node.args and isinstance(node.args[0], ast.Constant):
                yield str(node.args[0].value)


def marked_in_template(path: Path) -> Iterator[str]:
    for literal in IN_TEMPLATE.findall(templatize(path.read_text(encoding="utf-8"))):
        yield ast.literal_eval(literal)


def marked() -> set[str]:
    found: set[str] = set()
    for folder in SOURCES:
        for path in (ROOT / folder).rglob("*"):
            if path.suffix == ".py":
                found |= set(marked_in_python(path))
            elif path.suffix in {".html", ".txt"} and "static" not in path.parts:
                found |= set(marked_in_template(path))
    return found


def in_dutch(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def test_the_catalogue_holds_what_is_marked(catalogue):
    """When this fails: `make messages`, and translate what it lists."""
    assert marked() - {entry.msgid for entry in catalogue} == set(), "not in the catalogue"
    assert {entry.msgid for entry in catalogue} - marked() == set(), "no longer in the sources"


def test_everything_is_translated(catalogue):
    left = [*catalogue.untranslated_entries(), *catalogue.fuzzy_entries(), *catalogue.obsolete_entries()]
    assert [entry.msgid for entry in left] == []


def test_the_compiled_catalogue_is_up_to_date(catalogue):
    compiled = polib.mofile(str(CATALOGUE.with_suffix(".mo")))
    meant = [{(e.msgctxt, e.msgid): in_dutch(e) for e in one} for one in (compiled, catalogue)]
    assert meant[0] == meant[1]


def test_translations_keep_placeholders_and_tags(catalogue):
    for entry in catalogue:
        english = [entry.msgid, entry.msgid_plural] if entry.msgid_plural else [entry.msgid]
        expected = [Counter(PLACEHOLDER.findall(text)) for text in english]
        for text in in_dutch(entry):
            assert Counter(PLACEHOLDER.findall(text)) in expected, entry.msgid


def test_partners_are_u_and_the_team_is_je(catalogue):
    for entry in catalogue:
        places = [place for place, _line in entry.occurrences]
        outside = [any(part in place for part in OUTSIDE) for place in places]
        text = " ".join(in_dutch(entry))
        if any(outside):
            assert not re.search(r"\b(je|jij|jou|jouw)\b", text, re.IGNORECASE), text
        elif entry.msgid not in ABOUT_THE_WORDS:
            assert not re.search(r"\b(u|uw)\b", text, re.IGNORECASE), text


def test_what_says_u_is_said_with_je_too(catalogue):
    """When this fails: `make messages`, and translate what it lists."""
    with_je = {entry.msgid: entry for entry in polib.pofile(str(WITH_JE))}
    assert set(with_je) == {entry.msgid for entry in catalogue if says_u(entry)}
    for msgid, entry in with_je.items():
        assert re.search(r"\b(je|jij|jou|jouw)\b", entry.msgstr, re.IGNORECASE), msgid
        assert not SAYS_U.search(entry.msgstr), entry.msgstr
        assert Counter(PLACEHOLDER.findall(entry.msgstr)) == Counter(PLACEHOLDER.findall(msgid)), msgid
    compiled = polib.mofile(str(WITH_JE.with_suffix(".mo")))
    assert {e.msgid: e.msgstr for e in compiled} == {e.msgid: e.msgstr for e in with_je.values()}


def english_in(text: str, catalogue: polib.POFile) -> list[str]:
    """The marked texts of more than two words (what stands between their placeholders) that occur in it."""
    shown = re.sub(r"\s+", " ", unescape(text))
    found = []
    for entry in catalogue:
        dutch = " ".join(in_dutch(entry))
        for english in filter(None, (entry.msgid, entry.msgid_plural)):
            parts = [part.strip() for part in PLACEHOLDER.split(english) if len(part.split()) > 2]
            found += [part for part in parts if part in shown and part not in dutch]
    return found


@pytest.fixture
def event(db) -> Event:
    """One with an invitation on its way, a person who cannot be mailed, and one who answers."""
    organisation = make_organisation("Universiteit Twente", "research", "education")
    contact = make_contact(organisation=organisation)
    make_contact(given_name="Piet", email=None)
    event = make_event(remind=3)
    invite_everybody(event)
    make_contact(given_name="Kees")
    draft_invitation(event)
    interview = make_interview(held_at=event.created_at)
    interview.contacts.add(contact)
    return event


def staff_pages() -> Iterator[str]:
    contact = Contact.objects.get(given_name="Jan")
    rows = f"Naam;E-mail;Nieuwsbrief\nEls Vos;els@example.org;ja\n{contact};{contact.email()};nee\n;x;x\n"
    batch = store(plan=make_plan(rows.encode(), "lijst.csv", kind="", sector=""))
    pages = [
        *("today", "contact_list", "contact_new", "organisation_list", "organisation_new", "event_list"),
        *("event_new", "interview_list", "interview_new", "import_list", "import_new", "account_profile"),
        *("account_change_password", "account_logout", "admin:index", "admin:crm_user_add", "strategy_tree"),
        *("admin:crm_theme_add", "strategy_new", "strategy_order"),
    ]
    yield from (reverse(name) for name in pages)
    for prefix, pk in {
        "contact": contact.pk,
        "organisation": contact.affiliations.get().organisation_id,
        "event": Event.objects.get().pk,
        "interview": Interview.objects.get().pk,
    }.items():
        yield from (reverse(f"{prefix}_{name}", args=[pk]) for name in ("detail", "edit"))
    yield reverse("contact_preferences", args=[contact.pk])
    term = make_term(contact=contact)
    yield from (reverse(name) for name in ("body_list", "body_new"))
    yield from (
        reverse(name, args=[term.seat.body.pk]) for name in ("body_detail", "body_edit", "body_add_seat")
    )
    yield reverse("body_detail", args=[term.seat.body.pk]) + "?on=2019-01-01"
    yield from (reverse(name, args=[term.seat.pk]) for name in ("seat_edit", "seat_hand_over"))
    yield reverse("term_edit", args=[term.pk])
    yield reverse("contact_delete", args=[contact.pk])
    yield reverse("contact_list") + "?q=nobody+at+all"
    yield reverse("event_invite", args=[Event.objects.get().pk]) + "?q="
    yield reverse("import_detail", args=[batch.pk])
    for mailing in Mailing.objects.all():
        yield reverse("mailing_detail", args=[mailing.pk])
        yield reverse("mailing_detail", args=[mailing.pk]) + "?show=skipped"


@pytest.mark.same_on_both
def test_no_english_on_the_pages_of_the_team(client, event, catalogue):
    client.force_login(make_user(Role.ADMIN, language="nl"))
    for path in staff_pages():
        page = client.get(path)
        assert page.status_code == 200, path
        assert 'lang="nl"' in page.content.decode(), path
        assert english_in(page.content.decode(), catalogue) == [], path


@pytest.mark.same_on_both
@pytest.mark.parametrize("answer", ["", "accepted", "declined", "tentative"])
def test_no_english_on_the_pages_of_partners(event, catalogue, answer):
    participation = Participation.objects.get(contact__given_name="Jan")
    about: dict[str, dict[str, Any]] = {
        "answer": {"purpose": ANSWER, "subject": str(participation.pk)},
        "preferences": {"purpose": PREFERENCES},
        "unsubscribe": {"purpose": UNSUBSCRIBE, "subject": "invitation"},
    }
    stranger = Client()
    for name, link in about.items():
        path = reverse(name, args=[token_of(link_for(contact=participation.contact, **link))])
        if answer:
            stranger.post(path, {"answer": answer, "purposes": ["invitation"]})
        page = stranger.get(path).content.decode()
        assert 'lang="nl"' in page, name
        assert english_in(page, catalogue) == [], name
    for path in (reverse("answer", args=["wrong"]), reverse("account_login"), "/nowhere/"):
        assert english_in(stranger.get(path).content.decode(), catalogue) == [], path


@pytest.mark.same_on_both
@pytest.mark.parametrize("status", ["needs-action", "accepted", "declined", "tentative"])
def test_no_english_in_a_dutch_mail(event, catalogue, status):
    message = Message.objects.get(contact__given_name="Jan")
    answered = None if status == "needs-action" else event.created_at
    Participation.objects.filter(contact=message.contact).update(status=status, answered_at=answered)
    for kind in (mails.INVITATION, mails.REMINDER, mails.CONFIRMATION, mails.UPDATE, mails.CANCELLATION):
        mail = kind.render(message)
        assert "Geachte heer Van den Berg," in mail.text
        assert english_in(f"{mail.subject} {mail.text} {mail.html}", catalogue) == [], kind.name


@pytest.mark.parametrize(("language", "shown"), [("nl", "3 mrt 2026"), ("en", "3 Mar 2026")])
def test_dates_are_written_as_the_language_does(client, db, language, shown):
    make_contact(last_heard_on="2026-03-03")
    client.force_login(make_user(language=language))
    assert shown in client.get(reverse("contact_list")).content.decode()
