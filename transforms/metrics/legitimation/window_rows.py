"""Rows of the premium for one tier and range of sessions: estimates with their inference."""

import math
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

from transforms.contingency_tables import Floats
from transforms.inference.cluster_bootstrap import (
    bca_interval,
    leave_one_out,
    percentile_interval,
    weighted_sums,
)
from transforms.inference.permutation import Paths, permuted_sums, two_tailed_p
from transforms.metrics.legitimation import nearest_neighbour_matching as matched
from transforms.metrics.legitimation import within_states as within
from transforms.metrics.legitimation.coarsened_matching import COARSENED, coarsened_effect
from transforms.metrics.legitimation.estimators import Cell, Columns, Tier
from transforms.metrics.legitimation.panel import Panel
from transforms.metrics.legitimation.pretreatment_covariates import Pool

MIN_FOR_INFERENCE = 3
"""Allies, and others, below which an interval would be too narrow."""

WITHOUT_INFERENCE = (710,)
NORMAL_95 = 1.959963984540054
MATCHED: dict[str, Callable[[Panel, Tier, str, Pool], matched.MatchedPremium]] = {
    "LP5": matched.matched_premium,
    "LP5_cem": partial(matched.matched_premium, effect_of=coarsened_effect, matched_on=COARSENED),
}
NOTHING = {"inference": "none", "n_draws": 0, "n_permutations": 0}


def within_rows(part: Panel, tier: Tier, rng: np.random.Generator) -> Iterator[dict[str, Any]]:
    """LP4 by class."""
    for vote_class in within.VOTE_CLASSES:
        head = _head(part, tier, vote_class)
        if head["null_reason"]:
            yield {**head, "estimator": "LP4"}
        else:
            is_inferred = part.hegemon not in WITHOUT_INFERENCE
            yield {
                **head,
                **within.within_row(part, tier, vote_class, rng, is_inferred=is_inferred),
            }


def matched_rows(part: Panel, tier: Tier, pool: Pool | None) -> Iterator[dict[str, Any]]:
    """LP5 and LP5_cem by class; without a pool there are no covariates."""
    asked = [(name, estimator) for name in matched.VOTE_CLASSES for estimator in MATCHED]
    for vote_class, estimator in asked:
        head = {**_head(part, tier, vote_class), "estimator": estimator}
        if head["null_reason"]:
            yield head
            continue
        if pool is None:
            yield {**head, "null_reason": "covariates_missing"}
            continue
        found = MATCHED[estimator](part, tier, vote_class, pool)
        effect = found.effect
        head |= {"n_allies": effect.n_allies, "n_others": effect.n_matches}
        head |= {"not_matched_on": ", ".join(found.missing) or None}
        if found.null_reason:
            yield {**head, "null_reason": found.null_reason}
            continue
        head |= {"estimate": effect.estimate, "matched_on": ", ".join(found.names)}
        if effect.n_matches < MIN_FOR_INFERENCE or part.hegemon in WITHOUT_INFERENCE:
            yield {**head, "inference": "few_allies"}
            continue
        yield {**head, **_normal(effect.estimate, effect.std_error), "inference": "matching"}


def _normal(estimate: float, std_error: float) -> dict[str, float]:
    """Interval and p-value of an estimate with a normal distribution."""
    half = NORMAL_95 * std_error
    z = abs(estimate) / std_error if std_error else (math.inf if estimate else 0.0)
    return {
        "ci_low": estimate - half,
        "ci_high": estimate + half,
        "p_value": math.erfc(z / math.sqrt(2)),
    }


def _head(part: Panel, tier: Tier, vote_class: str) -> dict[str, Any]:
    """The columns that all rows of a class share."""
    is_covered = (tier.status >= 0).any(axis=0)
    has_votes = is_covered & (part.n_votes[vote_class].sum(axis=0) > 0)
    used = part.sessions[has_votes]
    return {
        "vote_class": vote_class,
        "n_roll_calls": int(part.n_roll_calls[vote_class][is_covered].sum()),
        "session_first": int(used[0]) if used.size else None,
        "session_last": int(used[-1]) if used.size else None,
        "null_reason": None if is_covered.any() else "out_of_coverage",
        **NOTHING,
    }


def sum_rows(
    part: Panel, tier: Tier, columns: Columns, counts: Floats, paths: Paths
) -> Iterator[dict[str, Any]]:
    """LP0 to LP3.

    Args:
        part: The hegemon's support in the range.
        tier: Ally status in it.
        columns: Contributions of the states.
        counts: How often each state is in each draw.
        paths: Ally status of states in the permutations.
    """
    sums = columns.rows.sum(axis=0)
    drawn, permuted = None, None
    for cell in columns.cells:
        row = {**_head(part, tier, cell.vote_class), "estimator": cell.estimator}
        if row["null_reason"]:
            yield row
            continue
        row |= {"n_allies": cell.n_allies, "n_others": cell.n_others}
        estimate = float(cell.statistic(sums[list(cell.columns)]))
        if not (np.isfinite(estimate) and cell.n_allies and cell.n_others):
            yield {**row, "null_reason": "n_below_min"}
            continue
        row |= {"estimate": estimate, "outside_support_share": cell.outside_support_share}
        n_smaller = min(cell.n_allies, cell.n_others)
        if n_smaller < MIN_FOR_INFERENCE or part.hegemon in WITHOUT_INFERENCE:
            yield {**row, "inference": "few_allies"}
            continue
        if drawn is None or permuted is None:
            drawn = weighted_sums(counts, columns.rows)
            permuted = permuted_sums(paths, columns.by_path)
        yield {**row, **_interval(cell, columns.rows, drawn, estimate), **_p_value(cell, *permuted)}


def _interval(cell: Cell, rows: Floats, drawn: Floats, estimate: float) -> dict[str, Any]:
    used = list(cell.columns)
    replicates = cell.statistic(drawn[:, used])
    low, high = percentile_interval(replicates)
    jackknife = leave_one_out(rows[:, used], cell.statistic)
    low_bca, high_bca = bca_interval(estimate, replicates, jackknife) or (None, None)
    return {
        "ci_low": low,
        "ci_high": high,
        "ci_low_bca": low_bca,
        "ci_high_bca": high_bca,
        "inference": "state_bootstrap",
        "n_draws": len(replicates),
    }


def _p_value(cell: Cell, observed: Floats, permuted: Floats) -> dict[str, Any]:
    """Permutation p-value; 1 where nothing can be permuted."""
    used = list(cell.permuted_columns)
    value = float(cell.permuted_statistic(observed[used]))
    return {
        "p_value": two_tailed_p(value, cell.permuted_statistic(permuted[:, used])),
        "n_permutations": len(permuted),
    }
