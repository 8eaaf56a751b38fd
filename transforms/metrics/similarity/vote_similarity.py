"""`metrics.vote_similarity`: UN voting similarity of two states in one session.

The session is the primary grain, since an agenda is a session's; `metrics.vote_similarity_year` is
the same by calendar year.

Each measure is a closed form of the dyad's joint table of votes; the formulas, with their
literature, are in `agreement_measures`. Votes are ordered yes, abstain, no; d = |a − b| (`_abs`),
(a − b)² (`_sq`) or 1[a ≠ b] (`_nominal`), each scaled to at most 1.

| column | measure | range |
|---|---|---|
| agreement | Lijphart's index, Voeten's `agree`: (same + ½ partial) / n_joint | [0, 1] |
| s_abs, s_sq | Signorino and Ritter's S; s_abs = 2 × agreement − 1 | [−1, 1] |
| pi_abs, pi_sq, pi_nominal | Scott's π | [−1, 1] |
| kappa_abs, kappa_sq | Cohen's weighted κ; kappa_sq is the one to prefer (Häge 2011) | [−1, 1] |
| tau_b | Kendall's τ_b, legacy | [−1, 1] |

Absences are missing, never votes. Two states that never voted on the same roll call have no
measure; two that always cast one and the same vote agree fully, but have no π, κ or τ_b; with
one constant state κ is 0 and τ_b is NULL.
"""

from collections.abc import Sequence

import polars as pl

from transforms.metrics.similarity.vote_dyads import measure_periods
from transforms.rollcall_matrix import by_session, vote_set_rcids
from transforms.step_result import StepResult

TABLE = "metrics.vote_similarity"

VOTE_SETS = (
    "final_only",
    "final_only_with_unanimous",
    "all_recorded",
    "all_recorded_with_unanimous",
)
"""The vote sets that are published by session and by year, the primary one first."""
AS_LISTED = "final_only_as_listed"
"""Published by session only, for comparison: ballots as often as the vote file lists them."""


def build_vote_similarity(
    *,
    votes: pl.DataFrame,
    roll_calls: pl.DataFrame,
    states: pl.DataFrame,
    vote_sets: Sequence[str] = (*VOTE_SETS, AS_LISTED),
) -> StepResult:
    """Measures the voting similarity of every two states in every session.

    Args:
        votes: `core.votes` (rcid, ccode, choice). Votes of states that were not sovereign
            are kept: a dyad is no aggregate, and readers can leave it out.
        roll_calls: `core.roll_calls` (rcid, session, is_unanimous, and the column `in_…` of
            each vote set).
        states: `core.states` (ccode, valid_from, counts_to).
        vote_sets: Vote sets to measure; unanimous roll calls are left out of each, unless
            its name ends in `_with_unanimous`.

    Returns:
        `metrics.vote_similarity`, one row per (ccode1 < ccode2, session, vote_set), for all
        pairs of states that were in the state system in the session's year
        (session + 1945) or voted in the session. No row is lost.

    Raises:
        ValueError: A vote set is unknown, or the votes contradict the roll calls.
    """
    chosen = {name: vote_set_rcids(roll_calls, name) for name in vote_sets}
    periods = ((b.session, b) for b in by_session(votes, roll_calls, states))
    return StepResult({TABLE: measure_periods(periods, chosen, "session")})
