"""Linking statements to parts of the strategy, changing that and taking it back."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from crm.accounts.roles import Role
from engagement.evidence import services
from engagement.evidence.models import Evidence
from engagement.statements.models import Response, Statement
from tests.factories import make_evidence, make_item, make_statement, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return make_user(Role.CORE_TEAM)


def link(*statements: Statement, by, item=None, **how):
    values = {"outcome": "partly", "reason_nl": "Niet alles kan.", "reason_en": "Not all can.", **how}
    keys = [one.pk for one in statements]
    return services.link(statements=keys, item=item or make_item(), by=by, **values)


def withdraw(statement) -> None:
    said = {"kind": "withdrawn", "shown": statement.words, "words": statement.words, "visibility": "named"}
    answer = Response.objects.create(statement=statement, speaker=statement.speaker, **said)
    Statement.objects.filter(pk=statement.pk).update(latest_response=answer)


def test_link_keeps_outcome_reasons_and_who_said_so(user):
    one, two = make_statement(), make_statement("De bus is te laat.")
    linked = link(one, two, by=user)
    rows = Evidence.objects.values_list(
        "statement", "item__code", "outcome", "reason_nl", "reason_en", "linked_by"
    )
    assert set(rows) == {
        (one.pk, "1.1.1", "partly", "Niet alles kan.", "Not all can.", user.pk),
        (two.pk, "1.1.1", "partly", "Niet alles kan.", "Not all can.", user.pk),
    }
    assert [one.statement_id for one in linked.new] == [one.pk, two.pk]
    assert list(Evidence.history.values_list("history_type", "history_user")) == [("+", user.pk)] * 2


def test_link_leaves_a_pair_that_exists_as_it_is(user):
    one, two = make_statement(), make_statement("De bus is te laat.")
    there = make_evidence(one, make_item(), "adopted")
    linked = link(one, two, by=user)
    assert ([row.statement_id for row in linked.new], list(linked.there)) == ([two.pk], [there])
    assert Evidence.objects.get(statement=one).outcome == "adopted"


def test_link_leaves_out_what_was_withdrawn_or_is_gone(user):
    one, two = make_statement(), make_statement("De bus is te laat.")
    withdraw(one)
    gone = Statement(pk=two.pk + 1000)
    assert [row.statement_id for row in link(one, two, gone, by=user).new] == [two.pk]


def test_link_to_a_part_that_is_gone_says_so(user):
    item = make_item()
    item.delete()
    item.pk = 999
    with pytest.raises(ValidationError, match="intussen verwijderd"):
        link(make_statement(), by=user, item=item)


@pytest.mark.postgres  # a test's SQLite lives in memory, where threads cannot wait for each other
@pytest.mark.django_db(transaction=True)
def test_link_by_two_people_at_one_moment_makes_one_row():
    people = [make_user(Role.CORE_TEAM) for _ in range(4)]
    statement, item = make_statement(), make_item()

    def by_one_of_them(by) -> tuple[int, int]:
        try:
            linked = link(statement, by=by, item=item)
            return len(linked.new), len(linked.there)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        found = sorted(pool.map(by_one_of_them, people))
    assert found == [(0, 1), (0, 1), (0, 1), (1, 0)]
    assert Evidence.objects.count() == 1


def test_change_of_a_link_that_was_taken_away_says_so():
    evidence = make_evidence(make_statement(), make_item())
    Evidence.objects.get(pk=evidence.pk).delete()
    with pytest.raises(ValidationError, match="intussen weggehaald"):
        services.change(evidence=evidence)


def test_unlink_keeps_the_history():
    evidence = make_evidence(make_statement(), make_item())
    key = evidence.pk
    services.unlink(evidence=evidence)
    assert not Evidence.objects.exists()
    assert list(Evidence.history.filter(id=key).values_list("history_type", flat=True)) == ["-", "+"]


def test_undo_takes_back_only_what_one_linked_oneself_and_nobody_changed(user):
    item = make_item()
    linked = link(make_statement(), make_statement("De bus is te laat."), by=user, item=item)
    other = make_evidence(make_statement("Er is geen bus."), item)
    changed = Evidence.objects.get(pk=linked.new[0].pk)
    changed.outcome = "adopted"
    services.change(evidence=changed)
    keys = [one.pk for one in [*linked.new, other]]
    assert services.undo(keys=keys, by=user) == (1, 1)
    assert set(Evidence.objects.all()) == {changed, other}
