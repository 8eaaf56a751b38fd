"""The closed form for two groups gives what the general logit gives."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from transforms.inference.firth import fit_firth
from transforms.inference.firth_two_groups import firth_log_odds_ratio
from transforms.inference.fisher_exact import TwoByTwo

CELLS = st.tuples(*[st.integers(0, 50)] * 4).filter(lambda c: c[0] + c[1] > 0 and c[2] + c[3] > 0)


def test_check_values():
    found = firth_log_odds_ratio(TwoByTwo(28, 35, 20, 107))
    assert (found.estimate, found.std_error) == pytest.approx((1.437, 0.350), abs=5e-4)
    separated = firth_log_odds_ratio(TwoByTwo(4, 0, 1, 3))
    assert (separated.estimate, separated.std_error) == pytest.approx(
        (3.044522, 1.992048), abs=1e-6
    )


@settings(max_examples=60)
@given(CELLS)
def test_same_as_the_general_logit(cells):
    yes1, no1, yes0, no0 = cells
    n = np.array([yes0 + no0, yes1 + no1], dtype=float)
    general = fit_firth(
        np.array([[1.0, 0.0], [1.0, 1.0]]), np.array([yes0, yes1]) / n, weights=n, test=[1]
    )
    found = firth_log_odds_ratio(TwoByTwo(*cells))
    assert found.estimate == pytest.approx(general.coefficients[1], abs=1e-8)
    assert found.std_error == pytest.approx(general.std_errors[1], rel=1e-7)
    assert found.ci_low == pytest.approx(general.ci_low[1], abs=1e-6)
    assert found.ci_high == pytest.approx(general.ci_high[1], abs=1e-6)
    # near 1, p falls with the root of the likelihood ratio: 1e-13 of it is 3e-7 of p
    assert found.p_value == pytest.approx(general.p_values[1], abs=1e-6)


@settings(max_examples=25)
@given(CELLS, st.integers(0, 10), st.integers(0, 10))
def test_a_third_group_changes_nothing(cells, yes2, no2):
    assume(yes2 + no2 > 0)
    yes1, no1, yes0, no0 = cells
    n = np.array([yes0 + no0, yes1 + no1, yes2 + no2], dtype=float)
    design = np.array([[1.0, 0, 0], [1, 1, 0], [1, 0, 1]])
    general = fit_firth(design, np.array([yes0, yes1, yes2]) / n, weights=n, test=[1])
    found = firth_log_odds_ratio(TwoByTwo(*cells))
    assert found.estimate == pytest.approx(general.coefficients[1], abs=1e-8)
    assert (found.ci_low, found.ci_high) == pytest.approx(
        (general.ci_low[1], general.ci_high[1]), abs=1e-6
    )


def test_exchanging_the_groups_changes_the_sign():
    there, back = (firth_log_odds_ratio(TwoByTwo(*c)) for c in ((7, 2, 3, 9), (3, 9, 7, 2)))
    assert there.estimate == pytest.approx(-back.estimate)
    assert (there.ci_low, there.ci_high) == pytest.approx((-back.ci_high, -back.ci_low))


def test_an_empty_group_is_refused():
    with pytest.raises(ValueError, match="nobody"):
        firth_log_odds_ratio(TwoByTwo(0, 0, 1, 1))
