"""Nowhere outside the core team stands a name, an organisation or a sentence that was not approved for that.

Whoever brings statements to another page, export or feed adds it to OUTLETS here; to EXPORTS when it leaves
the house as a file, for those hold no more for the team than for anybody else.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from crm.accounts.models import User
from crm.accounts.roles import TEAM, Role
from crm.contacts.models import Contact
from engagement.approvals.services import Answer, mark_of, respond
from engagement.statements.attribution import released
from engagement.statements.models import Statement, Visibility
from engagement.statements.services import Draft, change_statement
from tests.factories import make_contact, make_interview, make_organisation, make_statement, make_user

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Said:
    """A statement with words, a speaker and an organisation that stand nowhere else."""

    key: int
    words: str
    name: str
    organisation: str


def _statements() -> list[int]:
    return list(Statement.objects.order_by("pk").values_list("pk", flat=True))


def _list(client: Client) -> str:
    return _read(client, reverse("statement_list"))


def _pages(client: Client) -> str:
    """The page of each statement that may be opened."""
    paths = [reverse("statement_detail", args=[key]) for key in _statements()]
    return "".join(_read(client, path) for path in paths)


def _search(client: Client) -> str:
    """Found by a word that stands in all of them, and by the first and last name of each speaker."""
    paths = [reverse("search") + "?q=zaak", *(f"{reverse('search')}?q=zaak{number}" for number in range(40))]
    return "".join(_read(client, path) for path in paths)


def _today(client: Client) -> str:
    return _read(client, reverse("today"))


def _codes(client: Client) -> str:
    return _read(client, reverse("code_list"))


def _filtered(client: Client) -> str:
    states = ("approved", "waiting", "proposed", "withdrawn")
    return "".join(_read(client, reverse("statement_list") + f"?approval={state}") for state in states)


# Every page on which statements stand, as whoever is logged in reads it.
OUTLETS: list[Callable[[Client], str]] = [_list, _filtered, _pages, _search, _today, _codes]
# What leaves the house as a file.
EXPORTS: list[Callable[[Client], str]] = []


def _read(client: Client, path: str) -> str:
    response = client.get(path)
    return response.content.decode() if response.status_code == 200 else ""


def _answered(statement: Statement, how: str) -> None:
    """What the speaker answered, and what became of the words since."""
    speaker = statement.speaker
    assert speaker is not None
    kind, visibility, after = {
        "never": ("", "", ""),
        "named": ("approved", "named", ""),
        "organisation": ("approved", "organisation", ""),
        "sector": ("approved", "sector", ""),
        "team": ("approved", "team", ""),
        "lapsed": ("approved", "named", "anders"),
        "corrected": ("corrected", "named", ""),
        "withdrawn": ("withdrawn", "named", ""),
        "withdrawn and reworded": ("withdrawn", "named", "anders"),
    }[how]
    if kind:
        words = f"{statement.words} Liever zo." if kind == "corrected" else ""
        answer = Answer(statement.pk, mark_of(statement.words), kind, visibility, words)
        assert respond(speaker=speaker, answers=[answer]) == []
    if after:
        now = Statement.objects.get(pk=statement.pk)
        draft = Draft(
            uuid=now.uuid,
            version=now.version,
            wording=f"{now.words} {after}",
            speaker=now.speaker,
            visibility=now.visibility,
        )
        change_statement(statement=now, draft=draft, by=now.created_by)


HOW = (
    "never",
    "named",
    "organisation",
    "sector",
    "team",
    "lapsed",
    "corrected",
    "withdrawn",
    "withdrawn and reworded",
)


@pytest.fixture(scope="module", autouse=True)
def said(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[list[Said]]:
    """Each visibility with each answer; made once, since looking changes nothing."""
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        by = make_user()
        every = enumerate((visibility, how) for visibility in Visibility for how in HOW)
        yield [_said(number, *one, by=by) for number, one in every]
        transaction.set_rollback(True)


def _said(number: int, visibility: str, how: str, *, by: User) -> Said:
    organisation = make_organisation(f"Zorg{number}bedrijf", "entrepreneurs")
    person = make_contact(
        family_name=f"Zeker{number}naam", infix="", given_name="Wie", organisation=organisation
    )
    words = f"Dit is zaak zaak{number} van ons."
    interview = make_interview(person, notes=words, by=by)
    statement = make_statement(words, interview=interview, visibility=visibility, codes=["hal"])
    _answered(statement, how)
    return Said(statement.pk, f"zaak{number} van", f"Zeker{number}naam", f"Zorg{number}bedrijf")


def _allowed(said: list[Said]) -> tuple[set[str], set[str]]:
    """What may stand outside the core team, and what may not."""
    open_ones = set(Statement.objects.releasable().values_list("pk", flat=True))
    may, may_not = set(), set()
    for one in said:
        by = released(Statement.objects.get(pk=one.key))
        told = one.key in open_ones
        for words, shown in (
            (one.words, told),
            (one.name, told and bool(by.name)),
            (one.organisation, told and bool(by.organisation_name)),
        ):
            (may if shown else may_not).add(words)
    return may, may_not


@pytest.mark.parametrize("role", [Role.READER, None])
@pytest.mark.parametrize("outlet", OUTLETS, ids=lambda outlet: outlet.__name__.strip("_"))
def test_outlet_shows_a_reader_no_more_than_was_approved(said, outlet, role):
    client = Client()
    client.force_login(make_user(role))
    page = outlet(client)
    _may, may_not = _allowed(said)
    assert {words for words in may_not if words in page} == set()


def test_page_of_a_person_tells_a_reader_nothing_of_what_they_said(said):
    client = Client()
    client.force_login(make_user(Role.READER))
    pages = {
        one.words: _read(client, Contact.objects.get(family_name=one.name).get_absolute_url()) for one in said
    }
    assert all(pages.values())
    assert {words for words, page in pages.items() if words in page} == set()


@pytest.mark.parametrize("export", EXPORTS, ids=lambda export: export.__name__.strip("_"))
def test_export_holds_no_more_for_the_team_than_for_others(said, export):
    client = Client()
    client.force_login(make_user(Role.ADMIN))
    _may, may_not = _allowed(said)
    file = export(client)
    names = {one.name for one in said} | {one.organisation for one in said}
    assert {words for words in may_not & names if words in file} == set()


def test_reader_does_see_what_was_approved(said):
    """Else the walk would pass with empty pages."""
    client = Client()
    client.force_login(make_user(Role.READER))
    may, _may_not = _allowed(said)
    page = _list(client) + _pages(client)
    assert {words for words in may if words not in page} == set()
    names = {one.name for one in said}
    assert len(may & names) == 1


@pytest.mark.parametrize("role", TEAM)
def test_team_sees_who_said_it(said, role):
    client = Client()
    client.force_login(make_user(role))
    page = _list(client)
    assert {one.name for one in said if one.name not in page} == set()
