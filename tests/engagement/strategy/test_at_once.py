"""Two people who change the tree at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from engagement.strategy.models import StrategyItem
from engagement.strategy.services import delete_item, move_item, save_item
from engagement.strategy.tree import in_order
from tests.factories import make_item


@pytest.mark.postgres  # a test's SQLite lives in memory, where threads cannot wait for each other
@pytest.mark.django_db(transaction=True)
def test_changes_at_the_same_moment_come_one_after_the_other():
    pillar = make_item("1")
    moved = [make_item(f"1.{number}") for number in range(1, 5)]

    def change(number: int) -> None:
        try:
            goal = StrategyItem(kind="goal", parent=pillar, title_nl=f"Nieuw {number}")
            save_item(item=goal)
            move_item(item=moved[number], way="up")
            delete_item(item=goal)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(change, range(4)))
    assert [item.code for item in in_order()] == ["1", "1.1", "1.2", "1.3", "1.4"]
    assert {item.pk for item in in_order()} == {pillar.pk, *(one.pk for one in moved)}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_very_first_pillars_of_two_people_both_come_in():
    both = Barrier(2)

    def make(title: str) -> None:
        try:
            connection.ensure_connection()
            both.wait(5)
            save_item(item=StrategyItem(kind="pillar", title_nl=title))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(make, ["Campus", "Stad"]))
    assert [item.code for item in in_order()] == ["1", "2"]
