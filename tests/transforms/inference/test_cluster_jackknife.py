"""Jackknife over clusters against statsmodels and refits, and effective clusters by hand."""

import numpy as np
import pytest
from scipy import stats

from transforms.inference.cluster_jackknife import effective_clusters, jackknife, t_interval


@pytest.fixture(scope="module")
def rows():
    """Twelve clusters, of which two hold half of the rows; a logit on a dummy."""
    rng = np.random.default_rng(5)
    cluster = np.repeat(np.arange(12), [60, 50, *[11] * 10])
    after = (rng.random(len(cluster)) < 0.5).astype(float)
    effect = rng.normal(size=12)[cluster]
    y = (rng.random(len(cluster)) < 1 / (1 + np.exp(-0.6 * after - effect))).astype(float)
    return y, after, cluster


def test_leaving_out_clusters_is_refitting_without_them(rows):
    import statsmodels.api as sm

    y, after, cluster = rows
    design = sm.add_constant(after)
    full = sm.Logit(y, design).fit(disp=0).params[1]
    without = np.array(
        [sm.Logit(y[cluster != g], design[cluster != g]).fit(disp=0).params[1] for g in range(12)]
    )
    found = jackknife(full, without)
    assert found is not None
    error = np.sqrt(11 / 12 * np.sum((without - full) ** 2))
    assert found.std_error == pytest.approx(error)
    half = stats.t.ppf(0.975, 11) * error
    assert (found.ci_low, found.ci_high) == pytest.approx((full - half, full + half))
    assert found.p_value == pytest.approx(2 * stats.t.sf(abs(full) / error, 11))


def test_with_clusters_of_one_row_it_is_the_usual_error_of_a_mean():
    values = np.array([0.3, 1.2, -0.4, 2.0, 0.9])
    found = jackknife(values.mean(), (values.sum() - values) / 4)
    assert found is not None
    assert found.std_error == pytest.approx(values.std(ddof=1) / np.sqrt(5))
    low, high = stats.ttest_1samp(values, 0).confidence_interval()
    assert (found.ci_low, found.ci_high) == pytest.approx((low, high))


def test_loads_make_it_student_s_on_the_effective_number_of_clusters() -> None:
    values = np.array([0.3, 1.2, -0.4, 2.0, 0.9])
    without = (values.sum() - values) / 4
    plain, equal = (jackknife(values.mean(), without, loads) for loads in (None, np.ones(5)))
    assert plain == equal
    uneven = jackknife(values.mean(), without, np.array([6.0, 1.0, 1.0, 1.0, 1.0]))
    assert uneven is not None
    half = stats.t.ppf(0.975, 100 / 40 - 1) * uneven.std_error
    assert uneven.ci_high - values.mean() == pytest.approx(half)


@pytest.mark.parametrize(
    "without", [np.array([1.0, 1.1]), np.array([1.0, np.nan, 1.1]), np.array([1.0, 1.0, 1.0])]
)
def test_two_clusters_a_lost_estimate_and_no_movement_give_no_interval(without):
    assert jackknife(1.0, without) is None


def test_effective_clusters_are_all_where_loads_are_equal_and_one_where_one_has_all():
    assert effective_clusters(np.full(7, 3.0)) == pytest.approx(7)
    assert effective_clusters(np.array([5.0, 0.0, 0.0])) == pytest.approx(1)
    assert effective_clusters(np.array([2.0, 1.0, 1.0])) == pytest.approx(16 / 6)


def test_an_interval_leaves_0_out_exactly_where_p_is_below_5_per_cent():
    for error in (0.1, 0.35, 0.5, 0.8):
        found = t_interval(1.0, error, 6.4)
        assert (found.ci_low > 0) == (found.p_value < 0.05)
