"""A short bad day (a long one: `make chaos`): nobody is missed, mailed twice or mailed unasked."""

import pytest

from tests.harness.chaos import Plan, run
from tests.harness.postgres import has_postgres
from tests.harness.stack import KINDS

pytestmark = [pytest.mark.processes, pytest.mark.kill]

PLAN = Plan(seed=2026, invitees=300, kills=4)


@pytest.mark.parametrize("kind", KINDS)
def test_bad_day_breaks_no_rule(kind: str) -> None:
    if kind == "production" and not has_postgres():
        pytest.skip("the programs of PostgreSQL are not installed (bin/services install)")
    sums = run(kind, PLAN)
    assert sums.broken == [], "\n".join(sums.details)
    assert (sums.invitees, sums.kills) == (PLAN.invitees, PLAN.kills)
    assert sums.cut_lines > 0
    assert sums.restarts == ("fast, immediate" if kind == "production" else "none")
