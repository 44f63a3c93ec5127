"""The API: the same rules as the pages, in JSON."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from crm.accounts.models import ApiToken, User
from crm.accounts.roles import Role
from crm.accounts.tokens import make_token, remove_token
from crm.contacts.models import Contact
from crm.directory.segments.models import Segment
from crm.organisations.models import Organisation
from crm.preferences.services import record_consent
from crm.provenance.models import Provenance
from crm.timeline.models import TimelineEntry
from tests.factories import make_contact, make_organisation, make_tag, make_theme, make_user

pytestmark = pytest.mark.django_db
CONTACTS, ORGANISATIONS = reverse("api_contacts"), reverse("api_organisations")
NEW: dict[str, Any] = {
    "given_name": "Jan",
    "infix": "v.d.",
    "family_name": "Berg",
    "tags": ["Kennispark"],
    "contact_points": [
        {"kind": "email", "value": "Jan@Example.ORG", "preferred": True},
        {"kind": "phone", "value": "053 555 01 42"},
    ],
    "affiliations": [{"organisation": "Universiteit Twente", "job_title": "decaan"}],
}


class Api:
    """Speaks JSON with a token."""

    def __init__(self, user: User, **headers: str) -> None:
        self.client = Client(raise_request_exception=False)
        self.headers = {"Authorization": f"Token {make_token(user=user)}", "Accept-Language": "en", **headers}

    def ask(self, method: str, path: str, data: Any = None) -> Any:
        body = {} if data is None else {"data": json.dumps(data), "content_type": "application/json"}
        return getattr(self.client, method)(path, headers=self.headers, **body)


@pytest.fixture(autouse=True)
def unthrottled() -> None:
    cache.clear()


@pytest.fixture
def user() -> User:
    return make_user(Role.CORE_TEAM)


@pytest.fixture
def api(user: User) -> Api:
    return Api(user)


def one(contact: Contact | Organisation) -> str:
    name = "api_contact" if isinstance(contact, Contact) else "api_organisation"
    return reverse(name, args=[contact.pk])


def test_contact_is_made_by_the_rules_of_the_form(api, user):
    theme = make_theme()
    response = api.ask("post", CONTACTS, {**NEW, "themes": [theme.slug]})
    assert response.status_code == 201
    contact = Contact.objects.get()
    found = response.json()
    assert (found["id"], found["infix"], found["tags"], found["themes"]) == (
        contact.pk,
        "van der",
        ["Kennispark"],
        [theme.slug],
    )
    assert [point["value"] for point in found["contact_points"]] == ["jan@example.org", "+31535550142"]
    assert found["affiliations"][0]["organisation"] == "Universiteit Twente"
    assert (contact.origin, found["may_receive"]["newsletter"]) == ("api", False)
    assert TimelineEntry.objects.get(contact=contact).actor == user


@time_machine.travel("2026-01-31 12:00:00+01:00", tick=False)
def test_what_a_program_adds_says_where_it_comes_from_and_starts_the_clock(api, user):
    contact = Contact.objects.get(pk=api.ask("post", CONTACTS, NEW).json()["id"])
    told = Provenance.objects.get(contact=contact)
    assert told.source == f"a program, by the API as {user}"
    assert (told.obtained_on, told.tell_by) == (date(2026, 1, 31), date(2026, 2, 28))
    first = contact.history.get()
    assert (contact.origin, first.history_type, first.history_user) == ("api", "+", user)
    api.ask("patch", one(contact), {"given_name": "Johan"})
    assert Provenance.objects.get() == told
    assert contact.history.first().history_user == user


def test_what_somebody_types_in_starts_no_clock(user):
    client = Client()
    client.force_login(user)
    rows = {
        f"{prefix}-{name}_FORMS": 0 for prefix in ("points", "affiliations") for name in ("TOTAL", "INITIAL")
    }
    form = {"family_name": "Berg", "formality": "u", "language": "nl", **rows}
    assert client.post(reverse("contact_new"), form).status_code == 302
    assert (Contact.objects.get().origin, Provenance.objects.count()) == ("hand", 0)


def test_patch_changes_what_it_names_and_leaves_the_rest(api):
    contact = make_contact(organisation=make_organisation("Saxion"), titles_before="dr.")
    contact.tags.add(make_tag("Kennispark"))
    row = contact.affiliations.get()
    response = api.ask("patch", one(contact), {"given_name": "Johan"})
    assert response.status_code == 200
    contact.refresh_from_db()
    assert (contact.given_name, contact.family_name, contact.titles_before) == ("Johan", "Berg", "dr.")
    assert [str(tag) for tag in contact.tags.all()] == ["Kennispark"]
    assert list(contact.affiliations.all()) == [row]
    assert contact.contact_points.count() == 1
    diff = TimelineEntry.objects.get(kind="contact.changed").words["diff"]
    assert diff == {"given_name": ["Jan", "Johan"]}


def test_put_leaves_exactly_what_it_says(api):
    contact = make_contact(organisation=make_organisation("Saxion"))
    response = api.ask("put", one(contact), {"family_name": "Berg", "contact_points": []})
    assert response.status_code == 200
    assert (contact.contact_points.count(), contact.affiliations.count()) == (0, 0)


@pytest.mark.same_on_both
@pytest.mark.parametrize(
    ("changes", "where", "message"),
    [
        ({"family_name": "", "given_name": ""}, "family_name", "Fill in at least a family name"),
        ({"form_of_address": "own"}, "own_salutation", "Write the salutation"),
        ({"form_of_address": "lord"}, "form_of_address", "is not a valid choice"),
        ({"family_name": "x" * 200}, "family_name", "no more than 150"),
        ({"themes": ["no"]}, "themes", "slug=no does not exist"),
        ({"tags": ["a,b"]}, "tags", "no comma"),
        ({"tags": "x"}, "tags", "Expected a list"),
        ({"contact_points": [{"kind": "email", "value": "jan@"}]}, "contact_points", "not an e-mail"),
        ({"contact_points": NEW["contact_points"][:1] * 2}, "contact_points", "stands here twice"),
        ({"contact_points": [{"kind": "x", "value": "y"}]}, "contact_points", "is not a valid choice"),
        ({"affiliations": NEW["affiliations"] * 2}, "affiliations", "twice without an end"),
        ({"affiliations": [{"organisation": ""}]}, "affiliations", "may not be blank"),
        ({"contact_points": NEW["contact_points"][:1] * 100}, "contact_points", ""),
    ],
)
def test_mistake_is_said_at_its_field_and_nothing_is_written(api, changes, where, message):
    response = api.ask("post", CONTACTS, {**NEW, **changes})
    assert response.status_code == 400
    assert list(response.json()) == [where]
    assert message in json.dumps(response.json())
    assert Contact.objects.count() == 0


def test_mistake_is_said_in_the_language_of_the_request(user):
    dutch = Api(user, **{"Accept-Language": "nl"})
    english = Api(user, **{"Accept-Language": "en"})
    english.headers["Authorization"] = dutch.headers["Authorization"] = f"Token {make_token(user=user)}"
    said = [one.ask("post", CONTACTS, {"initials": ""}).json()["family_name"] for one in (dutch, english)]
    assert said[1] == ["Fill in at least a family name, initials or a given name."]
    assert said[0] != said[1]


def test_list_filters_sorts_and_pages_as_the_page_does(api, user):
    lab = make_organisation("Lab", "research")
    for number in range(5):
        make_contact(family_name=f"B{number}", organisation=lab)
    make_contact(family_name="Other")
    segment = Segment.objects.create(name="x", filter={"sector": ["research"]}, owner=user)
    path, seen = f"{CONTACTS}?sector=research&sort=-name&page_size=2", []
    while path:
        found = api.ask("get", path).json()
        seen.append([row["family_name"] for row in found["results"]])
        path = found["next"]
    assert seen == [["B4", "B3"], ["B2", "B1"], ["B0"]]
    assert (found["count"], found["more"]) == (5, False)
    back = api.ask("get", found["previous"]).json()
    assert [row["family_name"] for row in back["results"]] == seen[1]
    assert api.ask("get", f"{CONTACTS}?segment={segment.pk}").json()["count"] == 5
    assert "sector" in api.ask("get", f"{CONTACTS}?sector=x").json()
    assert api.ask("get", f"{CONTACTS}?sector=x").status_code == 400


@pytest.mark.parametrize("path", [CONTACTS, ORGANISATIONS])
def test_list_takes_a_fixed_number_of_queries(api, django_assert_max_num_queries, path):
    def add(number: int) -> None:
        for _ in range(number):
            contact = make_contact(organisation=make_organisation("", "education", "research"))
            contact.tags.add(tag)
            record_consent(contact=contact, purpose="newsletter", allowed=True, source="form")

    tag = make_tag()
    add(2)
    with django_assert_max_num_queries(20) as few:
        api.ask("get", path)
    add(10)
    with django_assert_max_num_queries(len(few.captured_queries)):
        assert api.ask("get", path).json()["count"] == 12


def test_organisation_is_made_changed_and_listed(api):
    new = {"name": "Saxion", "sectors": ["education", "research"], "primary": "research", "aliases": ["Hs"]}
    response = api.ask("post", ORGANISATIONS, {**new, "tags": ["Campus"], "kvk_number": "1234 5678"})
    assert response.status_code == 201
    found = response.json()
    assert (found["sectors"], found["aliases"], found["tags"], found["kvk_number"]) == (
        ["research", "education"],
        ["Hs"],
        ["Campus"],
        "12345678",
    )
    saxion = Organisation.objects.get()
    assert api.ask("patch", one(saxion), {"city": "Enschede"}).json()["aliases"] == ["Hs"]
    part = api.ask("post", ORGANISATIONS, {"name": "Part", "parent": saxion.pk}).json()
    assert part["parent"] == saxion.pk
    circle = api.ask("patch", one(saxion), {"parent": part["id"]})
    assert (circle.status_code, list(circle.json())) == (400, ["parent"])
    double = api.ask("post", ORGANISATIONS, {"name": "saxion"})
    assert (double.status_code, list(double.json())) == (400, ["name"])
    assert api.ask("get", f"{ORGANISATIONS}?q=sax").json()["count"] == 1


@pytest.mark.same_on_both
@pytest.mark.parametrize("role", [*Role, None])
def test_each_role_may_what_the_matrix_says(role):
    contact, organisation = make_contact(), make_organisation()
    api = Api(make_user(role))
    seen = {
        "read": {api.ask("get", path).status_code for path in (CONTACTS, ORGANISATIONS, one(contact))},
        "write": {
            api.ask("patch", one(thing), {"city": "x", "given_name": "x"}).status_code
            for thing in (contact, organisation)
        },
        "schema": {api.ask("get", reverse("api_schema")).status_code},
    }
    # A reader would take the export along page by page.
    answer = 403 if role in {None, Role.READER} else 200
    assert seen == {"read": {answer}, "write": {answer}, "schema": {answer}}


def test_stranger_wrong_token_and_who_left_are_refused(api, user):
    paths = (CONTACTS, ORGANISATIONS, one(make_contact()), one(make_organisation()), reverse("api_schema"))
    assert {Client().get(path).status_code for path in paths} == {401}
    assert Client().get(CONTACTS, headers={"Authorization": "Token \xff"}).status_code == 401
    assert api.ask("get", CONTACTS).status_code == 200
    User.objects.update(is_active=False)
    assert api.ask("get", CONTACTS).status_code == 401
    User.objects.update(is_active=True)
    remove_token(user=user)
    assert api.ask("get", CONTACTS).status_code == 401


def test_session_needs_the_csrf_token_to_write(user):
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    assert client.get(CONTACTS).status_code == 200
    assert client.post(CONTACTS, json.dumps(NEW), content_type="application/json").status_code == 403


def test_nothing_is_deleted_and_what_is_not_there_is_not_found(api):
    assert api.ask("delete", one(make_contact())).status_code == 405
    assert api.ask("get", reverse("api_contact", args=[10**9])).status_code == 404
    assert api.ask("get", reverse("api_contact", args=[10**30])).status_code == 404


def test_who_asks_too_often_is_told_to_wait(api, monkeypatch):
    monkeypatch.setattr("rest_framework.throttling.UserRateThrottle.THROTTLE_RATES", {"user": "2/minute"})
    seen = [api.ask("get", CONTACTS).status_code for _ in range(3)]
    assert seen == [200, 200, 429]


def test_token_is_shown_once_and_kept_as_a_hash(client, user):
    client.force_login(user)
    path = reverse("account_token")
    page = client.post(path).content.decode()
    token = page.split("Authorization: Token ")[1].split("<")[0]
    assert Client().get(CONTACTS, headers={"Authorization": f"Token {token}"}).status_code == 200
    assert token not in ApiToken.objects.get().digest
    assert token not in client.get(reverse("account_profile")).content.decode()
    client.post(path, {"remove": "1"})
    assert Client().get(CONTACTS, headers={"Authorization": f"Token {token}"}).status_code == 401


def test_schema_describes_both(api):
    text = api.ask("get", reverse("api_schema")).content.decode()
    for path in (CONTACTS, ORGANISATIONS):
        assert path in text


@pytest.mark.parametrize("every", [0, pytest.param(15, marks=pytest.mark.same_on_both)])
def test_naughty_strings_in_every_text_are_kept_or_refused_in_words(api, corpora: Path, every: int):
    """Those of the list, and beside them what one database takes and the other does not."""
    file = next((corpora / "naughty-strings").glob("*.json"))
    texts = json.loads(file.read_text())[::every] if every else ["Jan", "a\x00b", "\ud800", "x" * 5000]
    statuses = set()
    for text in texts:
        names = ("given_name", "initials", "infix", "titles_before", "titles_after", "own_salutation")
        row = {"organisation": text, "job_title": text}
        contact = {
            "family_name": "Berg",
            **dict.fromkeys(names, text),
            "tags": [text],
            "contact_points": [{"kind": "email", "value": text}, {"kind": "phone", "value": text}],
            "affiliations": [row],
        }
        points = {"family_name": "Berg", "contact_points": contact.pop("contact_points")}
        texts = ("website", "kvk_number", "street", "house_number", "postcode", "city", "country")
        place = {"name": text, "aliases": [text], "tags": [text]}
        kept = api.ask("post", CONTACTS, contact).status_code
        # What is kept together is kept alone; what is refused together may hide that one of them is not.
        alone = ("tags", "affiliations", *names) if kept != 201 else ()
        people = [{"family_name": "Berg", name: contact[name]} for name in alone]
        statuses.add(kept)
        for data in (points, {"family_name": text}, *people):
            statuses.add(api.ask("post", CONTACTS, data).status_code)
        for data in (place, {"name": text}, {"name": "x", **dict.fromkeys(texts, text)}):
            statuses.add(api.ask("post", ORGANISATIONS, data).status_code)
        cache.clear()
    assert statuses == {201, 400}


@pytest.mark.parametrize("body", ["", "[]", "1", "{", '{"contact_points": {"a": 1}}', '{"tags": [null, {}]}'])
def test_body_of_another_shape_is_refused(api, body):
    response = api.client.post(CONTACTS, body, content_type="application/json", headers=api.headers)
    assert response.status_code == 400
