"""How far two coders agree, beside a package that is known for it."""

from random import Random

import krippendorff
import pytest

from engagement.intercoder.agreement import alpha, statements_needed


@pytest.mark.parametrize("seed", range(60))
def test_alpha_equals_that_of_the_package(seed: int):
    chance = Random(seed)
    share, noise = chance.random(), chance.random()
    one = [chance.random() < share for _ in range(chance.randrange(2, 200))]
    other = [value != (chance.random() < noise) for value in one]
    ours = alpha(list(zip(one, other, strict=True)))
    if len({*one, *other}) < 2:
        assert ours is None
        return
    data = [[int(value) for value in side] for side in (one, other)]
    theirs = krippendorff.alpha(reliability_data=data, level_of_measurement="nominal")
    assert ours == pytest.approx(theirs, abs=1e-12)


def test_alpha_of_full_agreement_is_one_and_of_values_that_never_vary_undefined():
    assert alpha([(True, True), (False, False)]) == 1
    assert alpha([(False, False)] * 9) is None
    assert alpha([]) is None


def test_a_rare_code_takes_more_statements():
    assert statements_needed(0.5) < statements_needed(0.1) < statements_needed(0.01)
    assert statements_needed(0.5) == 30
