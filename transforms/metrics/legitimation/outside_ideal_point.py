"""`metrics.outside_ideal_point`: ideal points from votes outside a hegemon's unpopular ones.

θ^−U, for the baseline of LP3: ideal points from the votes to be explained would absorb the premium.
A roll call counts here only if it is popular for the hegemon whichever state is left out (see
`hegemon_support`), or if the hegemon voted neither yes nor no. The estimator is that of
`transforms.metrics.ideal_points`, with its own starting values and a looser tolerance; states that
were not sovereign are left out.
"""

from collections.abc import Sequence

import numpy as np
import polars as pl

from transforms.choices import CAST
from transforms.metrics.ideal_points.fit import Settings, fit_ideal_points
from transforms.metrics.ideal_points.vote_arrays import voting_record
from transforms.metrics.legitimation.hegemon_support import (
    HEGEMONS,
    UNPOPULAR_BELOW,
    VOTE_SET,
    decided_votes,
    share_without_own,
)
from transforms.metrics.legitimation.panel import USA
from transforms.rollcall_matrix import SessionBallots, by_session, vote_set_rcids
from transforms.step_result import StepResult

TABLE = "metrics.outside_ideal_point"
SETTINGS = Settings(tolerance=1e-2, max_iterations=150)
DECIMALS = 6
"""Decimals kept: far finer than the tolerance, coarser than what processors differ in."""

_SESSION_OF_ONE_ROLL_CALL = 19
_SCHEMA = {
    "ccode_hegemon": pl.Int16,
    "ccode": pl.Int16,
    "session": pl.Int16,
    "ideal_point": pl.Float64,
    "n_votes_outside": pl.Int16,
}


def build_outside_ideal_points(
    *, votes: pl.DataFrame, roll_calls: pl.DataFrame, chunks: pl.DataFrame | None = None
) -> StepResult:
    """Estimates, for each hegemon, ideal points on votes outside its unpopular ones.

    Args:
        votes: `core.votes` (rcid, ccode, session, choice, is_sovereign).
        roll_calls: `core.roll_calls` (rcid, session, in_final_only).
        chunks: All results of `estimate_outside`; computed here where missing.

    Returns:
        `metrics.outside_ideal_point`.
    """
    if chunks is None:
        chunks = estimate_outside(chunk=0, n_chunks=1, votes=votes, roll_calls=roll_calls)
    return StepResult({TABLE: chunks})


def estimate_outside(
    *, chunk: int, n_chunks: int, votes: pl.DataFrame, roll_calls: pl.DataFrame
) -> pl.DataFrame:
    """The ideal points for some of the hegemons: every `n_chunks`-th, from number `chunk` on."""
    sovereign = votes.filter("is_sovereign")
    hegemons = HEGEMONS[chunk::n_chunks]
    outside = rcids_outside(sovereign, roll_calls, hegemons)
    cast = sovereign.filter(pl.col("session") != _SESSION_OF_ONE_ROLL_CALL)
    return pl.concat(
        _estimate(cast.filter(pl.col("rcid").is_in(list(outside[hegemon]))), hegemon)
        for hegemon in hegemons
    )


def rcids_outside(
    votes: pl.DataFrame, roll_calls: pl.DataFrame, hegemons: Sequence[int] = HEGEMONS
) -> dict[int, frozenset[int]]:
    """Per hegemon the final votes that are unpopular for it for no state.

    Args:
        votes: `core.votes` of sovereign states.
        roll_calls: `core.roll_calls`.
        hegemons: COW codes.
    """
    final = vote_set_rcids(roll_calls, f"{VOTE_SET}_with_unanimous")
    outside: dict[int, set[int]] = {hegemon: set() for hegemon in hegemons}
    for ballots in by_session(votes, roll_calls):
        here = set(ballots.rcids.tolist()) & final
        for hegemon in hegemons:
            outside[hegemon] |= here - _unpopular(ballots, final, hegemon)
    return {hegemon: frozenset(rcids) for hegemon, rcids in outside.items()}


def _unpopular(ballots: SessionBallots, final: frozenset[int], hegemon: int) -> set[int]:
    """Roll calls of the session that are unpopular for at least one state."""
    others, own, rcids, _ = decided_votes(ballots, final, hegemon)
    voted = others <= 3
    same = voted & (others == own)
    is_lost = (voted & (share_without_own(voted, same) < UNPOPULAR_BELOW)).any(axis=0)
    return set(np.array(rcids, np.int64)[is_lost].tolist())


def _estimate(votes: pl.DataFrame, hegemon: int) -> pl.DataFrame:
    """Ideal points from these votes; no rows where the United States has no informative vote."""
    cast = votes.filter(pl.col("choice").cast(pl.String).is_in(CAST))
    differs = cast.filter(pl.col("choice").n_unique().over("rcid") > 1)
    if differs.filter(pl.col("ccode") == USA).is_empty():
        return pl.DataFrame(schema=_SCHEMA)
    record = voting_record(differs)
    fit = fit_ideal_points(record, SETTINGS)
    return pl.DataFrame(
        {
            "ccode_hegemon": np.full(record.n_units, hegemon, np.int16),
            "ccode": record.ccode,
            "session": record.session,
            "ideal_point": fit.theta.round(DECIMALS),
            "n_votes_outside": record.n_votes.astype(np.int16),
        },
        schema=_SCHEMA,
    )
