"""What coverage and thread show equals a naive recount, whatever was linked, answered and moved before."""

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from crm.base.sectors import Sector
from engagement.evidence.coverage import Flag, coverage
from engagement.evidence.models import Evidence
from engagement.statements.models import Response, Speaker, Statement, Visibility, Writeup
from engagement.strategy.models import StrategyItem
from engagement.strategy.services import move_under
from engagement.strategy.tree import in_order
from engagement.thread.item import thread_of
from engagement.thread.overview import overview
from tests.factories import make_contact, make_evidence, make_item, make_organisation, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.same_on_both]

CODES = ("1.1.1", "1.1.2", "1.2.1", "2.1.1")
STATEMENTS = 9


def make_world() -> list[Statement]:
    """Nine statements: of organisations with one O and with two, of people without any, and of nobody."""
    for code in CODES:
        make_item(code, aspect="hardware" if code == "1.1.2" else "")
    both = make_organisation("Both", "education", "research")
    one, two = make_organisation("One", "entrepreneurs"), make_organisation("Two", "entrepreneurs")
    person, by = make_contact(), make_user()
    speakers: list[dict[str, Any]] = [
        {"organisation": both},
        {"organisation": both, "sector": "research"},
        {"organisation": one},
        {"organisation": two, "sector": "government"},
        {"contact": person},
        {"contact": person, "sector": "education"},
        {"label": "Tafel 1"},
        {"label": "Tafel 2", "sector": "government"},
    ]
    statements = []
    for number, speaker in enumerate(speakers):
        writeup = Writeup.objects.create()
        made = Speaker.objects.create(
            writeup=writeup, **{"label": "" if "contact" in speaker else "x", **speaker}
        )
        words = {"passage": f"Zin {number}."} if number % 2 else {"wording": f"Zin {number}."}
        statements.append(Statement.objects.create(writeup=writeup, speaker=made, created_by=by, **words))
    return [*statements, Statement.objects.create(wording="Van niemand.", created_by=by)]


numbers, places = st.integers(0, STATEMENTS - 1), st.integers(0, 8)
outcomes = st.sampled_from(Evidence.Outcome.values)
seen = st.sampled_from(Visibility.values)
EDITS = st.one_of(
    st.tuples(st.just("link"), numbers, places, outcomes),
    st.tuples(st.just("link"), numbers, places, outcomes),
    st.tuples(st.just("unlink"), numbers, places),
    st.tuples(st.just("answer"), numbers, st.sampled_from(["approved", "corrected", "withdrawn"]), seen),
    st.tuples(st.just("reword"), numbers),
    st.tuples(st.just("keep"), numbers, seen),
    st.tuples(st.just("move"), places, places),
)


class Editor:
    """Does what a team and speakers do, one after the other."""

    def __init__(self, statements: list[Statement]) -> None:
        self.statements = statements
        self.by = make_user()
        self.fresh = count()

    def do(self, what: str, *how: Any) -> None:
        act: Callable[..., None] = getattr(self, what)
        act(*how)

    def link(self, number: int, place: int, outcome: str) -> None:
        Evidence.objects.update_or_create(
            statement=self.statements[number],
            item=in_order()[place],
            defaults={"outcome": outcome},
            create_defaults={"outcome": outcome, "linked_by": self.by},
        )

    def unlink(self, number: int, place: int) -> None:
        Evidence.objects.filter(statement=self.statements[number], item=in_order()[place]).delete()

    def answer(self, number: int, kind: str, visibility: str) -> None:
        statement = Statement.objects.get(pk=self.statements[number].pk)
        if statement.speaker is None:
            return
        words = f"Liever {next(self.fresh)}." if kind == "corrected" else statement.words
        statement.latest_response = Response.objects.create(
            statement=statement,
            speaker=statement.speaker,
            kind=kind,
            shown=statement.words,
            words=words,
            visibility=visibility,
        )
        statement.save()

    def reword(self, number: int) -> None:
        wording = f"Anders {next(self.fresh)}."
        Statement.objects.filter(pk=self.statements[number].pk).update(wording=wording)

    def keep(self, number: int, visibility: str) -> None:
        Statement.objects.filter(pk=self.statements[number].pk).update(visibility=visibility)

    def move(self, place: int, under: int) -> None:
        item, parent = in_order()[place], in_order()[under]
        if parent.kind == StrategyItem.UNDER[StrategyItem.Kind(item.kind)]:
            move_under(item=item, parent=parent)


