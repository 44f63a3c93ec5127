"""Three thousand contributions to a public consultation come in, are known again, and go."""

import time
from pathlib import Path

import pytest
from django.db.models import Count

from crm.imports import background, services
from crm.imports.planning.plans import Plan, plan_file
from crm.texts.models import TextDocument
from engagement.codes.models import Code
from engagement.statements.models import Statement, StatementCode
from engagement.statements.said import NEW_CODES, NO_TEXT
from tests.factories import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.same_on_both]


def plan_of(corpora: Path) -> Plan:
    path = corpora / "open-consultation" / "cycling-dialogues.csv"
    if not path.exists():
        pytest.skip("the consultation is not among the outside material")
    return plan_file(path, path.name)


def test_consultation_comes_in_with_its_codes_and_goes_again(corpora: Path) -> None:
    began = time.process_time()
    plan = plan_of(corpora)
    assert plan.kind == "statements"
    assert plan.counts() | {"read": 3139, "new": 3108, "refused": 31} == plan.counts()
    refused = [list(row.reason) for row in plan.rows if row.action == "refused"]
    assert refused == [[NO_TEXT()]] * 31
    assert len(dict(plan.remarks)[NEW_CODES.code]["names"]) == 38

    batch = background.apply_now(batch=services.store(plan=plan, by=make_user()))
    statements = Statement.objects.filter(import_row__batch=batch)
    assert (statements.count(), Code.objects.count()) == (3108, 38)
    main = statements.filter(codes__name__startswith="level1 ").annotate(themes=Count("codes"))
    # Two of the 326 with several main themes have no text.
    assert main.filter(themes__gt=1).count() == 324
    one = statements.get(external_id="B1441")
    assert [str(code) for code in one.coded.all()] == [
        "level2 obstruction due to stationary objects",
        "level1 obstacles",
    ]
    assert TextDocument.objects.of(Statement).count() == 3108

    again = plan_of(corpora)
    assert again.counts() | {"new": 0, "same": 3108, "refused": 31} == again.counts()

    services.undo(batch=batch)
    background.work_through(batch)
    assert not batch.rows.exclude(kept=[]).exists()
    for model in (Statement, StatementCode, Code, TextDocument):
        assert not model.objects.exists()
    assert time.process_time() - began < 60
