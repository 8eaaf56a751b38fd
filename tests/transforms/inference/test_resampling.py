"""Bootstrap, permutation and wild bootstrap, against libraries and against the long way."""

import itertools

import numpy as np
import pandas as pd
import pyfixest as pf
import pytest
from scipy import stats

from transforms.inference.cluster_bootstrap import (
    bca_interval,
    draw_counts,
    leave_one_out,
    percentile_interval,
    percentiles,
    two_sided_p,
    weighted_sums,
)
from transforms.inference.permutation import (
    permute_within,
    permuted_paths,
    permuted_sums,
    two_tailed_p,
)
from transforms.inference.wild_bootstrap import within_effect


def mean(sums):
    return sums[..., 0] / sums[..., 1]


def test_draws_take_as_many_clusters_as_there_are():
    counts = draw_counts(7, 300, np.random.default_rng(1))
    assert set(counts.sum(axis=1)) == {7.0}
    np.testing.assert_allclose(counts.mean(axis=0), 1.0, atol=0.25)


def test_weighted_sums_are_sums_of_the_drawn_rows():
    rng = np.random.default_rng(2)
    rows, counts = rng.normal(size=(9, 3)), draw_counts(9, 5, rng)
    np.testing.assert_allclose(weighted_sums(counts, rows), counts @ rows, atol=1e-8)


@pytest.mark.parametrize("share", [0.0, 0.025, 0.31, 0.5, 0.975, 1.0])
def test_percentiles_are_those_of_numpy(share):
    values = np.sort(np.random.default_rng(3).normal(size=37))
    assert percentiles(values, np.array([share]))[0] == pytest.approx(np.quantile(values, share))


def test_intervals_are_those_of_scipy():
    """scipy draws for itself, so only to the accuracy of many draws."""
    values = np.random.default_rng(4).gamma(1.5, size=40)
    rows = np.column_stack([values, np.ones(40)])
    drawn = mean(weighted_sums(draw_counts(40, 40_000, np.random.default_rng(5)), rows))
    ours = {
        "percentile": percentile_interval(drawn),
        "BCa": bca_interval(values.mean(), drawn, leave_one_out(rows, mean)),
    }
    for method, interval in ours.items():
        theirs = stats.bootstrap(
            (values,), np.mean, n_resamples=40_000, method=method, random_state=6
        ).confidence_interval
        assert interval == pytest.approx(tuple(theirs), abs=0.015)


def test_bca_is_not_defined_without_spread():
    drawn = np.full(100, 2.0)
    assert bca_interval(2.0, drawn, np.full(5, 2.0)) is None
    assert bca_interval(3.0, np.linspace(0, 1, 100), np.arange(5.0)) is None


def test_two_sided_p_is_twice_the_smaller_side():
    assert two_sided_p(np.array([-1.0] * 2 + [1.0] * 97)) == 2 * 3 / 100
    assert two_sided_p(np.array([-1.0, 1.0])) == 1.0


def test_permutations_stay_in_their_blocks():
    blocks = np.array([0, 1, 0, 1, 1, 2])
    permuted = permute_within(blocks, 50, np.random.default_rng(7))
    assert (np.sort(permuted, axis=1) == np.arange(6)).all()
    assert (blocks[permuted] == blocks).all()


def test_permuted_sums_are_those_of_every_unit_with_its_new_path():
    rng = np.random.default_rng(8)
    rows = rng.normal(size=(12, 4, 2))
    of_unit = np.array([0, 0, 0, 1, 1, 1, 1, 1, 1, 2, 3, 0])  # paths with few and many holders
    permutations = permute_within(np.zeros(12, np.int64), 20, rng)
    observed, sums = permuted_sums(permuted_paths(of_unit, permutations), rows)
    np.testing.assert_allclose(observed, rows[np.arange(12), of_unit].sum(axis=0))
    for k, permutation in enumerate(permutations):
        new = np.empty(12, np.int64)
        new[permutation] = of_unit
        np.testing.assert_allclose(sums[k], rows[np.arange(12), new].sum(axis=0))


