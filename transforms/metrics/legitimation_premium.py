"""The legitimation premium: do allies side with the hegemon where it stands alone?

LP0, the raw premium, per session: the mean Λ of allies − the mean Λ of the others, each state
counting the same, where Λ_i is a state's mean agreement with the hegemon over a class of roll
calls (see `hegemon_support`). In [−1, 1]; NULL where a side has no state with ten votes.

LP0 is descriptive. It is large for any Western state taken as hegemon, since allies share
preferences; it has no p-value by definition. The interval says how much LP0 depends on which
states are in it: percentiles of 2,000 draws of states, with replacement, from all that voted.

References: Istomin & Baykov 2019; Bailey, Strezhnev & Voeten 2017 (JCR 61:430–56).
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from transforms.ballots import SESSION_OFFSET, SessionBallots, by_session, vote_set_rcids
from transforms.joint_tables import Floats
from transforms.metrics.hegemon_support import share, support
from transforms.outcome import Outcome

HEGEMON = 2
TIERS = ("core", "atop")
VOTE_SETS = ("final_only",)
ESTIMATOR = "LP0"

N_DRAWS = 2000
SEED = 20190634
CONFIDENCE = 0.95

_SCHEMA = {
    "ccode_hegemon": pl.Int16,
    "tier": pl.String,
    "session_from": pl.Int16,
    "session_to": pl.Int16,
    "window_name": pl.String,
    "vote_set": pl.String,
    "vote_class": pl.String,
    "estimator": pl.String,
    "estimate": pl.Float64,
    "ci_low": pl.Float64,
    "ci_high": pl.Float64,
    "ci_low_bca": pl.Float64,
    "ci_high_bca": pl.Float64,
    "p_value": pl.Float64,
    "inference": pl.String,
    "n_allies": pl.Int16,
    "n_others": pl.Int16,
    "n_roll_calls": pl.Int32,
    "session_first": pl.Int16,
    "session_last": pl.Int16,
    "outside_support_share": pl.Float64,
    "n_draws": pl.Int32,
    "n_permutations": pl.Int32,
    "seed": pl.Int64,
    "null_reason": pl.String,
}


def build_legitimation_premium(
    *,
    votes: pl.DataFrame,
    roll_calls: pl.DataFrame,
    ally_tier: pl.DataFrame,
    seed: int = SEED,
) -> Outcome:
    """Compares allies and others on the hegemon's unpopular, popular and isolated votes.

    Args:
        votes: `core.votes` (rcid, ccode, choice, is_sovereign).
        roll_calls: `core.roll_calls` (rcid, session, in_final_only).
        ally_tier: `marts.ally_tier` (ccode_hegemon, ccode, year, tier_core, tier_atop). A
            session is read at year = session + 1945. A state that has no row in a year
            that the table covers is no ally; a year without any value in a tier is outside
            its coverage (n_allies is NULL too); a state whose own value is NULL counts on
            neither side.
        seed: Seed of the draws; with the session it fixes them.

    Returns:
        `metrics.legitimation_premium`, one row per tier, session, vote set and vote class;
        rows that cannot be computed are there with their `null_reason`: out_of_coverage, or
        n_below_min where no ally or no other state has ten votes of the class (and so all
        of session 19, which has one roll call).
    """
    sovereign = votes.filter("is_sovereign")
    chosen = {name: vote_set_rcids(roll_calls, f"{name}_with_unanimous") for name in VOTE_SETS}
    rows = [
        row
        for ballots in by_session(sovereign, roll_calls)
        for row in _session_rows(ballots, chosen, ally_tier, seed)
    ]
    table = pl.DataFrame(rows, schema=_SCHEMA, orient="row")
    return Outcome({"metrics.legitimation_premium": table})


def _session_rows(
    ballots: SessionBallots, chosen: dict[str, frozenset[int]], ally_tier: pl.DataFrame, seed: int
) -> Iterator[dict[str, Any]]:
    """All rows of one session; they share its draws of states."""
    others = ballots.ccodes[ballots.ccodes != HEGEMON]
    status = {tier: _ally_status(ally_tier, tier, ballots.session, others) for tier in TIERS}
    draws = _draws(len(others), np.random.default_rng([seed, ballots.session]))
    for vote_set, rcids in chosen.items():
        for vote_class, found in support(ballots, rcids, HEGEMON).items():
            for tier in TIERS:
                yield {
                    "ccode_hegemon": HEGEMON,
                    "tier": tier,
                    "session_from": ballots.session,
                    "session_to": ballots.session,
                    "vote_set": vote_set,
                    "vote_class": vote_class,
                    "estimator": ESTIMATOR,
                    "window_name": "session",
                    "inference": "state_bootstrap",
                    "n_permutations": 0,
                    "session_first": ballots.session,
                    "session_last": ballots.session,
                    "n_roll_calls": found.n_roll_calls,
                    "n_draws": N_DRAWS,
                    "seed": seed,
                    **_premium(found.mean_agreement, status[tier], draws),
                }


def _ally_status(
    ally_tier: pl.DataFrame, tier: str, session: int, ccodes: NDArray[np.int16]
) -> Floats | None:
    """1 ally, 0 other, NaN unknown, per state; None where the tier does not cover the year."""
    in_year = ally_tier.filter(
        pl.col("ccode_hegemon") == HEGEMON, pl.col("year") == session + SESSION_OFFSET
    ).select("ccode", pl.col(f"tier_{tier}").alias("is_ally"))
    if in_year["is_ally"].null_count() == in_year.height:
        return None
    known = dict(in_year.iter_rows())
    values = [known.get(ccode, False) for ccode in ccodes.tolist()]
    return np.array([np.nan if v is None else float(v) for v in values])


def _draws(n_states: int, rng: np.random.Generator) -> Floats:
    """How often each state is drawn, draws × states; each row sums to the number of states."""
    picked = rng.integers(0, max(n_states, 1), size=(N_DRAWS, n_states))
    place = picked + n_states * np.arange(N_DRAWS)[:, None]
    counts = np.bincount(place.ravel(), minlength=N_DRAWS * n_states)
    return counts.reshape(N_DRAWS, n_states).astype(np.float64)


def _premium(mean_agreement: Floats, status: Floats | None, draws: Floats) -> dict[str, Any]:
    """LP0 with its interval, from one Λ and one ally status per state."""
    empty = dict.fromkeys(("estimate", "ci_low", "ci_high", "n_allies", "n_others"))
    if status is None:
        return {**empty, "null_reason": "out_of_coverage"}
    known = ~np.isnan(mean_agreement)
    allies, others = known & (status == 1), known & (status == 0)
    counts = {"n_allies": int(allies.sum()), "n_others": int(others.sum())}
    if not (allies.any() and others.any()):
        return {**empty, **counts, "null_reason": "n_below_min"}
    value = np.where(known, mean_agreement, 0.0)
    estimate = float(value[allies].mean() - value[others].mean())
    replicates = _group_means(value, allies, draws) - _group_means(value, others, draws)
    tail = 100 * (1 - CONFIDENCE) / 2
    low, high = np.nanpercentile(replicates, [tail, 100 - tail]).tolist()
    return {"estimate": estimate, "ci_low": low, "ci_high": high, **counts, "null_reason": None}


def _group_means(value: Floats, group: NDArray[np.bool_], draws: Floats) -> Floats:
    """The group's mean in every draw; NaN where a draw holds none of it.

    einsum and not a matrix product: its order of summation does not depend on threads.
    """
    drawn = draws[:, group]
    return share(np.einsum("ds,s->d", drawn, value[group]), drawn.sum(axis=1))
