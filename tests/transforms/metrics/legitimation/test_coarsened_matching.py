"""LP5_cem: allies and all others of their cell, by hand and in a world that fools LP0."""

import math

import numpy as np
import pytest

from tests.transforms.metrics.legitimation.test_nearest_neighbour_matching import (
    confounded_world,
    effect_of,
    group,
    one,
    table_of,
)
from transforms.metrics.legitimation.coarsened_matching import coarsened_effect

OTHERS = group([0.2, 0.4, 0.5, 0.5, 0.9, 0.5], [0.1, 0.2, 0.5, 0.55, 0.9, 0.95])


def coarsened(allies, others):
    return coarsened_effect(allies, others, np.tile(others.outcome, (len(allies.x), 1)))


def test_nine_states_by_hand():
    """Thirds end at 0.4 and 2/3; means of the others .3, .5, .7: gaps .3, .2, .1."""
    found = coarsened(group([0.6, 0.7, 0.8], [0.1, 0.5, 0.9]), OTHERS)
    assert found.estimate == pytest.approx(0.2)
    assert found.std_error == pytest.approx(math.sqrt(0.01 + 0.01) / 3)
    assert (found.n_allies, found.n_matches) == (3, 6)


def test_others_that_serve_twice_add_to_the_error():
    """Two allies share the lowest cell: K = 1, K' = ½, σ² = .02 for both of its others."""
    found = coarsened(group([0.6, 0.4, 0.7, 0.8], [0.1, 0.12, 0.5, 0.9]), OTHERS)
    assert found.estimate == pytest.approx((0.3 + 0.1 + 0.2 + 0.1) / 4)
    gaps = np.array([0.3, 0.1, 0.2, 0.1])
    squares = ((gaps - gaps.mean()) ** 2).sum() + 2 * 0.5 * 0.02
    assert found.std_error == pytest.approx(math.sqrt(squares) / 4)


def test_an_ally_without_its_like_is_left_out():
    allies = group([0.6, 0.7, 0.8], [0.1, 0.5, 0.9], [0, 0, 1])
    found = coarsened(allies, OTHERS)
    assert (found.n_allies, found.n_matches) == (2, 4)
    assert found.estimate == pytest.approx(0.25)
    apart = group([0.6], [0.5], [1])
    assert math.isnan(coarsened(apart, OTHERS).estimate)
    assert coarsened(group([], []), OTHERS).n_allies == 0


def test_a_binary_covariate_is_taken_as_it_is():
    allies, others = group([0.9, 0.5], [1, 0]), group([0.4, 0.2, 0.1], [1, 0, 0])
    assert coarsened(allies, others).estimate == pytest.approx((0.5 + 0.35) / 2)


def test_cells_of_one_state_each_are_nearest_neighbours():
    allies, others = group([0.6, 0.7, 0.8], [0, 2, 4]), group([0.2, 0.4, 0.5], [0.1, 2.1, 4.1])
    assert coarsened(allies, others) == effect_of(allies, others)


def test_part_of_what_fools_the_raw_difference_is_taken_out():
    outcomes, since, covariates = confounded_world()
    table = table_of(outcomes, since, covariates)
    raw, found = one(table, "LP0"), one(table, "LP5_cem")
    assert 0.1 < found["estimate"] < raw["estimate"] - 0.05  # the effect is 0.1
    assert (found["inference"], found["matched_on"]) == ("matching", "polyarchy")
    assert found["n_allies"] == raw["n_allies"]
