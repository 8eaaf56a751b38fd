"""The claims' own estimates, on worlds small enough to work out by hand."""

import math
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from transforms.metrics.claims.asymmetry_trend import (
    decade_trend,
    rise_by_alliance_year,
    rise_by_unit,
)
from transforms.metrics.claims.burden_sharing import burden_correlation
from transforms.metrics.claims.classical_symmetry import classical_ratio, preponderance
from transforms.metrics.claims.from_metrics import published
from transforms.metrics.claims.hub_and_spoke import against_chance, yearly_series
from transforms.metrics.claims.resampling import (
    mean_over_years,
    median_against_zero,
    percentiles,
    share_of_clusters,
    sign_share,
    t_of_cluster_means,
)
from transforms.metrics.claims.written_obligations import ally_supply, balances

WINDOW = (1946, 1991)


def pacts(*rows):
    """(atopid, year, ratio) as `metrics.capability_asymmetry` of cinc has them."""
    return pl.DataFrame(
        [
            {
                **{"atopid": atopid, "year": year, "variable": "cinc", "ratio_first_second": ratio},
                **{"leader_share": ratio / (1 + ratio), "leader_ccode": 2, "second_zero": False},
                **{"has_defense_or_offense": True, "ratio_leader_median": ratio},
                "null_reason": None,
            }
            for atopid, year, ratio in rows
        ]
    )


# ten alliances before, of which two are asymmetric; ten after, of which eight are
BEFORE = [(1000 + i, 1900, 5.0 if i < 2 else 1.5) for i in range(10)]
AFTER = [(2000 + i, 1950, 5.0 if i < 8 else 1.5) for i in range(10)]
WORLD = pacts(*BEFORE, *AFTER)
RISE = {"variable": "cinc", "q": 3, "leader_share_rule": "none", "period": "from 1946"}


def interval(found: Any) -> tuple[float, float]:
    """The ends of an estimate's interval, which has both."""
    assert found.ci_low is not None
    assert found.ci_high is not None
    return found.ci_low, found.ci_high


def test_the_rise_is_a_log_odds_ratio_with_half_added():
    (found,) = rise_by_alliance_year([RISE], WORLD)
    by_hand = math.log(8.5 * 8.5 / (2.5 * 2.5))
    assert found.estimate == pytest.approx(by_hand)
    low, high = interval(found)
    assert low < by_hand < high
    assert (found.n, found.window_from, found.window_to) == (20, 1900, 1950)
    assert rise_by_alliance_year([RISE], WORLD) == [found]


def test_a_leader_share_rule_is_a_further_condition():
    strict = {**RISE, "leader_share_rule": 0.9}
    (found,) = rise_by_alliance_year([strict], WORLD)
    assert found.estimate == pytest.approx(0.0)  # 5 to 1 is a share of .83: none is left


def test_years_of_one_alliance_are_no_further_evidence():
    many = pacts(*BEFORE, *[(a, y, r) for a, _, r in AFTER for y in range(1950, 1970)])
    (once,), (often,) = (rise_by_alliance_year([RISE], world) for world in (WORLD, many))
    assert often.n == once.n == 20
    (low, high), (low_once, high_once) = interval(often), interval(once)
    assert low < high_once
    assert high - low > (high_once - low_once) / 2


def test_cohorts_have_fishers_p():
    cell = {"unit": "formation_cohort", **RISE}
    keys = {"unit": "formation_cohort", "variable": "cinc", "q": 3, "leader_share_rule": "none"}
    counts = [("1816-1944", 2.0, 10), ("1946-1991", 5.0, 6), ("from 1992", 3.0, 4)]
    grid = pl.DataFrame([{**keys, "period": p, "n_asymmetric": k, "n": n} for p, k, n in counts])
    (found,) = rise_by_unit([cell], grid, WORLD)
    assert found.estimate == pytest.approx(math.log(8.5 * 8.5 / (2.5 * 2.5)))
    assert found.p_value == pytest.approx(stats.fisher_exact([[8, 2], [2, 8]]).pvalue)
    (dyads,) = rise_by_unit([{**cell, "unit": "dyad_year"}], grid, WORLD)
    assert dyads.null_reason == "out_of_coverage"


def test_a_trend_is_a_slope_per_decade():
    rising = pacts(
        *[
            (1000 + 10 * d + i, 1900 + 10 * d, 5.0 if i < d else 1.5)
            for d in range(11)
            for i in range(10)
        ]
    )
    cell = {"variable": "cinc", "q": 3, "window_from": 1816, "window_to": 2018}
    (found,) = decade_trend([cell], rising)
    assert found.estimate == pytest.approx(0.1)


def test_the_classical_ratio_is_a_median_over_alliances():
    world = pacts(*[(1000 + i, y, 1.5) for i in range(9) for y in (1850, 1851)], (1999, 1850, 9.0))
    cell = {"variable": "cinc", "measure": "ratio_first_second"}
    (found,) = classical_ratio([cell | {"window_from": 1816, "window_to": 1913}], world)
    assert found.estimate == pytest.approx(math.log(0.5))
    assert found.n == 10
    assert found.p_value == pytest.approx(stats.binomtest(9, 10).pvalue)


