"""Worked values, identities and invariances of the inequality measures."""

import doctest
import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from transforms.metrics.asymmetry import inequality
from transforms.metrics.asymmetry.inequality import MEASURES, asymmetry_measures, group_measures

WORKED: dict[tuple[float, ...], dict[str, float]] = {
    (6, 3, 1): {
        "leader_share": 0.6,
        "ratio_first_second": 2,
        "dominance": 0.333333,
        "ratio_leader_median": 3,
        "majority_margin": 0.2,
        "hhi": 0.46,
        "hhi_normalized": 0.19,
        "concentration": 0.435890,
        "gini": 0.333333,
        "gini_normalized": 0.5,
        "theil": 0.200667,
        "theil_normalized": 0.182655,
    },
    (3, 1): {
        "leader_share": 0.75,
        "ratio_first_second": 3,
        "hhi": 0.625,
        "hhi_normalized": 0.25,
        "concentration": 0.5,
        "gini_normalized": 0.5,
        "theil_normalized": 0.188722,
    },
    (0.9, 0.05, 0.03, 0.02): {
        "hhi_normalized": 0.751733,
        "concentration": 0.867026,
        "gini_normalized": 0.886667,
        "theil_normalized": 0.691228,
    },
    (1, 1): {
        "dominance": 0,
        "majority_margin": 0,
        "hhi_normalized": 0,
        "concentration": 0,
        "gini": 0,
        "gini_normalized": 0,
        "theil": 0,
        "theil_normalized": 0,
    },
    (5, 0): {
        "ratio_first_second": math.nan,
        "hhi_normalized": 1,
        "gini_normalized": 1,
        "theil_normalized": 1,
    },
}

# A busy machine is no reason to fail: the first call of NumPy can take long.

positive = st.floats(min_value=1e-3, max_value=1e9)
capabilities = st.lists(st.just(0.0) | positive, min_size=2, max_size=12).filter(any)


@pytest.mark.parametrize(
    ("values", "measure", "expected"),
    [(v, m, x) for v, measures in WORKED.items() for m, x in measures.items()],
)
def test_worked_values(values, measure, expected):
    assert asymmetry_measures(values)[measure] == pytest.approx(expected, abs=5e-7, nan_ok=True)


@given(positive, positive)
def test_of_two_members_five_measures_are_one(x, y):
    m = asymmetry_measures([x, y])
    margin = abs(2 * x / (x + y) - 1)
    for name in ("concentration", "gini_normalized", "dominance", "majority_margin"):
        assert m[name] == pytest.approx(margin, abs=1e-9)
    assert m["hhi_normalized"] == pytest.approx(margin**2, abs=1e-9)
    assert m["ratio_leader_median"] == m["ratio_first_second"]


@given(capabilities)
def test_bounds(values):
    n, m = len(values), asymmetry_measures(values)
    assert 1 / n - 1e-12 <= m["leader_share"] <= 1
    assert 1 / n - 1e-12 <= m["hhi"] <= 1
    assert -1 < m["majority_margin"] <= 1
    assert 0 <= m["gini"] <= (n - 1) / n
    assert 0 <= m["theil"] <= math.log(n)
    for name in ("dominance", "hhi_normalized", "concentration", "gini_normalized"):
        assert 0 <= m[name] <= 1
    assert 0 <= m["theil_normalized"] <= 1
    for name in ("ratio_first_second", "ratio_leader_median"):
        assert math.isnan(m[name]) or m[name] >= 1
    assert math.isnan(m["ratio_first_second"]) == (sorted(values)[-2] == 0)


@given(capabilities, st.randoms(use_true_random=False))
def test_the_order_of_members_does_not_matter(values, random):
    shuffled = random.sample(values, len(values))
    before, after = asymmetry_measures(values), asymmetry_measures(shuffled)
    assert after == pytest.approx(before, rel=1e-9, abs=1e-12, nan_ok=True)


@given(capabilities, st.floats(min_value=1e-3, max_value=1e6))
def test_the_unit_does_not_matter(values, factor):
    before, after = asymmetry_measures(values), asymmetry_measures([v * factor for v in values])
    assert after == pytest.approx(before, rel=1e-9, abs=1e-9, nan_ok=True)


@given(positive, st.integers(min_value=2, max_value=12))
def test_equals_have_no_asymmetry(x, n):
    m = asymmetry_measures([x] * n)
    for name in ("dominance", "concentration", "gini", "theil"):
        assert m[name] == pytest.approx(0, abs=1e-9)
    assert m["leader_share"] == pytest.approx(1 / n)


@given(positive, st.integers(min_value=2, max_value=12))
def test_one_who_has_everything_reaches_the_top(x, n):
    m = asymmetry_measures([x] + [0.0] * (n - 1))
    for name in ("dominance", "concentration", "gini_normalized", "theil_normalized"):
        assert m[name] == pytest.approx(1, abs=1e-9)


@given(st.lists(capabilities, min_size=1, max_size=6))
def test_groups_in_one_matrix_are_measured_one_by_one(groups):
    matrix = np.full((len(groups), max(map(len, groups))), np.nan)
    for row, values in enumerate(groups):
        matrix[row, : len(values)] = values
    concat = group_measures(matrix)
    for row, values in enumerate(groups):
        alone = asymmetry_measures(values)
        got = {name: float(concat[name][row]) for name in MEASURES}
        assert got == pytest.approx(alone, rel=1e-9, abs=1e-12, nan_ok=True)


@given(st.lists(positive, min_size=2, max_size=12))
def test_a_gift_from_poor_to_rich_never_lowers_inequality(values):
    richer = sorted(values)
    assume(richer[0] < richer[-1])
    richer[-1] += richer[0] / 2
    richer[0] /= 2
    before, after = asymmetry_measures(values), asymmetry_measures(richer)
    for name in ("leader_share", "hhi", "concentration", "gini", "theil"):
        assert after[name] >= before[name] - 1e-9


@pytest.mark.parametrize("values", [[1.0], [], [0, 0], [1, -1], [1, math.nan], [[1, 2]]])
def test_what_cannot_be_measured_is_refused(values):
    with pytest.raises(ValueError, match="at least two values"):
        asymmetry_measures(values)


def test_the_examples_of_the_docstrings_hold():
    tried = doctest.testmod(inequality)
    assert (tried.failed, tried.attempted) == (0, 4)