def test_the_permutation_p_is_fishers_where_outcomes_are_two():
    """Difference of means over all permutations: Fisher's exact test, two tails by doubling."""
    outcome = np.array([1, 1, 1, 0, 0, 0, 0, 0.0])
    treated = np.array([1, 1, 1, 1, 0, 0, 0, 0])
    every = list(itertools.combinations(range(8), 4))
    values = np.array([outcome[list(c)].mean() for c in every])
    observed = outcome[treated == 1].mean()
    one_tail = stats.fisher_exact([[3, 1], [0, 4]], alternative="greater").pvalue
    expected = 2 * (one_tail * len(every) + 1) / (len(every) + 1)
    assert two_tailed_p(observed, values) == pytest.approx(expected)


@pytest.fixture(scope="module")
def panel():
    """Forty states, twelve sessions, a tie that begins for some."""
    rng = np.random.default_rng(9)
    unit, period = (a.ravel() for a in np.meshgrid(np.arange(30), np.arange(12), indexing="ij"))
    kept = rng.random(len(unit)) > 0.15
    unit, period = unit[kept], period[kept]
    treatment = (period >= rng.integers(3, 30, 30)[unit]).astype(float)
    outcome = rng.normal(size=30)[unit] + 0.1 * period + 0.1 * treatment
    outcome += 0.3 * rng.normal(size=len(unit)) + 0.05 * rng.normal(size=30)[unit] * period
    weights = rng.integers(10, 60, len(unit)).astype(float)
    return {
        "outcome": outcome,
        "treatment": treatment,
        "weights": weights,
        "unit": unit,
        "period": period,
    }


def effect_of(panel, n_draws=199):
    return within_effect(**panel, n_draws=n_draws, rng=np.random.default_rng(10))


def test_coefficient_and_clustered_error_are_those_of_pyfixest(panel):
    got = effect_of(panel)
    fitted = pf.feols(
        "outcome ~ treatment | unit + period",
        data=pd.DataFrame(panel),
        weights="weights",
        vcov={"CRV1": "unit"},
        ssc=pf.ssc(k_adj=False, G_adj=False),
    )
    assert got.estimate == pytest.approx(fitted.coef().iloc[0])
    assert got.std_error == pytest.approx(fitted.se().iloc[0])


def test_the_wild_bootstrap_is_that_of_fitting_every_draw_anew(panel):
    y, d, w = panel["outcome"], panel["treatment"], panel["weights"]
    unit, period = panel["unit"], panel["period"]
    effects = np.column_stack(
        [*(unit == g for g in range(30)), *(period == s for s in range(1, 12))]
    ).astype(float)
    root = np.sqrt(w)[:, None]
    full = np.column_stack([d, effects])
    solve, solve_effects = (np.linalg.pinv(x * root) * root.T for x in (full, effects))
    residual = d - effects @ (solve_effects @ d)
    scale = np.sum(w * residual**2)

    def t_of(z, hypothesis):
        beta = solve @ z
        scores = np.bincount(unit, w * residual * (z - full @ beta), 30)
        return (beta[0] - hypothesis) / (np.sqrt(np.sum(scores**2)) / scale)

    got = effect_of(panel)
    signs = np.random.default_rng(10).integers(0, 2, size=(199, 30)) * 2.0 - 1.0
    for hypothesis, expected in ((0.0, got.p_value), (got.ci_low, None), (got.ci_high, None)):
        mean_of = effects @ (solve_effects @ (y - hypothesis * d)) + hypothesis * d
        drawn = [t_of(mean_of + s[unit] * (y - mean_of), hypothesis) for s in signs]
        p = (1 + np.sum(np.abs(drawn) >= abs(t_of(y, hypothesis)) - 1e-9)) / 200
        if expected is None:
            assert p == pytest.approx(0.05, abs=0.0051)
        else:
            assert p == expected


def test_a_treatment_that_the_effects_explain_has_no_effect(panel):
    always = panel | {"treatment": (panel["unit"] < 10).astype(float)}
    assert effect_of(always) is None


def test_swapping_the_treatment_turns_the_effect(panel):
    one, other = effect_of(panel), effect_of(panel | {"treatment": 1 - panel["treatment"]})
    assert other.estimate == pytest.approx(-one.estimate)
    assert other.p_value == one.p_value
