"""What a briefing counts and shows, and the sentences that it finds."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import translation

from crm.base.sectors import Sector
from engagement.briefings.briefing import Briefing
from engagement.briefings.findings import findings
from engagement.briefings.overview import overview
from engagement.codes.models import Code
from engagement.statements.models import Response, Statement, Visibility
from tests.factories import (
    make_contact,
    make_decision,
    make_evidence,
    make_item,
    make_organisation,
    make_theme,
)

pytestmark = [pytest.mark.django_db, pytest.mark.same_on_both]


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def answer(statement: Any, kind: str = "approved") -> None:
    said = {"kind": kind, "shown": statement.words, "words": statement.words, "visibility": "named"}
    stored = Response.objects.create(statement=statement, speaker=statement.speaker, **said)
    Statement.objects.filter(pk=statement.pk).update(latest_response=stored)


def carried(say: Callable[..., Statement], code: str, *sectors: str, title: str = "One desk") -> None:
    item = make_item(code, title)
    for number, sector in enumerate(sectors):
        make_evidence(say(f"{code} {sector} {number}.", sector), item)


def test_heard_counts_organisations_of_those_that_have_the_theme(briefing, say, theme):
    say("De bus is te laat.")
    say("De hal is te klein.")
    idle, other = (make_contact(organisation=make_organisation("", "government")) for _ in range(2))
    idle.themes.add(theme)
    heard = {one.sector: (one.heard, one.concerned) for one in briefing.heard}
    assert heard == {
        Sector.EDUCATION: (2, 2),
        Sector.RESEARCH: (0, 0),
        Sector.ENTREPRENEURS: (0, 0),
        Sector.GOVERNMENT: (0, 1),
    }
    assert (len(briefing.organisations), other.themes.count()) == (2, 0)


def test_statements_are_those_on_the_theme_that_may_leave_the_house(briefing, say, theme):
    Code.objects.create(name="Onder stages", parent=Code.objects.get(name="Stages"))
    shown, below = say("De bus."), say("De brug.", codes=["Onder stages"])
    say("Iets anders.", codes=["Weer"])
    say("Stil.", visibility=Visibility.TEAM)
    answer(say("Weg ermee."), "withdrawn")
    assert briefing.statements == [below, shown]


def test_names_stand_there_only_of_who_approved(briefing, say):
    approved, open_ = say("De bus."), say("De hal.")
    answer(approved)
    by = {said.statement.pk: said.by for said in briefing.some_loose}
    assert (by[approved.pk].name, by[approved.pk].quoted) == ("Jan van den Berg", True)
    assert (by[open_.pk].name, by[open_.pk].sector) == ("", "education")


def test_parts_are_those_that_rest_on_the_theme_and_bare_measures_beside_them(briefing, say):
    carried(say, "1.2.1", "education")
    make_item("1.2.2", "Bare")
    make_item("1.3.1", "Elsewhere")
    other = say("Iets anders.", codes=["Weer"])
    make_evidence(other, make_item("2.1.1"))
    assert [part.item.code for part in briefing.parts] == ["1", "1.2", "1.2.1", "1.2.2"]
    assert [part.item.code for part in briefing.thin] == ["1.2.1", "1.2.2"]


def test_part_shows_one_of_each_o_before_a_second_one_and_the_approved_first(briefing, say):
    item = make_item()
    said = [say(f"Zin {number}.", sector) for number, sector in enumerate(["education"] * 3 + ["government"])]
    for one in said:
        make_evidence(one, item)
    answer(said[1])
    part = briefing.measures[0]
    assert ([one.statement for one in part.said], part.more) == ([said[1], said[3], said[2]], 1)


def test_disagreement_takes_one_o_with_opportunities_only_and_another_with_concerns_only(briefing, say):
    hope = say("Kansen genoeg.", "research", stance="opportunity")
    worry = say("Het wordt niets.", "government", stance="concern")
    say("Misschien.", "education", stance="opportunity")
    say("Of niet.", "education", stance="concern")
    (one,) = briefing.disagreements
    assert (one.code.name, one.hopeful, one.worried) == ("Stages", [Sector.RESEARCH], [Sector.GOVERNMENT])
    assert (one.hope.statement, one.worry.statement) == (hope, worry)


def test_no_disagreement_while_each_o_says_both(briefing, say):
    for sector in ("education", "government"):
        for stance in ("opportunity", "concern"):
            say(f"{sector} {stance}.", sector, stance=stance)
    assert briefing.disagreements == []


def test_decisions_are_about_the_parts_shown(briefing, say):
    carried(say, "1.2.1", "education")
    taken, to_come = make_decision(make_item("1.2.1")), make_decision(make_item("1"), in_days=2)
    make_decision(make_item("2.1.1"))
    assert (briefing.taken, briefing.agenda) == ([taken], [to_come])


def test_loose_are_those_that_nothing_rests_on(briefing, say):
    carried(say, "1.2.1", "education")
    loose = say("De brug.")
    assert briefing.loose == [loose]
    assert [one.statement.words for one in briefing.everything] == ["1.2.1 education 0.", "De brug."]


def test_overview_has_the_figures_of_each_briefing(say, theme, django_assert_num_queries):
    say("De bus is te laat.", "research")
    say("Stil.", "government", visibility=Visibility.TEAM)
    both = make_contact(organisation=make_organisation("", "research", "education"))
    say("De hal.", who=both)
    Code.objects.create(name="Weer", theme=make_theme("financiering"))
    say("De brug.", "entrepreneurs", codes=["Stages", "Weer"])
    both.themes.add(theme)
    make_contact(organisation=make_organisation("", "government")).themes.add(theme)
    with django_assert_num_queries(5):
        found = overview()
    for heard in found:
        briefing = Briefing(heard.theme)
        figures = {one.sector: one.heard for one in briefing.heard}
        assert (heard.statements, heard.sectors) == (len(briefing.statements), figures)
        assert heard.concerned == {one.sector: one.concerned for one in briefing.heard}
    assert [heard.statements for heard in found if heard.statements] == [3, 1]


ALL_FOUR = ("education", "research", "entrepreneurs", "government")


def test_finding_names_what_all_four_carry(briefing, say):
    carried(say, "1.2.1", *ALL_FOUR)
    assert findings(briefing) == ["All four O’s carry “One desk”: 4 organisations."]


def test_finding_names_who_is_missing_of_three(briefing, say):
    carried(say, "1.2.1", *ALL_FOUR[:3])
    assert findings(briefing) == [
        "Three of the four O’s carry “One desk”; government does not yet.",
        "Nobody was heard yet from: government.",
    ]


def test_finding_says_nothing_of_what_two_carry(briefing, say):
    carried(say, "1.2.1", *ALL_FOUR[:2])
    assert findings(briefing) == ["Nobody was heard yet from: entrepreneurs and government."]


def test_finding_names_what_rests_on_one_o_one_organisation_and_nothing(briefing, say):
    carried(say, "1.2.1", *ALL_FOUR)
    carried(say, "1.2.2", "entrepreneurs", "entrepreneurs", title="Homes")
    make_item("1.2.3", "Guests")
    assert findings(briefing)[1:] == [
        "“Homes” rests on one O: entrepreneurs.",
        "“Guests” rests on no statement.",
    ]
    carried(say, "1.2.4", "research", title="Missions")
    make_item("1.2.5", "Hosts")
    assert findings(Briefing(briefing.theme))[1:] == [
        "“Homes” rests on one O: entrepreneurs.",
        "“Guests”, “Hosts” rest on no statement.",
    ]


def test_finding_names_one_organisation(briefing, say):
    carried(say, "1.2.4", "research", title="Missions")
    assert "“Missions” rests on one organisation." in findings(briefing)


def test_finding_names_where_they_differ(briefing, say):
    for sector in ALL_FOUR:
        say(f"{sector}.", sector, stance="concern" if sector == "government" else "opportunity")
    assert findings(briefing) == [
        "On “Stages” they differ. Opportunity: education, research and entrepreneurs; concern: government."
    ]


def test_without_a_finding_there_is_a_plain_count(briefing, say):
    assert (
        findings(briefing)[-1]
        == "Nobody was heard yet from: education, research, entrepreneurs and government."
    )
    for sector in ALL_FOUR:
        say(f"{sector}.", sector)
    assert findings(Briefing(briefing.theme)) == ["4 statements; nothing stands out yet."]
