"""Nowhere outside the core team stands a name, an organisation or a sentence that was not approved for that.

Whoever brings statements to another page, export or feed adds it to OUTLETS here; to EXPORTS when it leaves
the house as a file, for those hold no more for the team than for anybody else.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from crm.accounts.models import User
from crm.accounts.roles import TEAM, Role, may
from crm.contacts.models import Contact
from crm.texts.kinds import KINDS as TEXT_KINDS
from crm.themes.models import Theme
from engagement.approvals.services import Answer, mark_of, respond
from engagement.briefings.briefing import Briefing
from engagement.briefings.pdf import content
from engagement.codes.models import Code
from engagement.evidence.models import Evidence
from engagement.evidence.services import link
from engagement.statements.attribution import released
from engagement.statements.models import Statement, Visibility
from engagement.statements.services import Draft, change_statement
from engagement.strategy.models import StrategyItem
from tests.factories import (
    make_contact,
    make_interview,
    make_organisation,
    make_statement,
    make_theme,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.same_on_both]


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
    """The results for all of them at once, of which the page itself shows a few."""
    reader = User.objects.get(pk=client.session["_auth_user_id"])
    kind = TEXT_KINDS[Statement]
    hits = kind.shown(list(kind.readable(reader)), reader) if may(reader, kind.capability) else []
    return _read(client, reverse("search") + "?q=zaak") + " ".join(
        f"{one.title} {one.second}" for one in hits
    )


def _today(client: Client) -> str:
    return _read(client, reverse("today"))


def _codes(client: Client) -> str:
    return _read(client, reverse("code_list"))


def _filtered(client: Client) -> str:
    states = ("approved", "waiting", "proposed", "withdrawn")
    return "".join(_read(client, reverse("statement_list") + f"?approval={state}") for state in states)


def _strategy(client: Client) -> str:
    """The tree, and the thread of each part of it."""
    paths = [
        reverse("strategy_item", args=[key]) for key in StrategyItem.objects.values_list("pk", flat=True)
    ]
    return "".join(_read(client, path) for path in [reverse("strategy_tree"), *paths])


def _themes(client: Client) -> str:
    paths = [reverse("briefing_detail", args=[theme.slug]) for theme in Theme.objects.all()]
    return "".join(_read(client, path) for path in [reverse("briefing_list"), *paths])


def _table(client: Client) -> str:
    return _read(client, reverse("statement_export", args=["csv"]))


def _workbook(client: Client) -> str:
    sheets = load_workbook(BytesIO(_bytes(client, reverse("statement_export", args=["xlsx"]))))
    return " ".join(str(cell) for sheet in sheets for row in sheet.values for cell in row if cell)


def _outcomes(client: Client) -> str:
    return _read(client, reverse("statement_outcome_export", args=["csv"]))


def _codebook(client: Client) -> str:
    return _read(client, reverse("code_export", args=["csv"])) + _read(client, reverse("code_codebook"))


def _briefing(client: Client) -> str:
    return _read(client, reverse("briefing_export", args=["battle-for-talent", "csv"]))


def _pdf(_client: Client) -> str:
    """All that the document is made of. It shows a few sentences of each measure: so each gets its own."""
    goal, keys = StrategyItem.objects.get(kind="goal"), _statements()
    with transaction.atomic():
        measures = StrategyItem.objects.bulk_create(
            StrategyItem(kind="measure", parent=goal, code=f"1.1.{key}.", title_nl="Eigen") for key in keys
        )
        Evidence.objects.bulk_create(
            Evidence(statement_id=key, item=measure, outcome="adopted", linked_by=User.objects.all()[0])
            for key, measure in zip(keys, measures, strict=True)
        )
        made = json.dumps(content(Briefing(Theme.objects.get(codes__name="hal"))), ensure_ascii=False)
        transaction.set_rollback(True)
    return made


def _project(client: Client) -> str:
    with ZipFile(BytesIO(_bytes(client, reverse("statement_project")))) as project:
        return " ".join(project.read(name).decode() for name in project.namelist())


# Every page on which statements stand, as whoever is logged in reads it.
OUTLETS: list[Callable[[Client], str]] = [
    _list,
    _filtered,
    _pages,
    _search,
    _today,
    _codes,
    _strategy,
    _themes,
]
# What leaves the house as a file, and the pages that show everybody the same.
EXPORTS: list[Callable[[Client], str]] = [
    _table,
    _workbook,
    _outcomes,
    _codebook,
    _briefing,
    _pdf,
    _project,
    _strategy,
]


def _read(client: Client, path: str) -> str:
    response = client.get(path)
    return response.getvalue().decode() if response.status_code == 200 else ""


def _bytes(client: Client, path: str) -> bytes:
    return client.get(path).getvalue()


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
        draft = Draft.of(now, wording=f"{now.words} {after}")
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
        said = [_said(number, *one, by=by) for number, one in every]
        _build_on(said, by)
        yield said
        transaction.set_rollback(True)


def _build_on(said: list[Said], by: User) -> None:
    """Let a measure rest on all of them, and their code hang on a theme."""
    Code.objects.update(theme=make_theme())
    pillar = StrategyItem.objects.create(kind="pillar", code="1", title_nl="Pijler")
    goal = StrategyItem.objects.create(kind="goal", parent=pillar, code="1.1", title_nl="Doel")
    measure = StrategyItem.objects.create(kind="measure", parent=goal, code="1.1.1", title_nl="Maatregel")
    link(statements=[one.key for one in said], item=measure, outcome="adopted", reason_nl="Omdat.", by=by)


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
    allowed: set[str] = set()
    refused: set[str] = set()
    for one in said:
        by = released(Statement.objects.get(pk=one.key))
        told = one.key in open_ones
        for words, shown in (
            (one.words, told),
            (one.name, told and bool(by.name)),
            (one.organisation, told and bool(by.organisation_name)),
        ):
            (allowed if shown else refused).add(words)
    return allowed, refused


@pytest.mark.parametrize("role", [Role.READER, None])
@pytest.mark.parametrize("outlet", OUTLETS, ids=lambda outlet: outlet.__name__.strip("_"))
def test_outlet_shows_a_reader_no_more_than_was_approved(said, outlet, role):
    client = Client()
    client.force_login(make_user(role))
    page = outlet(client)
    _known, refused = _allowed(said)
    assert {words for words in refused if words in page} == set()


def test_page_of_a_person_tells_a_reader_nothing_of_what_they_said(said):
    client = Client()
    client.force_login(make_user(Role.READER))
    pages = {
        one.words: _read(client, Contact.objects.get(family_name=one.name).get_absolute_url())
        for one in said[::4]
    }
    assert all(pages.values())
    assert {words for words, page in pages.items() if words in page} == set()


@pytest.mark.parametrize("export", EXPORTS, ids=lambda export: export.__name__.strip("_"))
def test_export_holds_no_more_for_the_team_than_for_others(said, export):
    client = Client()
    client.force_login(make_user(Role.ADMIN))
    _known, refused = _allowed(said)
    file = export(client)
    assert file
    assert {words for words in refused if words in file} == set()


def test_reader_does_see_what_was_approved(said):
    """Else the walk would pass with empty pages."""
    client = Client()
    client.force_login(make_user(Role.READER))
    allowed, _refused = _allowed(said)
    for shown in (_list(client) + _pages(client), _strategy(client), _pdf(client)):
        assert {words for words in allowed if words not in shown} == set()
    names = {one.name for one in said}
    assert len(allowed & names) == 1


@pytest.mark.parametrize("role", sorted(TEAM))
def test_team_sees_who_said_it(said, role):
    client = Client()
    client.force_login(make_user(role))
    page = _list(client)
    assert {one.name for one in said if one.name not in page} == set()
