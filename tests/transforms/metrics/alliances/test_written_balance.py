"""`metrics.written_balance`: means of promises by leader, by hand and by least squares."""

from functools import cache

import numpy as np
import polars as pl
import pytest

from transforms.metrics.alliances.written_balance import (
    SCORES,
    TABLE,
    build_written_balance,
    exact_bound,
    mean_of_phases,
)
from transforms.step_result import StepResult
from warehouse.contracts.read import contracts

LEADERS = {1: 2, 2: 2, 3: 365, 4: 200, 5: 220, 6: 255, 7: 300}
BALANCES = {1: 1.0, 2: 0.0, 3: 0.0, 4: 1.0, 5: 0.0, 6: 0.5, 7: 0.0}


@cache
def built(ratio: float = 5.0) -> StepResult:
    """Seven alliances of one phase each, but for the second, which has two."""
    rows = [(atopid, 0, leader) for atopid, leader in LEADERS.items()] + [(2, 1, 2)]
    balance = pl.DataFrame(
        [
            {
                **{"atopid": atopid, "phase": phase, "item": item, "leader_ccode": leader},
                **{"leader_year": 1950, "leader_value": 1.0 if item == "defense" else 0.0},
                "partner_mean": 1.0 - BALANCES[atopid] if item == "defense" else 0.0,
                "balance": BALANCES[atopid] if item == "defense" else 0.0,
                "null_reason": None,
            }
            for atopid, phase, leader in rows
            for item in ("defense", "dipaid")
        ],
        schema_overrides={"leader_ccode": pl.Int16, "leader_year": pl.Int16},
    )
    asymmetry = pl.DataFrame(
        [
            {
                **{"atopid": atopid, "year": 1950, "variable": "cinc", "leader_share": 0.8},
                **{"has_defense_or_offense": True, "null_reason": None, "second_zero": False},
                **{"ratio_first_second": ratio, "leader_ccode": leader},
            }
            for atopid, leader in LEADERS.items()
        ],
        schema_overrides={"year": pl.Int16, "null_reason": pl.String},
    )
    return build_written_balance(obligation_balance=balance, capability_asymmetry=asymmetry)


def of(outcome: StepResult, **where: object) -> dict[str, object]:
    cell = {"leader": 2, "sample": "all", "statistic": "balance", "item": "defense", "q": 3}
    table = contracts()[TABLE].conform(outcome.tables[TABLE])
    rows = table.filter(**{**cell, "formed": "all", **where})
    return rows.row(0, named=True)


def test_each_phase_counts_once_and_leaders_are_the_clusters() -> None:
    found = of(built())
    assert found["estimate"] == pytest.approx((1 + 0 + 0 + 0 + 1 + 0 + 0.5 + 0) / 8)
    assert (found["n"], found["n_clusters"]) == (8, 6)


def test_the_error_is_that_of_means_without_each_leader() -> None:
    sizes, sums = np.array([3, 1, 1, 1, 1, 1]), np.array([1.0, 1.0, 0.0, 0.5, 0.0, 0.0])
    without = (sums.sum() - sums) / (sizes.sum() - sizes)
    error = np.sqrt(5 / 6 * np.sum((without - sums.sum() / 8) ** 2))
    assert of(built())["std_error"] == pytest.approx(error)


def test_scores_are_sums_of_balances_by_leader() -> None:
    scores = (
        built()
        .tables[SCORES]
        .filter(statistic="balance", item="defense", q=3, formed="all", sample="all")
    )
    assert dict(scores.select("cluster", "score").iter_rows()) == {
        **{"leader 2": 1.0, "leader 200": 1.0, "leader 220": 0.0},
        **{"leader 255": 0.5, "leader 300": 0.0, "leader 365": 0.0},
    }


def test_the_leader_s_own_share_and_the_partners_stand_next_to_it() -> None:
    outcome = built()
    leader = of(outcome, statistic="leader_share")
    assert (leader["estimate"], leader["inference"]) == (1.0, "exact")
    partners = of(outcome, statistic="partner_share")
    assert partners["estimate"] == pytest.approx(1 - 2.5 / 8)
    assert of(outcome, statistic="any_partner_share")["estimate"] == pytest.approx(6 / 8)


def test_a_duty_that_nobody_has_is_0_with_the_interval_of_as_many_leaders() -> None:
    found = of(built(), item="dipaid")
    reach = 1 - 0.025 ** (1 / 6)
    assert (found["estimate"], found["inference"], found["p_value"]) == (0.0, "exact", 1.0)
    assert (found["ci_low"], found["ci_high"]) == pytest.approx((-reach, reach))


def test_the_exact_bound_is_that_of_clopper_and_pearson() -> None:
    from scipy.stats import binomtest

    upper = binomtest(0, 28, 0.5).proportion_ci(0.95, method="exact").high
    assert exact_bound(0.0, 28).ci_high == pytest.approx(upper)
    assert exact_bound(1.0, 28).ci_low == pytest.approx(1 - upper)


def test_only_asymmetric_alliances_count_and_a_leader_s_own_are_replications() -> None:
    assert of(built(ratio=2.0))["null_reason"] == "unit_not_in_source"
    own = of(built(), sample="own")
    assert (own["n"], own["n_clusters"], own["null_reason"]) == (3, 2, "n_below_min")
    table = built().tables[TABLE]
    assert set(table.filter(sample="own")["leader"]) == {2, 200, 220, 365, 710}


def test_a_mean_over_clusters_of_one_phase_is_student_s() -> None:
    from scipy.stats import ttest_1samp

    values = np.array([0.0, 1.0, 0.5, 0.0, 1.0, 0.0])
    found, _ = mean_of_phases(values, np.arange(6))
    interval = ttest_1samp(values, 0).confidence_interval()
    assert (found["ci_low"], found["ci_high"]) == pytest.approx((interval.low, interval.high))