def recount(item: StrategyItem) -> dict[str, Any]:
    """As one would on paper: through every link there is, one after the other."""
    carrying: set[int] = set()
    rejected: set[int] = set()
    who: dict[Any, set[str]] = {}
    approved, said = False, []
    for one in Evidence.objects.order_by("pk"):
        above: StrategyItem | None = one.item
        while above is not None and above.pk != item.pk:
            above = above.parent
        statement = one.statement
        answer = statement.latest_response
        closed = answer is not None and (answer.kind == "withdrawn" or answer.visibility == "team")
        if above is None or closed or statement.visibility == "team":
            continue
        speaker = statement.speaker
        names = [speaker.organisation, speaker.contact, speaker] if speaker else [statement]
        organisation = next(name for name in names if name)
        sectors = {speaker.sector} - {""} if speaker else set()
        if speaker and not sectors and speaker.organisation:
            sectors = {row.sector for row in speaker.organisation.sectors.all()}
        said += [(str(sector), one.pk) for sector in sectors or {""}]
        if one.outcome == "not adopted":
            rejected.add(statement.pk)
            continue
        carrying.add(statement.pk)
        who[organisation] = who.get(organisation, set()) | sectors
        approved |= answer is not None and answer.words == (statement.wording or statement.passage)
    counts = {sector: sum(sector in one for one in who.values()) for sector in Sector}
    flags = [
        (Flag.NO_EVIDENCE, not carrying),
        (Flag.ONE_ORGANISATION, len(who) == 1),
        (Flag.ONE_SECTOR, bool(carrying) and sum(map(bool, counts.values())) <= 1),
        (Flag.NONE_APPROVED, bool(carrying) and not approved),
        (Flag.HARDWARE_ONLY, item.aspect == "hardware"),
    ]
    return {
        "statements": len(carrying),
        "rejected": len(rejected - carrying),
        "organisations": len(who),
        "sectors": counts,
        "flags": tuple(flag for flag, holds in flags if holds),
        "said": sorted(said),
    }


@pytest.fixture
def editor() -> Editor:
    return Editor(make_world())


@settings(
    max_examples=10,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],  # making a failing case smaller takes minutes on a database
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(edits=st.lists(EDITS, min_size=6, max_size=18), place=places)
def test_what_is_shown_equals_a_naive_recount(
    editor: Editor, edits: list[tuple[Any, ...]], place: int
) -> None:
    with transaction.atomic():
        for edit in edits:
            editor.do(*edit)
        items = in_order()
        covered = coverage(items)
        wanted = {item.pk: recount(item) for item in items}
        for item in items:
            assert {**vars(covered[item.pk]), "said": wanted[item.pk]["said"]} == wanted[item.pk]
        for item in {items[0], items[place]}:
            knots = thread_of(item).knots
            shown = [(str(knot.sector or ""), one.evidence.pk) for knot in knots for one in knot.sentences]
            assert sorted(shown) == wanted[item.pk]["said"]
        unused = sum(map(is_unused, Statement.objects.all()))
        assert (overview().measures, overview().unused) == (len(CODES), unused)
        transaction.set_rollback(True)


def is_unused(statement: Statement) -> bool:
    answer = statement.latest_response
    closed = answer is not None and (answer.kind == "withdrawn" or answer.visibility == "team")
    return not (closed or statement.visibility == "team" or statement.evidence.exists())


def test_pages_take_as_many_queries_for_much_as_for_little(
    django_assert_num_queries, django_assert_max_num_queries
):
    statements = make_world()
    items = [StrategyItem.objects.get(code=code) for code in CODES]
    make_evidence(statements[0], items[0])
    with django_assert_max_num_queries(20) as few:
        overview()
    with django_assert_max_num_queries(20) as one:
        thread_of(items[0])
    for statement in statements[1:]:
        for item in items:
            make_evidence(statement, item)
    with django_assert_num_queries(len(few.captured_queries)):
        overview()
    with django_assert_num_queries(len(one.captured_queries)):
        thread_of(items[0])
