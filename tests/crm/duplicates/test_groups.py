import pytest

from crm.duplicates.groups import components, reconcile


def test_components_chain_is_one_group():
    assert components(5, [(3, 4), (1, 3)]) == [0, 1, 2, 1, 1]


@pytest.mark.parametrize(("own", "linked"), [(0.0, True), (-3.0, True), (-40.0, False)])
def test_reconcile_two_sure_sides_make_the_third_unless_it_contradicts(own: float, linked: bool):
    found = reconcile({(0, 1): 12.0, (1, 2): 12.0}, lambda a, b: own, before=-10.0)
    assert (found[(0, 2)] > 0) == linked


def test_reconcile_weak_sides_prove_nothing():
    found = reconcile({(0, 1): 1.0, (1, 2): 1.0}, lambda a, b: -5.0, before=-10.0)
    assert found[(0, 2)] < 0
