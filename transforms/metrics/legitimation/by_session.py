"""LP0 by session, for charts and for single years.

The interval is that of 2,000 draws of states. For the United States the states of the session are
drawn; for the placebo hegemons all states, of which those that voted in the session count.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from transforms.contingency_tables import Floats
from transforms.inference.cluster_bootstrap import draw_counts, percentile_interval, weighted_sums
from transforms.metrics.legitimation.hegemon_support import VOTE_SET, share
from transforms.metrics.legitimation.panel import USA, Panel, mean_where

TIERS = ("core", "atop", "us_core")
VOTE_CLASSES = ("unpopular", "popular", "isolated")


def session_rows(panel: Panel, counts: Floats, seed: int) -> Iterator[dict[str, Any]]:
    """LP0 of every session, for the tiers and classes that charts show.

    Args:
        panel: One hegemon's support.
        counts: How often each state is in each of the hegemon's draws. The United States
            has draws of its own in each session.
        seed: Seed of those.

    Yields:
        Rows; out_of_coverage where the tier says nothing of the year, n_below_min where no ally
        or no other state has ten votes of the class (and so all of session 19, which has one
        roll call).
    """
    for place, session in enumerate(panel.sessions.tolist()):
        part = panel.between(session, session)
        voted = part.is_listed[:, 0]
        if panel.hegemon == USA:
            rng = np.random.default_rng([seed, session])
            here = draw_counts(int(voted.sum()), len(counts), rng)
        else:
            here = counts[:, voted]
        for vote_class in VOTE_CLASSES:
            n_votes, total = part.n_votes[vote_class][voted], part.total[vote_class][voted]
            mean = mean_where(n_votes, total, np.ones((len(n_votes), 1), bool))
            for tier in TIERS:
                if tier in part.status:
                    yield {
                        "ccode_hegemon": panel.hegemon,
                        "tier": tier,
                        "session_from": session,
                        "session_to": session,
                        "window_name": "session",
                        "vote_set": VOTE_SET,
                        "vote_class": vote_class,
                        "estimator": "LP0",
                        "inference": "state_bootstrap",
                        "n_roll_calls": int(panel.n_roll_calls[vote_class][place]),
                        "session_first": session,
                        "session_last": session,
                        "n_draws": len(counts),
                        "n_permutations": 0,
                        "seed": seed,
                        **_premium(mean, part.status[tier][voted, 0], here),
                    }


def _premium(mean: Floats, status: NDArray[np.int8], counts: Floats) -> dict[str, Any]:
    """LP0 with its interval, from one Λ and one ally status per state."""
    if not (status >= 0).any():
        return {"null_reason": "out_of_coverage"}
    known = ~np.isnan(mean)
    allies, others = known & (status == 1), known & (status == 0)
    numbers = {"n_allies": int(allies.sum()), "n_others": int(others.sum())}
    if not (allies.any() and others.any()):
        return {**numbers, "null_reason": "n_below_min"}
    estimate = float(mean[allies].mean() - mean[others].mean())
    replicates = _group_means(mean, allies, counts) - _group_means(mean, others, counts)
    low, high = percentile_interval(replicates)
    return {"estimate": estimate, "ci_low": low, "ci_high": high, **numbers}


def _group_means(mean: Floats, group: NDArray[np.bool_], counts: Floats) -> Floats:
    """The group's mean in every draw; NaN where a draw holds none of it."""
    drawn = counts[:, group]
    return share(weighted_sums(drawn, mean[group][:, None])[:, 0], drawn.sum(axis=1))
