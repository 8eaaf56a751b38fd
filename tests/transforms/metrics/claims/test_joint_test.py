"""The joint test of a specification curve: worked values, its size, and what must not matter."""

from itertools import product
from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.metrics.claims.joint_test import joint_test, score_t

CLUSTERS = [f"state {k}" for k in range(8)]
ONE = dict(zip(CLUSTERS, [1.0, 2.0, 0.5, 1.5, 3.0, 1.0, 2.5, 0.5], strict=True))


def exact_p(scores: dict[str, float]) -> float:
    """Share of all 2⁸ signs whose sum is at least the observed one."""
    values = np.array(list(scores.values()))
    sums = np.array(list(product((-1, 1), repeat=len(values)))) @ values
    return float((sums >= values.sum() - 1e-9).mean())


def test_one_cell_is_the_sign_test_of_its_clusters():
    found = joint_test([ONE])
    assert found.statistic == pytest.approx(12 / sqrt(24.0))
    assert found.statistic == pytest.approx(score_t(ONE))
    assert found.p_value == pytest.approx(exact_p(ONE), abs=0.004)
    assert (found.n_cells, found.n_clusters) == (1, 8)


def test_the_statistic_is_the_median_and_clusters_are_the_same_in_every_cell():
    opposite = {name: -score for name, score in ONE.items()}
    found = joint_test([ONE, ONE, opposite])
    assert found.statistic == pytest.approx(score_t(ONE))
    # two cells that repeat the first decide the median in every draw, as they do the statistic
    assert found.p_value == pytest.approx(exact_p(ONE), abs=0.004)
    assert joint_test([ONE, opposite]).statistic == pytest.approx(0.0, abs=1e-9)


def test_a_wrong_sign_is_no_evidence():
    assert (joint_test([{name: -score for name, score in ONE.items()}]).p_value or 0) > 0.95


def test_nothing_to_test_has_no_p():
    assert joint_test([]).p_value is None
    assert joint_test([dict.fromkeys(CLUSTERS, 0.0)]).p_value is None


@given(st.permutations(CLUSTERS), st.permutations(range(3)))
def test_order_changes_nothing(names: list[str], places: list[int]):
    cells = [ONE, {**ONE, "state 0": -4.0}, {"state 1": 1.0, "state 9": 0.3}]
    shuffled = [{n: cells[k][n] for n in [*names, "state 9"] if n in cells[k]} for k in places]
    assert joint_test(shuffled) == joint_test(cells)


def test_a_scale_of_a_cell_changes_nothing():
    scaled = [{name: 1e6 * score for name, score in ONE.items()}]
    assert joint_test(scaled) == joint_test([ONE])


def test_it_rejects_as_often_as_it_says_without_an_effect():
    rng = np.random.default_rng(20190634)
    p_values = []
    for _ in range(300):
        common = rng.normal(size=30)
        cells = [
            {f"c{k}": float(v) for k, v in enumerate(common + 0.5 * rng.normal(size=30))}
            for _ in range(5)
        ]
        p_values.append(joint_test(cells, n_draws=199).p_value or 0)
    assert np.mean(np.array(p_values) < 0.05) == pytest.approx(0.05, abs=0.035)