def test_preponderance_is_over_partners():
    years = [(c, y) for c in range(10, 20) for y in (1950, 1951)]
    values = [{"ccode": 2, "year": y, "cinc": 0.3} for y in (1950, 1951)]
    values += [{"ccode": c, "year": y, "cinc": 0.1 if c == 10 else 0.01} for c, y in years]
    tiers = [{"ccode_hegemon": 2, "ccode": c, "year": y, "tier_core": True} for c, y in years]
    cell = {"hegemon": 2, "tier": "core", "variable": "cinc", "q": 10}
    cell |= {"window_from": 1946, "window_to": 2022}
    (found,) = preponderance([cell], pl.DataFrame(tiers), pl.DataFrame(values))
    assert found.estimate == pytest.approx(0.9 - 0.8)
    assert found.n == 10


def test_a_share_among_clusters_of_one_is_clopper_and_pearsons():
    # ten clusters of one unit: the variance between them has 9 in its denominator, so 9 count
    found = share_of_clusters(np.repeat([1.0, 0.0], [8, 2]), np.ones(10), 0.5, (1950, 1951))
    ends = (stats.beta.ppf(0.025, 7.2, 2.8) - 0.5, stats.beta.ppf(0.975, 8.2, 1.8) - 0.5)
    assert (found.ci_low, found.ci_high) == pytest.approx(ends)
    assert found.estimate == pytest.approx(0.3)
    assert found.p_value is not None
    assert (found.p_value > 0.05) == (interval(found)[0] < 0)


def test_units_of_a_cluster_that_agree_are_one_and_a_share_of_one_has_an_interval():
    many = share_of_clusters(np.repeat([9.0, 0.0], [8, 2]), np.full(10, 9.0), 0.5, (1950, 1951))
    counted = 9 * (stats.t.ppf(0.975, 89) / stats.t.ppf(0.975, 9)) ** 2  # of 90 units
    assert many.ci_low == pytest.approx(
        stats.beta.ppf(0.025, 0.8 * counted, 0.2 * counted + 1) - 0.5
    )
    whole = share_of_clusters(np.full(10, 9.0), np.full(10, 9.0), 0.8, (1950, 1951))
    assert whole.ci_low == pytest.approx(0.025 ** (1 / counted) - 0.8)  # all of as many
    assert whole.ci_high == pytest.approx(0.2)


def lower_end(positive, total):
    return share_of_clusters(positive, total, 0, (1950, 1951)).ci_low


def test_more_units_that_differ_never_raise_the_lower_end():
    # thirty partners of 77 years: one year of one partner, all of its years, then of the next
    total = np.full(30, 77.0)
    ends = []
    for n_exceptions in (0, 1, 20, 76, 77, 78, 100, 154, 155, 300, 600):
        exceptions = np.clip(n_exceptions - 77 * np.arange(30), 0, 77)
        ends.append(lower_end(total - exceptions, total))
    assert ends == sorted(ends, reverse=True)
    assert ends[0] == pytest.approx(0.025 ** (1 / 26.7), abs=0.001)
    assert ends[1] < ends[0]


@given(st.lists(st.integers(0, 9), min_size=5, max_size=40), st.data())
def test_among_clusters_of_one_size_it_does_not_matter_where_the_units_are(differing, data):
    total = np.full(len(differing), 9.0)
    before = total - np.array(differing, dtype=float)
    place = data.draw(st.integers(0, len(differing) - 1))
    after = np.array(before)
    after[place] = max(after[place] - 1, 0)
    assert lower_end(after, total) <= lower_end(before, total) + 1e-9


def test_units_of_large_clusters_count_for_less():
    total = np.array([1000.0, *np.ones(29)])
    assert lower_end(total, total) < 0.05  # as much as one cluster can tell


def test_balances_take_each_alliance_once():
    rows = [
        {"atopid": 1000 + i, "phase": phase, "item": "defense", "leader_year": 1950}
        | {"balance": 1.0 if i < 6 else 0.0, "partner_mean": 0.0, "null_reason": None}
        for i in range(10)
        for phase in (0, 1)
    ]
    world = pacts(*[(1000 + i, 1950, 5.0) for i in range(10)])
    cell = {"item": "defense", "q": 3, "formed": "all"}
    sign, mean, share = balances(
        [cell | {"statistic": s} for s in ("sign", "mean", "share")], pl.DataFrame(rows), world
    )
    assert (sign.estimate, sign.n) == (0.5, 6)
    assert sign.p_value == pytest.approx(2 / 2**6)
    assert mean.estimate == pytest.approx(0.6)
    assert share.estimate == -0.5
    (none,) = balances([cell | {"statistic": "sign", "q": 10}], pl.DataFrame(rows), world)
    assert none.null_reason == "n_below_min"


