"""Firth's logit: check values, the identity of the added half, separation, agreement with ML."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2

from transforms.inference.firth import coefficients, fit_firth
from transforms.inference.penalized_likelihood import Units, evaluate, maximize


def binary(x):
    return np.column_stack([np.ones(len(x)), np.asarray(x, dtype=float)])


def random_data(n, seed):
    rng = np.random.default_rng(seed)
    design = np.column_stack([np.ones(n), rng.random(n) < 0.4, rng.normal(size=(n, 2))])
    chance = 1 / (1 + np.exp(-design @ np.array([-1, 0.8, 0.5, -0.3])))
    return design, (rng.random(n) < chance).astype(float)


def test_check_values_of_a_separated_table():
    fit = fit_firth(binary([0, 0, 0, 0, 1, 1, 1, 1]), np.array([0, 0, 0, 1, 1, 1, 1, 1.0]))
    assert fit.coefficients == pytest.approx([-0.847298, 3.044522], abs=1e-6)
    assert fit.std_errors == pytest.approx([1.091089, 1.992048], abs=1e-6)
    assert fit.penalized_log_likelihood == pytest.approx(-3.293442, abs=1e-6)
    assert fit.coefficients[1] == pytest.approx(np.log((4.5 * 3.5) / (0.5 * 1.5)), abs=1e-9)


@settings(max_examples=60)
@given(st.tuples(*[st.integers(0, 60)] * 4))
def test_one_binary_covariate_is_half_a_unit_added_to_each_cell(cells):
    yes1, no1, yes0, no0 = cells
    if not (yes1 + no1 and yes0 + no0):
        return
    n = np.array([yes0 + no0, yes1 + no1], dtype=float)
    shares = np.array([yes0, yes1]) / n
    fit = fit_firth(binary([0, 1]), shares, weights=n, test=())
    half = [(yes0 + 0.5) / (no0 + 0.5), (yes1 + 0.5) / (no1 + 0.5)]
    expected = [np.log(half[0]), np.log(half[1] / half[0])]
    assert fit.coefficients == pytest.approx(expected, abs=1e-8)


def test_rows_with_weights_are_rows_repeated():
    counts = np.array([7, 3, 2, 5])
    x, y = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1.0])
    weighted = fit_firth(binary(x), y, weights=counts.astype(float))
    repeated = fit_firth(binary(np.repeat(x, counts)), np.repeat(y, counts))
    for name in ("coefficients", "std_errors", "p_values", "ci_low", "ci_high"):
        assert getattr(weighted, name) == pytest.approx(getattr(repeated, name), abs=1e-7)


def test_large_samples_agree_with_maximum_likelihood():
    from statsmodels.api import Logit

    design, response = random_data(40_000, 5)
    ours = fit_firth(design, response)
    theirs = Logit(response, design).fit(disp=0)
    assert ours.coefficients == pytest.approx(theirs.params, abs=5e-4)
    assert ours.std_errors == pytest.approx(theirs.bse, rel=1e-3)
    assert np.column_stack([ours.ci_low, ours.ci_high]) == pytest.approx(
        theirs.conf_int(), abs=2e-3
    )


def test_the_score_is_zero_and_the_interval_ends_are_on_the_profile():
    design, response = random_data(150, 11)
    fit = fit_firth(design, response)
    data = Units(design, response, np.ones(150))
    assert np.abs(evaluate(data, fit.coefficients).score).max() < 1e-7
    height = fit.penalized_log_likelihood - chi2.ppf(0.95, 1) / 2
    for column in range(4):
        for end in (fit.ci_low[column], fit.ci_high[column]):
            start = fit.coefficients.copy()
            start[column] = end
            _, here = maximize(data, start, fixed=column)
            assert here.log_likelihood == pytest.approx(height, abs=1e-7)


def test_a_coefficient_is_significant_exactly_when_its_interval_leaves_zero_out():
    for seed in range(20):
        fit = fit_firth(*random_data(60, seed))
        outside = (fit.ci_low > 0) | (fit.ci_high < 0)
        assert (outside == (fit.p_values < 0.05)).all()


def test_separation_gives_a_finite_estimate_and_a_finite_interval():
    x = np.r_[np.linspace(-3, -0.1, 20), np.linspace(0.1, 3, 20)]
    fit = fit_firth(binary(x), (x > 0).astype(float))
    assert np.isfinite(fit.coefficients).all()
    assert 0 < fit.ci_low[1] < fit.coefficients[1] < fit.ci_high[1] < 100
    assert fit.p_values[1] < 1e-4


def test_leaving_one_out_from_a_start_nearby_is_fitting_without_it():
    design, response = random_data(80, 3)
    whole = fit_firth(design, response, test=()).coefficients
    without = coefficients(design, response, np.r_[0.0, np.ones(79)], whole)
    fresh = fit_firth(design[1:], response[1:], test=()).coefficients
    assert without == pytest.approx(fresh, abs=1e-8)


def test_columns_that_repeat_one_another_are_refused():
    design = np.column_stack([np.ones(6), np.ones(6)])
    with pytest.raises(ValueError, match="not independent"):
        fit_firth(design, np.array([0, 1, 0, 1, 0, 1.0]))
