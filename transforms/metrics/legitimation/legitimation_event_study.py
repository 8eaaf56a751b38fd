"""`metrics.legitimation_event_study`: agreement before and after joining NATO.

Cohorts of 1982, 1999, 2004 and 2009 by entry into force, ten years before to ten after, the year
before entry as base (`nato_accessions`, `cohort_effects`). In addition to each event time: the mean
over the years after (0 to 10) and over the years before (−10 to −2), which is 0 if trends are
parallel.
The mean over cohorts gives each the weight of its states.

The United Kingdom and France are placebos: states that joined became their allies too, but their
unpopular votes are others. Popular votes are the other placebo.

Intervals and p-values: draws of states with all their sessions, 2,000 for differences of
differences, 499 for the regression; none with fewer than three joining states.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl

from transforms.inference.cluster_bootstrap import (
    Floats,
    draw_counts,
    percentile_interval,
    two_sided_p,
)
from transforms.metrics.claims.editions import FIRST_EDITION, with_leader_and_edition
from transforms.metrics.legitimation.cohort_effects import (
    TIMES,
    GroupTime,
    callaway_santanna,
    sun_abraham,
)
from transforms.metrics.legitimation.nato_accessions import (
    BASE,
    COHORTS,
    SPAN,
    first_core_years,
    joiners_of,
)
from transforms.metrics.legitimation.panel import panel_of
from transforms.step_result import StepResult

TABLE = "metrics.legitimation_event_study"
ASKED = ((2, "unpopular"), (2, "popular"), (200, "unpopular"), (220, "unpopular"))
ESTIMATORS = {"callaway_santanna": (callaway_santanna, 2000), "sun_abraham": (sun_abraham, 499)}
SEED = 20190635
DECIMALS = 9
"""Decimals kept: coarser than what the order of summation can change."""

MIN_STATES = 3
"""Joining states below which a bootstrap over them would be too optimistic."""

SPANS = (*((k, k) for k in TIMES), (0, SPAN), (-SPAN, BASE - 1))

SCHEMA = {
    "ccode_hegemon": pl.Int16,
    "vote_class": pl.String,
    "estimator": pl.String,
    "cohort_year": pl.String,
    "event_time": pl.Int16,
    "event_time_to": pl.Int16,
    "estimate": pl.Float64,
    "ci_low": pl.Float64,
    "ci_high": pl.Float64,
    "p_value": pl.Float64,
    "n_states": pl.Int16,
    "n_others": pl.Int16,
    "n_draws": pl.Int32,
    "seed": pl.Int64,
    "null_reason": pl.String,
}


def build_legitimation_event_study(
    *,
    hegemon_support: pl.DataFrame,
    treaty_allies: pl.DataFrame,
    ally_tier: pl.DataFrame,
) -> StepResult:
    """Estimates effects of joining NATO by cohort and event time.

    Args:
        hegemon_support: `metrics.hegemon_support`.
        treaty_allies: `core.treaty_allies`.
        ally_tier: `marts.ally_tier`.

    Returns:
        `metrics.legitimation_event_study`.
    """
    first_core = first_core_years(treaty_allies)
    rows: list[dict[str, Any]] = []
    for hegemon, vote_class in ASKED:
        panel = panel_of(hegemon_support, ally_tier, hegemon)
        joiners = joiners_of(
            ccodes=panel.ccodes.tolist(),
            sessions=panel.sessions.tolist(),
            n_votes=panel.n_votes[vote_class],
            total=panel.total[vote_class],
            first_core=first_core,
        )
        for name, (estimate, n_draws) in ESTIMATORS.items():
            rng = np.random.default_rng([SEED, hegemon])
            counts = draw_counts(len(panel.ccodes), n_draws, rng)
            head = {"ccode_hegemon": hegemon, "vote_class": vote_class, "estimator": name}
            last_year = int(joiners.years[-1]) if joiners.years.size else 0
            rows += [{**head, **row} for row in _rows(estimate(joiners, counts), last_year)]
    table = pl.DataFrame(
        [{**dict.fromkeys(SCHEMA), "seed": SEED, **row} for row in rows],
        schema=SCHEMA,
        orient="row",
    )
    return StepResult({TABLE: with_leader_and_edition(table, FIRST_EDITION)})


def _rows(found: GroupTime, last_year: int) -> Iterator[dict[str, Any]]:
    """Rows by cohort and their mean, by event time and the means over several."""
    n_draws = len(found.effects) - 1
    chosen = [(str(year), np.arange(len(COHORTS)) == c) for c, year in enumerate(COHORTS)]
    for cohort, is_in in (*chosen, ("all", np.ones(len(COHORTS), bool))):
        by_time, n_states = mean_over_cohorts(found, is_in)
        n_controls = found.n_controls[is_in].max(axis=0)
        for first, last in SPANS:
            times = slice(TIMES.index(first), TIMES.index(last) + 1)
            effects = mean_known(by_time[:, times])
            n = int(n_states[times].max())
            row: dict[str, Any] = {
                "cohort_year": cohort,
                "event_time": first,
                "event_time_to": last,
                "n_states": n,
                "n_others": int(n_controls[times].max()),
                "n_draws": 0,
            }
            if np.isnan(effects[0]):
                beyond = cohort != "all" and int(cohort) + first > last_year
                yield {**row, "null_reason": "out_of_coverage" if beyond else "n_below_min"}
            elif first == last == BASE or n < MIN_STATES:
                yield {**row, "estimate": round(float(effects[0]), DECIMALS)}
            else:
                yield {**row, **_inferred(effects), "n_draws": n_draws}


def mean_over_cohorts(found: GroupTime, is_in: np.ndarray) -> tuple[Floats, Floats]:
    """Effects by event time, each cohort with the weight of its states, per draw; and states."""
    effects, n = found.effects[:, is_in], found.n_states[:, is_in]
    weights = np.where(np.isnan(effects), 0.0, n)
    total = weights.sum(axis=1)
    mean = np.full(total.shape, np.nan)
    np.divide((np.nan_to_num(effects) * weights).sum(axis=1), total, out=mean, where=total > 0)
    return mean, weights[0].sum(axis=0)


def mean_known(effects: Floats) -> Floats:
    """Mean over event times of those that there are, per draw."""
    known = ~np.isnan(effects)
    n = known.sum(axis=1)
    mean = np.full(len(effects), np.nan)
    np.divide(np.nan_to_num(effects).sum(axis=1), n, out=mean, where=n > 0)
    return mean


def _inferred(effects: Floats) -> dict[str, float]:
    low, high = percentile_interval(effects[1:])
    return {
        "estimate": round(float(effects[0]), DECIMALS),
        "ci_low": round(low, DECIMALS),
        "ci_high": round(high, DECIMALS),
        "p_value": two_sided_p(effects[1:]),
    }
