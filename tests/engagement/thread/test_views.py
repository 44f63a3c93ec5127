"""The tree with who carries it, a part down to its sentences, and a statement up to what became of it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from crm.accounts.roles import Role
from crm.bodies.models import Body
from engagement.decisions.models import Decision
from engagement.evidence.coverage import Flag
from engagement.evidence.models import Evidence
from engagement.statements.models import Response, Statement
from tests.factories import (
    make_contact,
    make_evidence,
    make_interview,
    make_item,
    make_organisation,
    make_statement,
    make_user,
)

pytestmark = pytest.mark.django_db
HALL = "De hal is te klein."


@pytest.fixture
def reader(client: Client) -> Client:
    client.force_login(make_user(Role.READER))
    return client


def said(passage: str, sector: str, organisation: str = "", **fields) -> Statement:
    """By somebody of an organisation of its own with this O."""
    person = make_contact(
        family_name="Zonderling", organisation=make_organisation(organisation or passage, sector)
    )
    return make_statement(passage, interview=make_interview(person, notes=passage), **fields)


def agree(statement: Statement, visibility: str = "named") -> None:
    assert statement.speaker
    words = {"shown": statement.words, "words": statement.words, "visibility": visibility}
    statement.latest_response = Response.objects.create(
        statement=statement, speaker=statement.speaker, kind="approved", **words
    )
    statement.save()


def decide(item, *, in_days: int, text: str = "Wij doen het.") -> Decision:
    body, _new = Body.objects.get_or_create(name_nl="Stuurgroep")
    day = timezone.localdate() + timedelta(days=in_days)
    decision = Decision.objects.create(decided_on=day, body=body, text_nl=text, recorded_by=make_user())
    decision.items.add(item)
    return decision


def measures(page) -> list[str]:
    pillars = page.context["found"].pillars
    return [line.item.code for pillar in pillars for goal in pillar.goals for line in goal.measures]


@pytest.mark.same_on_both
def test_tree_shows_every_measure_with_its_worst_flag_and_each_flag_is_a_filter(reader):
    make_item("1.1.1")
    carried, hardware = make_item("1.1.2"), make_item("1.1.3", aspect="hardware")
    for sector in ("education", "government"):
        statement = said(f"Zin van {sector}.", sector)
        agree(statement)
        make_evidence(statement, carried)
    make_evidence(said(HALL, "research"), hardware)
    path = reverse("strategy_tree")
    page = reader.get(path)
    assert measures(page) == ["1.1.2", "1.1.3", "1.1.1"]  # what nobody carries comes last
    lines = page.context["found"].pillars[0].goals[0].measures
    assert [(one.spine, one.flag) for one in lines] == [
        ("carried", None),
        ("by-one", Flag.ONE_ORGANISATION),
        ("by-nobody", Flag.NO_EVIDENCE),
    ]
    for flag, shown in (
        (Flag.NO_EVIDENCE, ["1.1.1"]),
        (Flag.ONE_ORGANISATION, ["1.1.3"]),
        (Flag.ONE_SECTOR, ["1.1.3"]),
        (Flag.NONE_APPROVED, ["1.1.3"]),
        (Flag.HARDWARE_ONLY, ["1.1.3"]),
    ):
        page = reader.get(path, {"flag": flag})
        assert measures(page) == shown, flag
        assert page.context["found"].flags[flag] == 1
    assert measures(reader.get(path, {"aspect": "software"})) == []
    assert measures(reader.get(path, {"flag": "nonsense"})) == ["1.1.2", "1.1.3", "1.1.1"]


def test_tree_says_what_is_on_an_agenda_and_what_stands_still(reader):
    item = make_item("1.1.1", state="running", progress=10, stalled_since=timezone.localdate())
    other = make_item("1.1.2")
    decide(other, in_days=9)
    decide(other, in_days=3)
    page = reader.get(reverse("strategy_tree"))
    first, second = page.context["found"].pillars[0].goals[0].measures
    assert "at a standstill since" in page.content.decode()
    assert (first.item, first.next) == (item, None)
    assert second.next.decided_on == timezone.localdate() + timedelta(days=3)


@pytest.mark.same_on_both
def test_part_shows_its_sentences_by_o_as_they_may_leave_the_house_whoever_reads(client):
    item = make_item("1.1.1", text_nl="Drie labs open.")
    named, unasked = said("Meer labs.", "education", "Saxion"), said(HALL, "government", "Gemeente")
    agree(named)
    make_evidence(named, item, reason_en="The first one is open.")
    make_evidence(unasked, item, "not adopted")
    make_evidence(said("Geheim.", "research", visibility="team"), item)
    for role in (Role.READER, Role.CORE_TEAM):
        client.force_login(make_user(role))
        page = client.get(item.get_absolute_url())
        knots = page.context["thread"].knots
        assert [(knot.sector, len(knot.sentences)) for knot in knots] == [
            ("education", 1),
            ("research", 0),
            ("entrepreneurs", 0),
            ("government", 1),
        ]
        assert [one.by.called for knot in knots for one in knot.sentences] == [
            f"{named.speaker}, Saxion",
            "somebody from government",
        ]
        text = page.content.decode()
        assert "The first one is open." in text
        assert "Nothing here comes from research yet." in text
        assert "Geheim." not in text
        assert ("stays in the core team" in text) == (role == Role.CORE_TEAM)


@pytest.mark.same_on_both
def test_part_shows_only_the_outcome_that_is_asked_and_an_o_keeps_its_place(reader):
    item = make_item("1.1.1")
    make_evidence(said("Meer labs.", "education"), item)
    make_evidence(said(HALL, "government"), item, "not adopted")
    thread = reader.get(item.get_absolute_url(), {"outcome": "not adopted"}).context["thread"]
    assert [len(knot.sentences) for knot in thread.knots] == [0, 0, 0, 1]
    assert thread.outcomes == {"adopted": 1, "not adopted": 1}


@pytest.mark.same_on_both
def test_pillar_shows_all_under_it_with_the_part_of_each(reader):
    make_evidence(said(HALL, "government"), make_item("1.1.1"))
    make_evidence(said("Meer labs.", "education"), make_item("1.2"))
    make_evidence(said("Iets anders.", "education"), make_item("2.1"))
    pillar = make_item("1")
    thread = reader.get(pillar.get_absolute_url()).context["thread"]
    shown = [one.evidence.item.code for knot in thread.knots for one in knot.sentences]
    assert shown == ["1.2", "1.1.1"]
    assert thread.coverage.organisations == 2


def test_what_may_fit_has_the_same_code_lands_nowhere_and_may_leave_the_house(client):
    client.force_login(make_user(Role.CORE_TEAM))
    item = make_item("1.1.1")
    make_evidence(said(HALL, "government", codes=["Ruimte"]), item)
    fits = [said(f"Ook {number}.", "research", codes=["Ruimte"]) for number in range(5)]
    said("Geheim.", "research", codes=["Ruimte"], visibility="team")
    said("Anders.", "research", codes=["Wonen"])
    fitting = client.get(item.get_absolute_url()).context["thread"].fitting
    assert [one.statement for one in fitting] == fits[:0:-1]
    assert {one.code for one in fitting} == {"Ruimte"}


def test_statement_tells_where_it_landed_up_to_the_pillar_and_what_is_to_come(client):
    client.force_login(make_user(Role.CORE_TEAM))
    item, statement = make_item("1.1.1"), said(HALL, "government")
    make_evidence(statement, item, "partly", reason_nl="Zestig in plaats van honderd.")
    decide(item, in_days=10, text="Komt nog.")
    decide(item, in_days=-10, text="Was al.")
    page = client.get(statement.get_absolute_url())
    life = [one for one in page.context["life"] if "thread" in one.template]
    assert [(one.template.split("_")[-1], one.to_come) for one in life] == [
        ("decision.html", False),
        ("link.html", False),
        ("decision.html", True),
    ]
    assert [one.code for one in life[1].context["path"]] == ["1", "1.1"]
    text = page.content.decode()
    assert all(words in text for words in ("Zestig in plaats van honderd.", "Komt nog.", "Was al."))
    Evidence.objects.all().delete()
    life = client.get(statement.get_absolute_url()).context["life"]
    assert [one for one in life if "thread" in one.template] == []


@pytest.mark.same_on_both
def test_what_a_team_typed_is_escaped_on_every_page(client):
    client.force_login(make_user(Role.CORE_TEAM))
    evil = "<script>alert(1)</script>"
    item = make_item("1.1.1", title=evil, text_nl=evil)
    statement = said(HALL, "government")
    make_evidence(statement, item, reason_nl=evil)
    decide(item, in_days=1, text=evil)
    paths = [item.get_absolute_url(), statement.get_absolute_url(), reverse("strategy_tree")]
    names = [reverse(f"strategy_{name}", args=[item.pk]) for name in ("edit", "versions")]
    for path in (*paths, *names, reverse("strategy_order")):
        assert evil not in client.get(path).content.decode(), path
