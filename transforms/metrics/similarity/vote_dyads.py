"""Voting similarity of all dyads of states over the roll calls of one period.

Each measure is a closed form of the dyad's joint table of votes; formulas and literature are in
`agreement_measures`. The tables are `metrics.vote_similarity` and `metrics.vote_similarity_year`.
"""

from collections.abc import Callable, Iterable, Mapping

import numpy as np
import polars as pl
from numpy.typing import NDArray

from transforms.choices import NO_ROW
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
from transforms.rollcall_matrix import NO, Ballots, is_counted_as_member, is_seated, without_seat

N_CHOICES = 3
_NO_CHOICES = np.empty((0, 0), np.int8)

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
    """The null reason of a dyad: the first that holds, NULL where no measure is missing.

    Args:
        missing: Whether a dyad with joint votes lacks a measure all the same.

    Returns:
        An expression over `n_joint` and the flags of `membership`.
    """
    return (
        pl.when(pl.col("n_joint") > 0)
        .then(pl.when(missing).then(pl.lit("no_variation")))
        .when("was_never_member")
        .then(pl.lit("not_member"))
        .when("was_seat_disputed")
        .then(pl.lit("seat_disputed"))
        .when("has_unknown_state")
        .then(pl.lit("no_row"))
        .when("has_silent_state")
        .then(pl.lit("absent_all"))
        .otherwise(pl.lit("n_below_min"))
        .alias("null_reason")
    )


def membership(ballots: Ballots, choices: NDArray[np.int8]) -> dict[str, NDArray[np.generic]]:
    """UN membership and participation of two states, for the pairs i < j.

    Args:
        ballots: The votes of the period.
        choices: Its columns in the vote set.

    Returns:
        `ccode1`, `ccode2`, `n_both_member` (roll calls at which both could vote), and the flags
        `was_never_member` (never both counted as members), `was_seat_disputed` (both counted,
        and never both able to vote), `has_unknown_state` (one of which nothing is known) and
        `has_silent_state` (one that never voted). Where a period has no roll call in the set,
        members and voters are read from all its roll calls.
    """
    first, second = np.triu_indices(len(ballots.ccodes), 1)
    seen = choices if choices.shape[1] else ballots.choices
    silent = ~np.any(seen <= NO, axis=1)
    unknown = without_seat(seen) == NO_ROW
    never_counted = _both(is_counted_as_member(seen)) == 0
    return {
        "ccode1": ballots.ccodes[first],
        "ccode2": ballots.ccodes[second],
        "n_both_member": _both(is_seated(choices)),
        "was_never_member": never_counted,
        "was_seat_disputed": ~never_counted & (_both(is_seated(seen)) == 0),
        "has_unknown_state": unknown[first] | unknown[second],
        "has_silent_state": silent[first] | silent[second],
    }


def _measures(tables: Floats) -> dict[str, Floats]:
    return {"n_joint": tables.sum(axis=(0, 1))} | {k: f(tables) for k, f in MEASURES.items()}


def _joined(blocks: Iterable[dict[str, Floats]]) -> dict[str, Floats]:
    """Blocks of pairs, concatenated by column."""
    parts = list(blocks)
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def measure_periods(
    periods: Iterable[tuple[int, Ballots]], vote_sets: Mapping[str, frozenset[int]], name: str
) -> pl.DataFrame:
    """Measures all dyads in every period and vote set.

    Args:
        periods: Period (session or year) and its votes.
        vote_sets: Name of a vote set to its roll calls.
        name: Column of the period.

    Returns:
        One row per (ccode1 < ccode2, period, vote_set), with counts, `MEASURES` and `null_reason`.
    """
    parts = []
    for period, ballots in periods:
        measured: dict[frozenset[int], pl.DataFrame] = {}
        for vote_set, rcids in vote_sets.items():
            # Most sessions have no unanimous roll call, and many only final votes: sets repeat.
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
    """The published counts; with n_joint they determine the joint table."""
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


def _both(flags: NDArray[np.bool_]) -> Floats:
    """Roll calls at which both states have the flag, for the pairs i < j."""
    counted = flags.astype(np.float32)
    return pairs(counted @ counted.T)
