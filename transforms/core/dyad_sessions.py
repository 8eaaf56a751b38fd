"""`core.dyad_sessions`: counts of joint UN votes of every two states in one session.

The measures of similarity computed from such counts are in `metrics.vote_similarity`. Matrix
products replace a self-join of a million votes.
"""

import numpy as np
import polars as pl

from transforms.contingency_tables import joint_counts
from transforms.rollcall_matrix import SessionBallots, by_session, is_seated, vote_set_rcids
from transforms.step_result import StepResult

VOTE_SET = "final_only"

_SCHEMA = {
    "ccode1": pl.Int16,
    "ccode2": pl.Int16,
    "session": pl.Int16,
    "n_both_member": pl.Int16,
    "n_joint": pl.Int16,
    "n_same": pl.Int16,
    "n_partial": pl.Int16,
    "n_opposite": pl.Int16,
}


def build_dyad_sessions(
    *, votes: pl.DataFrame, roll_calls: pl.DataFrame, states: pl.DataFrame
) -> StepResult:
    """Counts joint, equal and opposite votes of every two states in every session.

    Args:
        votes: `core.votes` (rcid, ccode, choice).
        roll_calls: `core.roll_calls` (rcid, session, in_final_only, is_unanimous).
        states: `core.states` (ccode, valid_from, counts_to).

    Returns:
        `core.dyad_sessions`, one row per (ccode1 < ccode2, session) for all pairs of states
        that were in the state system in the session's year (session + 1945) or voted in the
        session, over its `final_only` roll calls that were not unanimous. No row is lost.

    Raises:
        ValueError: The votes contradict the roll calls.
    """
    rcids = vote_set_rcids(roll_calls, VOTE_SET)
    parts = [_count(ballots, rcids) for ballots in by_session(votes, roll_calls, states)]
    table = pl.concat(parts) if parts else pl.DataFrame(schema=_SCHEMA)
    return StepResult({"core.dyad_sessions": table})


def _count(ballots: SessionBallots, rcids: frozenset[int]) -> pl.DataFrame:
    """One session's dyads."""
    choices = ballots.columns(rcids)
    first, second = np.triu_indices(len(ballots.ccodes), 1)
    member = is_seated(choices).astype(np.float32)
    columns = {
        "ccode1": ballots.ccodes[first],
        "ccode2": ballots.ccodes[second],
        "session": np.full(len(first), ballots.session),
        "n_both_member": (member @ member.T)[first, second],
        **joint_counts(choices),
    }
    return pl.DataFrame({name: values.astype(np.int16) for name, values in columns.items()})