def test_the_supply_of_allies_is_students_t():
    values = [0.1, 0.2, 0.3, 0.4]
    rows = [
        {"ccode_hegemon": 2, "ccode": i, "window_name": "whole", "vote_class": "unpopular"}
        | {"was_ally_core": i < 4, "residual": v, "session_first": 1, "session_last": 75}
        for i, v in enumerate([*values, 9.0])
    ]
    cell = {"hegemon": 2, "tier": "core", "window_name": "whole", "vote_class": "unpopular"}
    (found,) = ally_supply([cell], pl.DataFrame(rows))
    assert found.estimate == pytest.approx(0.25)
    assert found.p_value == pytest.approx(stats.ttest_1samp(values, 0).pvalue)
    assert (found.window_from, found.window_to) == (1946, 2020)


def test_against_chance_is_the_mean_of_the_yearly_intervals():
    rows = [
        {"ccode_hub": 2, "graph": "all", "statistic": "hubness", "year": year, "observed": 0.8}
        | {"null_mean": 0.5, "null_low": 0.4, "null_high": 0.6, "seed": 7}
        for year in (1955, 1956)
    ]
    cell = {"hub": 2, "graph": "all", "statistic": "hubness"}
    (found,) = against_chance([cell | {"window_from": 1955, "window_to": 2018}], pl.DataFrame(rows))
    assert (found.estimate, found.ci_low, found.ci_high) == pytest.approx((0.3, 0.2, 0.4))
    assert found.n == 2


def test_a_yearly_difference_needs_both_hubs():
    rows = [
        {"ccode_hub": hub, "graph": "all", "year": year, "hubness": value}
        for hub, value in ((2, 0.7), (365, 0.4))
        for year in range(1955, 2000)
    ]
    cell = {"series": "hubness", "hub": 2, "graph": "all", "minus_hub": 365}
    cell |= {"window_from": 1955, "window_to": 2018}
    empty = pl.DataFrame()
    (found,) = yearly_series([cell], pl.DataFrame(rows), empty)
    assert found.estimate == pytest.approx(0.3)
    assert found.n == 45
    (none,) = yearly_series([cell | {"minus_hub": 710}], pl.DataFrame(rows), empty)
    assert none.null_reason == "unit_not_in_source"


def test_burdens_count_each_alliance_once():
    rows = [(a, y, rho) for a, rho in ((1, 0.2), (2, 0.4), (3, 0.6)) for y in (1970, 1971)]
    burdens = pl.DataFrame(rows, schema=["atopid", "year", "spearman_rho"], orient="row")
    world = pacts(*[(a, y, 5.0) for a, y, _ in rows])
    cell = {"column": "spearman_rho", "q": 3, "window_from": 1960, "window_to": 1991}
    (found,) = burden_correlation([cell], burdens, world)
    assert (found.estimate, found.n) == (pytest.approx(0.4), 3)
    assert found.p_value == pytest.approx(stats.ttest_1samp([0.2, 0.4, 0.6], 0).pvalue)


def test_a_published_estimate_is_read_by_its_key():
    frame = pl.DataFrame(
        [
            {"sample": "all", "estimator": e, "term": "t", "estimate": v, "ci_low": low}
            | {"ci_high": 1.0, "p_value": None, "n": 9, "null_reason": reason}
            for e, v, low, reason in (("a", 0.5, 0.0, None), ("b", None, None, "n_below_min"))
        ],
    )
    cells = [{"sample": "all", "estimator": e, "term": "t"} for e in ("b", "a", "c")]
    below, found, absent = published(cells, "alliance_duration", frame)
    assert (found.estimate, found.n) == (0.5, 9)
    assert found.p_value == pytest.approx(0.05, abs=1e-4)
    assert (below.null_reason, absent.null_reason) == ("n_below_min", "unit_not_in_source")
    (other,) = published([{"odd": 1}], "alliance_duration", frame)
    assert other.null_reason == "not_computed"


def test_exact_signs_and_medians():
    assert sign_share(10, 10, WINDOW).p_value == pytest.approx(2 / 1024)
    assert sign_share(3, 4, WINDOW).null_reason == "n_below_min"
    found = median_against_zero(np.arange(-2.0, 9.0), WINDOW)  # eleven values
    assert (found.estimate, found.ci_low, found.ci_high) == (3.0, -1.0, 7.0)
    assert median_against_zero(np.arange(5.0), WINDOW).null_reason == "n_below_min"


def test_draws_that_have_no_value_are_not_counted_on():
    draws = np.array([np.nan] * 60 + [1.0] * 40)
    assert percentiles(1.0, draws, 9, WINDOW).null_reason == "n_below_min"
    assert percentiles(1.0, np.ones(999), 9, WINDOW).p_value == pytest.approx(2 / 1000)


def test_few_clusters_and_few_years():
    assert t_of_cluster_means(np.array([1.0, 2.0]), WINDOW).null_reason == "n_below_min"
    assert t_of_cluster_means(np.ones(4), WINDOW).null_reason == "no_variation"
    assert mean_over_years(np.ones(19), 1, WINDOW).null_reason == "n_below_min"
    assert mean_over_years(np.ones(40), 1, WINDOW).estimate == 1.0
