"""UN voting similarity of two states in one session, or in one calendar year.

Tables: `metrics.vote_similarity` by session, which is the primary grain (an agenda is a
session's), and `metrics.vote_similarity_year` by the date of the roll call.

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

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from transforms.contingency_tables import Floats, pair_tables, pairs
from transforms.metrics.similarity.agreement_measures import (
    absolute,
    agreement,
    cohen_kappa,
    kendall_tau_b,
    nominal,
    s_score,
    scott_pi,
    squared,
)
from transforms.rollcall_matrix import NO, NOT_MEMBER, Ballots, by_session, by_year, vote_set_rcids
from transforms.step_result import StepResult

VOTE_SETS = (
    "final_only",
    "final_only_with_unanimous",
    "all_recorded",
    "all_recorded_with_unanimous",
)
"""The vote sets that are published, the primary one first."""

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
) -> StepResult:
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
    periods = ((b.session, b) for b in by_session(votes, roll_calls, states))
    return StepResult({"metrics.vote_similarity": _measure_all(periods, chosen, "session")})


def build_vote_similarity_year(
    *,
    votes: pl.DataFrame,
    roll_calls: pl.DataFrame,
    states: pl.DataFrame,
    vote_sets: Sequence[str] = VOTE_SETS,
) -> StepResult:
    """Measures how alike every two states voted in every calendar year.

    The roll calls are the same as by session, dealt out by the year of their date.

    Args:
        votes: As in `build_vote_similarity`.
        roll_calls: As there, with `year` in place of `session`.
        states: As there.
        vote_sets: As there.

    Returns:
        `metrics.vote_similarity_year`, one row per (ccode1 < ccode2, year, vote_set), for
        all pairs of states that were in the state system in the year or voted in it, and
        all years with a roll call. No row is lost.

    Raises:
        ValueError: As there.
    """
    chosen = {name: vote_set_rcids(roll_calls, name) for name in vote_sets}
    periods = ((b.year, b) for b in by_year(votes, roll_calls, states))
    return StepResult({"metrics.vote_similarity_year": _measure_all(periods, chosen, "year")})


def similarity(choices: NDArray[np.int8], *, n_categories: int = N_CHOICES) -> dict[str, Floats]:
    """All measures for all pairs of rows of a matrix of choices.

    Args:
        choices: Actors × items, categories 1 … K; anything else is missing.
        n_categories: K.

    Returns:
        `n_joint` and `MEASURES` for the pairs (i, j), i < j, in the order of
        `numpy.triu_indices`; NaN where a measure is undefined.
    """
    return _joined(_measures(t) for t in pair_tables(choices, n_categories=n_categories))


def null_reason(missing: pl.Expr) -> pl.Expr:
    """Why a dyad lacks measures; the first reason that holds, NULL where nothing is missing.

    Args:
        missing: Whether a dyad with joint votes lacks a measure all the same.

    Returns:
        An expression over `n_joint` and the two flags of `membership`.
    """
    return (
        pl.when(pl.col("n_joint") > 0)
        .then(pl.when(missing).then(pl.lit("no_variation")))
        .when("was_never_member")
        .then(pl.lit("not_member"))
        .when("has_silent_state")
        .then(pl.lit("absent_all"))
        .otherwise(pl.lit("n_below_min"))
        .alias("null_reason")
    )


def membership(ballots: Ballots, choices: NDArray[np.int8]) -> dict[str, NDArray[np.generic]]:
    """What is known of two states whether or not they voted, for the pairs i < j.

    Args:
        ballots: The votes of the period.
        choices: Its columns in the vote set.

    Returns:
        `ccode1`, `ccode2`, `n_both_member`, and the flags `was_never_member` and
        `has_silent_state`. A period may have no roll call in the set; who was a member and
        who voted is then read from all its roll calls.
    """
    first, second = np.triu_indices(len(ballots.ccodes), 1)
    seen = choices if choices.shape[1] else ballots.choices
    silent = ~np.any(seen <= NO, axis=1)
    return {
        "ccode1": ballots.ccodes[first],
        "ccode2": ballots.ccodes[second],
        "n_both_member": _both_member(choices),
        "was_never_member": _both_member(seen) == 0,
        "has_silent_state": silent[first] | silent[second],
    }


def _measures(tables: Floats) -> dict[str, Floats]:
    return {"n_joint": tables.sum(axis=(0, 1))} | {k: f(tables) for k, f in MEASURES.items()}


def _joined(blocks: Iterable[dict[str, Floats]]) -> dict[str, Floats]:
    """Columns of blocks of pairs, one after the other."""
    parts = list(blocks)
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _measure_all(
    periods: Iterable[tuple[int, Ballots]], vote_sets: Mapping[str, frozenset[int]], name: str
) -> pl.DataFrame:
    """All rows; `name` is the column that says which period a row is of."""
    parts = []
    for period, ballots in periods:
        measured: dict[frozenset[int], pl.DataFrame] = {}
        for vote_set, rcids in vote_sets.items():
            # Most sessions have no unanimous roll call, and many nothing but final votes.
            held = rcids.intersection(ballots.rcids.tolist())
            if held not in measured:
                measured[held] = _measure(ballots, ballots.columns(held))
            labels = pl.lit(period, pl.Int16).alias(name), pl.lit(vote_set).alias("vote_set")
            parts.append(measured[held].with_columns(*labels))
    if not parts:
        empty = Ballots(
            ccodes=np.empty(0, np.int16), rcids=np.empty(0, np.int64), choices=_NO_CHOICES
        )
        labels = pl.lit(0, pl.Int16).alias(name), pl.lit("").alias("vote_set")
        parts = [_measure(empty, _NO_CHOICES).with_columns(*labels)]
    return pl.concat(parts)


def _measure(ballots: Ballots, choices: NDArray[np.int8]) -> pl.DataFrame:
    """The rows of one period and vote set, without their labels."""
    found = _joined(
        _measures(tables) | _counts(tables)
        for tables in pair_tables(choices, n_categories=N_CHOICES)
    )
    frame = pl.DataFrame(membership(ballots, choices) | found)
    return frame.with_columns(pl.col(*MEASURES).fill_nan(None)).select(
        "ccode1",
        "ccode2",
        pl.col("n_both_member", *(name for name in found if name not in MEASURES)).cast(pl.Int16),
        *MEASURES,
        null_reason(pl.any_horizontal(pl.col(*MEASURES).is_null())),
    )


def _counts(tables: Floats) -> dict[str, Floats]:
    """The counts that are published beside the measures; with n_joint they fix the table."""
    yes, no = 0, N_CHOICES - 1
    first, second = tables.sum(axis=1), tables.sum(axis=0)
    same = tables[0, 0] + tables[1, 1] + tables[2, 2]
    opposite = tables[yes, no] + tables[no, yes]
    return {
        "n_same": same,
        "n_partial": tables.sum(axis=(0, 1)) - same - opposite,
        "n_opposite": opposite,
        "n_yes1": first[yes],
        "n_no1": first[no],
        "n_yes2": second[yes],
        "n_no2": second[no],
        "n_yes_yes": tables[yes, yes],
        "n_yes_no": tables[yes, no],
        "n_no_yes": tables[no, yes],
        "n_no_no": tables[no, no],
    }


def _both_member(choices: NDArray[np.int8]) -> Floats:
    """Roll calls at which both states were UN members, for the pairs i < j."""
    member = (choices != NOT_MEMBER).astype(np.float32)
    return pairs(member @ member.T)


_NO_CHOICES = np.empty((0, 0), np.int8)
