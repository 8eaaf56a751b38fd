"""LP4: agreement of states while they are allies against while they are not.

Λ_is = α_i + δ_s + τ · ally_is over state-sessions with at least ten votes of the class, by least
squares with votes as weights. τ is identified by states whose status changed, with the others as
controls. p-value and interval: wild cluster bootstrap-t over states, with 999 draws.
"""

from typing import Any

import numpy as np

from transforms.inference.wild_bootstrap import within_effect
from transforms.metrics.legitimation.estimators import Tier
from transforms.metrics.legitimation.hegemon_support import MIN_VOTES
from transforms.metrics.legitimation.panel import Panel

VOTE_CLASSES = ("unpopular", "hegemon_specific", "popular")
N_DRAWS = 999
DECIMALS = 9
"""Decimals kept: coarser than what the order of summation can change."""

MIN_SWITCHERS = 3


def within_row(
    part: Panel, tier: Tier, vote_class: str, rng: np.random.Generator, *, is_inferred: bool
) -> dict[str, Any]:
    """LP4 of one class, tier and range of sessions.

    Args:
        part: The hegemon's support in the range.
        tier: Ally status in it.
        vote_class: Class of roll calls.
        rng: Random numbers of the draws.
        is_inferred: Whether to compute an interval.
    """
    n_votes, total = part.n_votes[vote_class], part.total[vote_class]
    at, on = np.nonzero((n_votes >= MIN_VOTES) & (tier.status >= 0))
    weights, ally = n_votes[at, on], tier.status[at, on].astype(np.float64)
    n_as_ally = np.bincount(at, ally, len(part.ccodes))
    n_as_other = np.bincount(at, 1 - ally, len(part.ccodes))
    row: dict[str, Any] = {
        "vote_class": vote_class,
        "estimator": "LP4",
        "inference": "none",
        "n_draws": 0,
        "n_permutations": 0,
        "n_allies": int((n_as_ally > 0).sum()),
        "n_others": int((n_as_other > 0).sum()),
    }
    if not (row["n_allies"] and row["n_others"]):
        return {**row, "null_reason": "n_below_min"}
    effect = within_effect(
        outcome=total[at, on] / weights,
        treatment=ally,
        weights=weights,
        unit=at,
        period=on,
        n_draws=N_DRAWS,
        rng=rng,
    )
    if effect is None:
        return {**row, "null_reason": "no_variation"}
    row["estimate"] = round(effect.estimate, DECIMALS)
    n_switchers = ((n_as_ally > 0) & (n_as_other > 0)).sum()
    if n_switchers < MIN_SWITCHERS or not is_inferred:
        return {**row, "inference": "few_allies"}
    is_bounded = effect.ci_low is not None and effect.ci_high is not None
    ends = (effect.ci_low, effect.ci_high) if is_bounded else (None, None)
    return {
        **row,
        "ci_low": None if ends[0] is None else round(ends[0], DECIMALS),
        "ci_high": None if ends[1] is None else round(ends[1], DECIMALS),
        "p_value": round(effect.p_value, DECIMALS),
        "inference": "wild_bootstrap",
        "n_draws": N_DRAWS,
    }
