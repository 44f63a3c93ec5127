"""What became of statements: out to a spreadsheet, changed there, back and taken back."""

import pytest

from crm.accounts.models import User
from crm.accounts.roles import Role
from crm.base.said import told
from crm.base.writers import FORMATS
from crm.imports import background, services
from crm.imports.models import ImportBatch
from engagement.evidence.models import Evidence
from engagement.evidence.services import link
from engagement.exchange.tables import outcome_table
from engagement.statements.models import Statement
from engagement.strategy.models import StrategyItem
from tests.crm.imports.plans import make_plan
from tests.engagement.statements.imported.lists import actions, undone
from tests.factories import make_statement, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return make_user(Role.CORE_TEAM)


@pytest.fixture
def item() -> StrategyItem:
    return StrategyItem.objects.create(kind="pillar", code="1", title_nl="Profiel")


@pytest.fixture
def evidence(user: User, item: StrategyItem) -> Evidence:
    statement = make_statement("De hal is te klein.")
    (made,) = link(statements=[statement.pk], item=item, outcome="open", reason_nl="Later", by=user).new
    return made


def exported(kind: str = "csv") -> bytes:
    return FORMATS[kind].write(outcome_table())


def planned(content: bytes, by: User, name: str = "uitkomsten.csv") -> ImportBatch:
    return services.store(plan=make_plan(content, name), by=by)


@pytest.mark.same_on_both
@pytest.mark.parametrize("kind", ["xlsx", "ods", "csv", "csv-comma", "json"])
def test_outcomes_come_back_as_the_same(kind, evidence, user):
    batch = planned(exported(kind), user, f"uitkomsten.{FORMATS[kind].suffix}")
    assert (batch.kind, actions(batch)) == ("outcomes", ["same"])


def test_outcome_that_was_changed_elsewhere_comes_back_and_can_be_undone(evidence, user):
    content = exported().replace(b"nog te besluiten", b"deels overgenomen").replace(b"Later", b"Proef")
    batch = planned(content, user)
    assert [row.changes for row in batch.rows.all()] == [
        {"outcome": ["open", "partly"], "reason_nl": ["Later", "Proef"]}
    ]
    background.apply_now(batch=batch)
    evidence.refresh_from_db()
    assert (evidence.outcome, evidence.reason_nl, evidence.history.count()) == ("partly", "Proef", 2)
    undone(batch)
    evidence.refresh_from_db()
    assert (evidence.outcome, evidence.reason_nl) == ("open", "Later")


@pytest.mark.same_on_both
def test_new_links_come_in_and_go_again(evidence, item, user):
    other = make_statement("De bus is laat.")
    content = exported() + f"{other.uuid};;1 Profiel;overgenomen;Ja;Yes\n".encode()
    batch = background.apply_now(batch=planned(content, user))
    assert actions(batch) == ["same", "new"]
    made = Evidence.objects.get(statement=other)
    assert (made.item, made.outcome, made.reason_nl, made.reason_en, made.linked_by) == (
        *(item, "adopted", "Ja", "Yes", user),
    )
    undone(batch)
    assert list(Evidence.objects.all()) == [evidence]


def test_rows_that_name_nothing_here_come_back_with_their_reasons(evidence, user):
    number = str(evidence.statement.uuid)
    rows = [
        f"{number};;9 Weg;overgenomen;;",
        "een nummer;;1;overgenomen;;",
        f"{number};;1;misschien;;",
        f"{number};;1;overgenomen;;",
    ]
    batch = planned(exported() + "\n".join(rows).encode(), user)
    assert actions(batch) == ["same", "refused", "refused", "refused", "repeated"]
    assert [told(row.reason) for row in batch.rows.filter(action="refused").order_by("position")] == [
        "Geen onderdeel van de strategie heeft de code “9”.",
        "Geen uitspraak hier heeft dit Kwartet-nummer.",
        "“misschien” is geen van de uitkomsten.",
    ]


def test_what_was_decided_meanwhile_stays(evidence, user):
    batch = planned(exported().replace(b"Later", b"Proef"), user)
    Evidence.objects.update(reason_nl="Besloten")
    background.apply_now(batch=batch)
    evidence.refresh_from_db()
    assert (evidence.reason_nl, actions(batch)) == ("Besloten", ["refused"])


def test_undoing_leaves_what_was_decided_since(evidence, user):
    batch = background.apply_now(batch=planned(exported().replace(b"Later", b"Proef"), user))
    Evidence.objects.update(reason_nl="Besloten")
    undone(batch)
    evidence.refresh_from_db()
    assert evidence.reason_nl == "Besloten"
    assert told(batch.rows.get().kept) == "Bewaard, omdat sindsdien is gewijzigd wat ervan werd."


def test_what_may_not_leave_the_core_team_is_not_in_it(evidence):
    Statement.objects.update(visibility="team")
    assert b"De hal" not in exported()
