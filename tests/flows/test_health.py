"""`/healthz` of processes that lose each other."""

import pytest

from tests.harness.stack import Stack
from tests.test_health import ALL_OK

pytestmark = pytest.mark.processes


def test_stack_is_healthy_until_its_broker_is_gone(stack: Stack) -> None:
    assert stack.health() == (200, ALL_OK)
    stack.stop_broker()
    assert stack.health() == (503, {**ALL_OK, "status": "down", "broker": "down"})
    stack.start_broker()
    stack.wait_until_healthy()
    assert stack.shell("from crm.themes.models import Theme\nresult = Theme.objects.count()") == 6


def test_stack_with_killed_worker_works_again_after_a_new_one(stack: Stack) -> None:
    stack.kill_worker()
    stack.flush_broker()
    stack.shell("from django.core.cache import cache\ncache.clear()")
    assert stack.health()[1]["worker"] == "down"
    stack.start_worker()
    stack.wait_until_healthy()
