"""Whatever stands in an address or a form: an answer in words, never an error of ours."""

import json
import re
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from crm.accounts.roles import Role
from tests.addresses import POST_ONLY
from tests.addresses import addresses as addresses  # a fixture
from tests.crm.directory.contacts.test_views import form_data
from tests.factories import make_user

pytestmark = pytest.mark.django_db

# What one database may take and the other not; then what neither sees, or sees as any other text.
APART = ["9" * 26, "\x00", "'; DROP TABLE crm_contact; --", "٣", "0001-01-01", "9999-12-31"]
ALIKE = [
    *("", "-1", "²", "2026-02-30", "a" * 3000),
    "<script>alert(1)</script> {{ 7|add:7 }} %_ \U0001f469\u200d\U0001f4bb \u202e RTL",
]
of_each_kind = pytest.mark.parametrize(
    "values",
    [
        pytest.param(APART, id="apart"),
        pytest.param(ALIKE, id="alike", marks=pytest.mark.same_on_both),
    ],
)
BUTTON = re.compile(r"""<button\b[^>]*\bname="([\w-]+)"(?: value="([^"]*)")?""")
# By the name of an address what its page asks for, what its form does and which buttons that has: found once,
# since it takes as long as asking.
ASKED_OF_PAGES: dict[str, set[str]] = {}
ASKED_OF_FORMS: dict[str, set[str]] = {}
BUTTONS: dict[str, list[dict[str, str]]] = {}


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(make_user(Role.ADMIN))
    client.raise_request_exception = False
    return client


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The names that are looked up in what came with a request."""
    names: set[str] = set()

    def kept(look_up: Callable[..., Any]) -> Callable[..., Any]:
        def keep(query: QueryDict, name: str, *rest: Any) -> Any:
            names.add(name)
            return look_up(query, name, *rest)

        return keep

    for method in ("__getitem__", "__contains__", "getlist"):
        monkeypatch.setattr(QueryDict, method, kept(getattr(QueryDict, method)))
    return names


@pytest.fixture
def pages(admin: Client, addresses: dict[str, str], asked: set[str]) -> dict[str, str]:
    """Those that ask for something, a page of a list or what its form begins with."""
    paths = {name: path for name, path in addresses.items() if name not in POST_ONLY}
    for name in paths.keys() - ASKED_OF_PAGES.keys():
        asked.clear()
        page = admin.get(paths[name])
        ASKED_OF_PAGES[name] = set(asked)
        found = {} if page.streaming else dict(BUTTON.findall(page.content.decode(errors="replace")))
        BUTTONS[name] = [{button: value} for button, value in found.items()]
    return {name: path for name, path in paths.items() if ASKED_OF_PAGES[name]}


@pytest.fixture
def forms(admin: Client, addresses: dict[str, str], asked: set[str], pages: object) -> dict[str, str]:
    """Where something is sent to that is looked at."""
    for name in addresses.keys() - ASKED_OF_FORMS.keys():
        asked.clear()
        status_of_post(admin, addresses[name], {})
        ASKED_OF_FORMS[name] = set(asked)
    return {name: path for name, path in addresses.items() if ASKED_OF_FORMS[name]}


def status_of_post(admin: Client, path: str, sent: dict[str, str]) -> int:
    """Whatever it changed is as it was for the next one."""
    with transaction.atomic():
        status = admin.post(path, sent).status_code
        transaction.set_rollback(True)
    return status


@of_each_kind
def test_no_query_breaks_a_page(admin, pages, values):
    """The same value for all that a page asks for; for half of it where something is not found, and so on."""
    broken = []
    for value, (name, path) in product(values, pages.items()):
        queries = [dict.fromkeys(ASKED_OF_PAGES[name], value)]
        while queries:
            status = admin.get(path, query := queries.pop()).status_code
            if status == 404 and len(query) > 1:
                names = list(query)
                queries += [dict.fromkeys(names[at::2], value) for at in (0, 1)]
            if status >= 500:
                broken.append((name, query))
    assert broken == []


@of_each_kind
def test_no_form_breaks(admin, forms, values):
    """The same value for all that a form asks for, sent by each of its buttons."""
    broken = [
        (name, button, value)
        for value, (name, path) in product(values, forms.items())
        for button in [{}, *BUTTONS.get(name, [])]
        if status_of_post(admin, path, {**dict.fromkeys(ASKED_OF_FORMS[name], value), **button}) >= 500
    ]
    assert broken == []


def test_pages_and_forms_were_asked_what_they_look_at(pages, forms):
    assert {"segment", "sort", "q"} <= ASKED_OF_PAGES["contact_list"]
    assert {"flag", "aspect"} <= ASKED_OF_PAGES["strategy_tree"]
    assert {"family_name", "form-token"} & ASKED_OF_FORMS["contact_new"] >= {"family_name"}
    assert len(pages) > 40
    assert len(forms) > 100


def test_naughty_strings_are_kept_or_refused_but_never_break(admin, addresses, corpora: Path):
    file = next((corpora / "naughty-strings").glob("*.json"))
    path = addresses["interview_new"]
    statuses = {
        admin.post(path, {"notes": text, "place": text[:200], "find": text}).status_code
        for text in json.loads(file.read_text())[::12]
    }
    assert statuses == {200}


def test_naughty_strings_in_the_texts_of_people_and_of_changes_are_kept_or_refused(admin, corpora: Path):
    file = next((corpora / "naughty-strings").glob("*.json"))
    texts = [*json.loads(file.read_text())[::15], "a\x00b", "x" * 3000]
    statuses = set()
    for text in texts:
        changes = {"titles_after": text[:60], "tags": text, "affiliations-0-organisation": text[:200]}
        statuses.add(admin.post(reverse("contact_new"), form_data(**changes)).status_code)
        for change in (
            {"kind": "add tag", "tags": text},
            {"kind": "permission", "purpose": "newsletter", "allowed": "yes", "reason": text},
        ):
            statuses.add(admin.post(f"{reverse('bulk_new')}?organisation=x", change).status_code)
        for name, field in (("tag_suggestions", "tags"), ("organisation_suggestions", "organisation")):
            statuses.add(admin.get(reverse(name), {field: text}).status_code)
    assert statuses == {200, 302}
    assert all(admin.get(reverse(name)).status_code == 200 for name in ("contact_list", "bulk_list"))
