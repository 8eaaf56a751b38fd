"""UN voting similarity of two states in one session (`metrics.vote_similarity`).

Each measure is a closed form of the dyad's joint table of votes; the formulas, with their
literature, are in `table_measures`. Votes are ordered yes, abstain, no; d = |a − b| (`_abs`),
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

from collections.abc import Callable, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from transforms.ballots import NO, NOT_MEMBER, SessionBallots, by_session, vote_set_rcids
from transforms.joint_tables import Floats, joint_tables, pairs
from transforms.metrics.table_measures import (
    absolute,
    agreement,
    cohen_kappa,
    kendall_tau_b,
    nominal,
    s_score,
    scott_pi,
    squared,
)
from transforms.outcome import Outcome

VOTE_SETS = ("final_only", "all_recorded")
"""The vote sets that are published; `transforms.ballots.vote_set_rcids` knows more."""

N_CHOICES = 3

MEASURES: dict[str, Callable[[Floats], Floats]] = {
    "agreement": lambda t: agreement(t, absolute(len(t))),
    "s_abs": lambda t: s_score(t, absolute(len(t))),
    "s_sq": lambda t: s_score(t, squared(len(t))),
    "pi_abs": lambda t: scott_pi(t, absolute(len(t))),
    "pi_sq": lambda t: scott_pi(t, squared(len(t))),
    "pi_nominal": lambda t: scott_pi(t, nominal(len(t))),
    "kappa_abs": lambda t: cohen_kappa(t, absolute(len(t))),
    "kappa_sq": lambda t: cohen_kappa(t, squared(len(t))),
    "tau_b": kendall_tau_b,
}
"""Column to measure, in stored order; each takes joint tables (K, K, …)."""


def build_vote_similarity(
    *,
    votes: pl.DataFrame,
    roll_calls: pl.DataFrame,
    states: pl.DataFrame,
    vote_sets: Sequence[str] = VOTE_SETS,
) -> Outcome:
    """Measures how alike every two states voted in every session.

    Args:
        votes: `core.votes` (rcid, ccode, choice). Votes of states that were not sovereign
            are kept: a dyad is no aggregate, and its reader may leave it out.
        roll_calls: `core.roll_calls` (rcid, session, is_unanimous, in_final_only, and
            in_final_strict where that vote set is asked for).
        states: `core.states` (ccode, valid_from, valid_to).
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
    sessions = list(by_session(votes, roll_calls, states))
    parts = [
        _measure(ballots, ballots.columns(rcids), vote_set)
        for ballots in sessions
        for vote_set, rcids in chosen.items()
    ]
    table = pl.concat(parts) if parts else _measure(_NO_SESSION, _NO_SESSION.choices, "")
    return Outcome({"metrics.vote_similarity": table})


def similarity(choices: NDArray[np.int8], *, n_categories: int = N_CHOICES) -> dict[str, Floats]:
    """All measures for all pairs of rows of a matrix of choices.

    Args:
        choices: Actors × items, categories 1 … K; anything else is missing.
        n_categories: K.

    Returns:
        `n_joint` and `MEASURES` for the pairs (i, j), i < j, in the order of
        `numpy.triu_indices`; NaN where a measure is undefined.
    """
    tables = pairs(joint_tables(choices, n_categories=n_categories))
    return {"n_joint": tables.sum(axis=(0, 1))} | {k: f(tables) for k, f in MEASURES.items()}


def _measure(ballots: SessionBallots, choices: NDArray[np.int8], vote_set: str) -> pl.DataFrame:
    """One session's rows; `choices` are the columns of the vote set."""
    first, second = np.triu_indices(len(ballots.ccodes), 1)
    # A session may have no roll call in the set; whether a state was a member it still tells.
    seen = choices if choices.shape[1] else ballots.choices
    silent = ~np.any(seen <= NO, axis=1)
    measures = similarity(choices)
    frame = pl.DataFrame(
        {
            "ccode1": ballots.ccodes[first],
            "ccode2": ballots.ccodes[second],
            "session": np.full(len(first), ballots.session, np.int16),
            "n_both_member": _both_member(choices)[first, second],
            "was_never_member": _both_member(seen)[first, second] == 0,
            "has_silent_state": silent[first] | silent[second],
            **measures,
        }
    )
    return frame.with_columns(pl.col(*MEASURES).fill_nan(None)).select(
        "ccode1",
        "ccode2",
        "session",
        pl.lit(vote_set).alias("vote_set"),
        pl.col("n_joint", "n_both_member").cast(pl.Int16),
        *MEASURES,
        _null_reason(),
    )


def _both_member(choices: NDArray[np.int8]) -> Floats:
    """Roll calls at which both states were UN members, actors × actors."""
    member: Floats = (choices != NOT_MEMBER).astype(np.float64)
    both: Floats = member @ member.T
    return both


def _null_reason() -> pl.Expr:
    """Why a row lacks measures; the first reason that holds."""
    return (
        pl.when(pl.col("n_joint") > 0)
        .then(pl.when(pl.any_horizontal(pl.col(*MEASURES).is_null())).then(pl.lit("no_variation")))
        .when("was_never_member")
        .then(pl.lit("not_member"))
        .when("has_silent_state")
        .then(pl.lit("absent_all"))
        .otherwise(pl.lit("n_below_min"))
        .alias("null_reason")
    )


_NO_SESSION = SessionBallots(
    0, np.empty(0, np.int16), np.empty(0, np.int64), np.empty((0, 0), np.int8)
)
