"""The tree keeps its shape: codes follow places, parts move with what is under them, nothing hangs loose."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from crm.bodies.models import Body
from engagement.decisions.models import Decision
from engagement.strategy import services
from engagement.strategy.models import StrategyItem
from engagement.strategy.tree import in_order, path_of
from tests.factories import make_evidence, make_item, make_statement, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.same_on_both]


def add(title: str, parent: StrategyItem | None = None) -> StrategyItem:
    kinds = {above: kind for kind, above in StrategyItem.UNDER.items()}
    kind = kinds[StrategyItem.Kind(parent.kind) if parent else None]
    return services.save_item(item=StrategyItem(kind=kind, parent=parent, title_nl=title))


def codes() -> dict[str, str]:
    return {item.title_nl: item.code for item in in_order()}


def test_codes_follow_the_places_and_ten_comes_after_nine():
    pillar = add("Pijler")
    goals = [add(f"Doel {number}", pillar) for number in range(1, 11)]
    assert [item.code for item in in_order()] == ["1", *(f"1.{number}" for number in range(1, 11))]
    services.delete_item(item=goals[1])
    assert codes()["Doel 10"] == "1.9"


def test_part_moves_up_and_down_with_what_is_under_it_and_stays_at_the_end():
    pillar = add("Pijler")
    first, second = add("Een", pillar), add("Twee", pillar)
    add("Maatregel", second)
    services.move_item(item=second, way="up")
    assert codes() == {"Pijler": "1", "Twee": "1.1", "Maatregel": "1.1.1", "Een": "1.2"}
    services.move_item(item=second, way="up")
    services.move_item(item=first, way="down")
    assert codes()["Een"] == "1.2"
    services.move_item(item=second, way="down")
    assert codes() == {"Pijler": "1", "Een": "1.1", "Twee": "1.2", "Maatregel": "1.2.1"}


def test_part_goes_under_another_one_and_comes_last_there():
    one, two = add("Een"), add("Twee")
    goal, _stays = add("Doel", one), add("Blijft", one)
    add("Maatregel", goal)
    add("Was er", two)
    moved = services.move_under(item=goal, parent=two)
    assert codes() == {
        "Een": "1",
        "Blijft": "1.1",
        "Twee": "2",
        "Was er": "2.1",
        "Doel": "2.2",
        "Maatregel": "2.2.1",
    }
    assert (moved.code, moved.version) == ("2.2", 2)
    assert path_of(StrategyItem.objects.get(title_nl="Maatregel")) == [two, goal]


@pytest.mark.parametrize(
    ("item", "parent"),
    [("1", "1"), ("1", "1.1"), ("1.1", "1.1"), ("1.1", "1.1.1"), ("1.1.1", "1"), ("1.1.1", "1.1.1")],
)
def test_nothing_becomes_part_of_itself_or_of_what_is_of_another_level(item, parent):
    make_item("1.1.1")
    moved, above = (StrategyItem.objects.get(code=code) for code in (item, parent))
    with pytest.raises(ValidationError) as refused:
        services.move_under(item=moved, parent=above)
    assert list(refused.value.message_dict) == ["parent"]
    assert [one.code for one in in_order()] == ["1", "1.1", "1.1.1"]


def test_part_on_which_something_hangs_stays_and_says_what():
    item = make_item("1.1")
    make_item("1.1.1")
    make_evidence(make_statement(), item)
    decision = Decision.objects.create(
        decided_on=date(2026, 11, 1),
        body=Body.objects.create(name_nl="Stuurgroep"),
        text_nl="Ja.",
        recorded_by=make_user(),
    )
    decision.items.add(item)
    with pytest.raises(ValidationError) as refused, translation.override("en"):
        services.delete_item(item=item)
    said = refused.value.messages[0]
    assert all(one in said for one in ("parts under it (1)", "evidence (1)", "decisions (1)"))
    assert decision.items.get() == item


def test_part_is_deleted_with_its_history():
    item = add("Pijler")
    services.delete_item(item=item)
    assert not StrategyItem.objects.exists()
    assert not StrategyItem.history.exists()
