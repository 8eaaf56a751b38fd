"""`metrics.vote_similarity_weighted`: UN voting similarity with weighted roll calls.

Signorino and Ritter's S with absolute distances over a joint table of weights in place of
counts: T_ab = Σ_v w_v · 1[first state a, second state b], n = ΣT, S = 1 − 2·Σ|a − b|·T / (d_max·n),
in [−1, 1]. Signorino & Ritter 1999 (ISQ 43:115–44) weigh issues by their importance. The scale
of the weights does not matter, their proportions do. Weightings:

* `unpopularity`: w_v = 1 − σ_v, with σ_v the share of the other sovereign states voting that
  voted like the United States (`usa_support_share` of `marts.roll_call`, abstainers in the
  denominator). Similarity counts most where the United States stood alone, where support is
  costly; 0 where all others sided with it, and where it abstained or was absent and had no
  position. σ_v is a property of the roll call: no vote is left out of it, unlike in the classes
  of the legitimation premium.
* `importance`: w_v = 1 where the State Department listed the vote as important, else 0. Only
  sessions in which votes were coded (38–72) have rows; an uncoded vote weighs 0. S is then
  plain S over the important votes.

A hegemon-free weight such as 1 − the share of the largest side is not used: it is smallest
where one state stands against all, and largest where the Assembly is split.

Worked example, weights ½, 1 and ½, two states voting yes–yes, yes–no and yes–abstain:
n = 2, Σ|a − b|·T = 2·1 + 1·½ = 5/2, S = 1 − 2·(5/2)/(2·2) = −¼; unweighted S is 0.
"""

from collections.abc import Iterator

import numpy as np
import polars as pl
from numpy.typing import NDArray

from transforms.contingency_tables import Floats, pair_tables, pairs, whole_weights
from transforms.metrics.similarity.agreement_measures import absolute, s_score
from transforms.metrics.similarity.vote_dyads import N_CHOICES, membership, null_reason
from transforms.rollcall_matrix import SessionBallots, by_session, vote_set_rcids
from transforms.step_result import StepResult

TABLE = "metrics.vote_similarity_weighted"

VOTE_SETS = ("final_only", "all_recorded")
"""No `_with_unanimous`: a vote in which all agree is popular, so it weighs nothing or too much."""

_SCHEMA = {
    "ccode1": pl.Int16,
    "ccode2": pl.Int16,
    "session": pl.Int16,
    "vote_set": pl.String,
    "weighting": pl.String,
    "n_joint": pl.Int16,
    "n_both_member": pl.Int16,
    "s_abs": pl.Float64,
    "null_reason": pl.String,
}


def build_vote_similarity_weighted(
    *, votes: pl.DataFrame, roll_calls: pl.DataFrame, states: pl.DataFrame
) -> StepResult:
    """Measures the weighted voting similarity of every two states in every session.

    Args:
        votes: `core.votes` (rcid, ccode, choice).
        roll_calls: `marts.roll_call` (rcid, session, in_final_only, is_unanimous,
            usa_support_share, is_important).
        states: `core.states` (ccode, valid_from, counts_to).

    Returns:
        `metrics.vote_similarity_weighted`, one row per (ccode1 < ccode2, session, vote_set,
        weighting) for the dyads of `metrics.vote_similarity`; n_joint counts joint votes with
        a weight above 0. `importance` has rows only for sessions with coded votes. No row is
        lost.

    Raises:
        ValueError: The votes contradict the roll calls.
    """
    chosen = {name: vote_set_rcids(roll_calls, name) for name in VOTE_SETS}
    weights = roll_call_weights(roll_calls)
    parts = [
        part.with_columns(pl.lit(vote_set).alias("vote_set"))
        for ballots in by_session(votes, roll_calls, states)
        for vote_set, rcids in chosen.items()
        for part in _measure(ballots, rcids, weights)
    ]
    table = pl.concat(parts) if parts else pl.DataFrame(schema=_SCHEMA)
    return StepResult({TABLE: table.select(pl.col(k).cast(v) for k, v in _SCHEMA.items())})


def roll_call_weights(roll_calls: pl.DataFrame) -> dict[str, dict[int, float]]:
    """The weight of every roll call, by weighting.

    Args:
        roll_calls: `marts.roll_call` (rcid, session, usa_support_share, is_important).

    Returns:
        Weighting to rcid to weight ≥ 0; under `importance` the roll calls of sessions in which
        nothing was coded are not there.
    """
    is_coded = pl.col("is_important").is_not_null().any().over("session")
    tables = {
        "unpopularity": roll_calls.select(
            "rcid", weight=(1.0 - pl.col("usa_support_share")).fill_null(0.0)
        ),
        "importance": roll_calls.filter(is_coded).select(
            "rcid", weight=pl.col("is_important").fill_null(False).cast(pl.Float64)
        ),
    }
    return {name: dict(table.iter_rows()) for name, table in tables.items()}


def _measure(
    ballots: SessionBallots, rcids: frozenset[int], weights: dict[str, dict[int, float]]
) -> Iterator[pl.DataFrame]:
    """One session's rows, in one frame per weighting that has the session."""
    choices = ballots.columns(rcids)
    held = [rcid for rcid in ballots.rcids.tolist() if rcid in rcids]
    for weighting, weight_of in weights.items():
        if not any(rcid in weight_of for rcid in ballots.rcids.tolist()):
            continue
        weight = np.array([weight_of.get(rcid, 0.0) for rcid in held])
        counted = choices[:, weight > 0]
        frame = pl.DataFrame(membership(ballots, counted) | _weighted(counted, weight[weight > 0]))
        yield frame.with_columns(
            null_reason(pl.lit(False)),
            pl.col("s_abs").fill_nan(None),
            session=pl.lit(ballots.session),
            weighting=pl.lit(weighting),
        )


def _weighted(choices: NDArray[np.int8], weight: Floats) -> dict[str, Floats]:
    """Weighted S and the number of joint votes, for the pairs i < j."""
    whole = whole_weights(weight)
    blocks = pair_tables(choices, n_categories=N_CHOICES, weights=whole)
    voted = ((choices >= 1) & (choices <= N_CHOICES)).astype(np.float32)
    return {
        "s_abs": np.concatenate([s_score(tables, absolute(N_CHOICES)) for tables in blocks]),
        "n_joint": pairs(voted @ voted.T),
    }
