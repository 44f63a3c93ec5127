"""Whatever stands in an address or a form: an answer in words, never an error of ours."""

import json
import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from crm.accounts.roles import Role
from tests.addresses import POST_ONLY
from tests.addresses import addresses as addresses  # a fixture
from tests.crm.directory.contacts.test_views import form_data
from tests.factories import make_user

pytestmark = pytest.mark.django_db

PARAMETERS = [
    *("q", "sector", "theme", "body", "on", "may_receive", "not_heard_since", "after", "before", "page"),
    *("sort", "status", "as", "show", "group", "action", "length", "contact", "lang", "answer", "part"),
    *(
        "next",
        "segment",
        "tag",
        "tags",
        "organisation",
        "attended",
        "spoke_on",
        "source",
        "heard",
        "heard_since",
        "told",
        "pick",
    ),
    *("ticked", "columns", "kind", "state", "language"),
]
# What one database takes and the other does not.
APART = [
    "99999999999999999999999999",
    "\x00",
    "'; DROP TABLE crm_contact; --",
    "٣",
    "0001-01-01",
    "9999-12-31",
]
ALIKE = [
    *("", "0", "-1", "1e9", "x", "%", "_", "<script>alert(1)</script>", "{{ 7|add:7 }}"),
    *("\U0001f469\u200d\U0001f4bb \u202e RTL", "²", "2026-02-30", "a" * 3000),
]
VALUES = [*APART, *(pytest.param(value, marks=pytest.mark.same_on_both) for value in ALIKE)]


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(make_user(Role.ADMIN))
    client.raise_request_exception = False
    return client


def broken_by(admin: Client, addresses: dict[str, str], queries: list[dict[str, str]]) -> list[object]:
    return [
        (name, query)
        for name, path in addresses.items()
        if name not in POST_ONLY
        for query in queries
        if admin.get(path, query).status_code >= 500
    ]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: repr(value)[:30])
def test_no_query_breaks_a_page(admin, addresses, value):
    assert broken_by(admin, addresses, [dict.fromkeys(PARAMETERS, value)]) == []


@pytest.mark.same_on_both
def test_no_single_parameter_breaks_a_page_that_reads_numbers(admin, addresses):
    reading = (
        "contact_list",
        "contact_detail",
        "event_detail",
        "interview_new",
        "mailing_detail",
        "import_detail",
    )
    queries = [{parameter: "9" * 26} for parameter in PARAMETERS]
    assert broken_by(admin, {name: addresses[name] for name in reading}, queries) == []


@pytest.mark.parametrize("value", VALUES, ids=lambda value: repr(value)[:30])
def test_no_form_breaks(admin, addresses, value):
    """The same value in every field that the page's form has, sent by each of its buttons. What has no form
    takes a choice at most, so it gets some of the values.
    """
    forms = FORMS or {name: form_of(admin, name, path) for name, path in addresses.items()}
    FORMS.update(forms)
    broken = [
        (name, button)
        for name, path in addresses.items()
        for fields, buttons in [forms[name]]
        if fields != NO_FORM or value in APART
        for button in buttons
        if admin.post(path, {**dict.fromkeys(fields, value), **button}).status_code >= 500
    ]
    assert broken == []


Form = tuple[list[str], list[dict[str, str]]]
# By the name of the address; asked for once, since it takes as long as sending and the value changes nothing.
FORMS: dict[str, Form] = {}
NO_FORM = ["choice", "search"]
BUTTON = re.compile(r"""<button\b[^>]*\bname="([\w-]+)"(?: value="([^"]*)")?""")


def form_of(admin: Client, name: str, path: str) -> Form:
    """The names of its fields, and what each button adds; the first adds nothing."""
    if name in POST_ONLY:
        return NO_FORM, [{}]
    page = admin.get(path)
    form = page.context.get("form") if page.context else None
    buttons = {} if page.streaming else dict(BUTTON.findall(page.content.decode(errors="replace")))
    fields = list(form.fields) if form is not None else NO_FORM
    return fields, [{}, *({name: value} for name, value in buttons.items())]


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
