"""`metrics.legitimation_two_way`: the premium with errors clustered by state and roll call.

The premium's own intervals draw states: they take roll calls as fixed and states as independent of
each other. Here votes on one roll call may be correlated as well, as they are where a bloc votes in
concert. A check on LP0, LP1, LP2 and LP4, not another estimate: estimates are those of
`metrics.legitimation_premium`. LP3 is left out, since the error of its baseline is no sum over
votes, and so is LP5, which is matching.

Classes leave the state's own vote out, so a roll call can be in a class for some states and not for
others; it is one cluster all the same, in LP1 across both of its classes.

A state that never changed adds to LP4's standard errors, but informs the estimate little: t has as
many degrees of freedom as states changed, less 1; in LP0 to LP2 as there are allies or others,
whichever are fewer, less 1.

References: Cameron, Gelbach and Miller 2011 (JBES 29: 238-249); see
`transforms.inference.two_way_clustering`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from transforms.contingency_tables import Floats
from transforms.inference.two_way_clustering import TwoWayError, two_way_error
from transforms.metrics.claims.editions import FIRST_EDITION, with_leader_and_edition
from transforms.metrics.legitimation.hegemon_support import (
    HEGEMONS,
    VOTE_SET,
    decided_votes,
    vote_classes,
)
from transforms.metrics.legitimation.panel import Panel, panel_of
from transforms.metrics.legitimation.session_windows import windows
from transforms.metrics.legitimation.vote_weights import CELLS, CLASSES, VoteWeights, weights_of
from transforms.rollcall_matrix import NO, SessionBallots, by_session, vote_set_rcids
from transforms.step_result import StepResult

TABLE = "metrics.legitimation_two_way"
MIN_GROUP = 3
"""Allies, others, or states that changed, below which an error would be too small."""

DECIMALS = 9
"""Decimals kept: coarser than what the order of summation can change."""

_SCHEMA: dict[str, Any] = {
    "ccode_hegemon": pl.Int16, "tier": pl.String,
    **dict.fromkeys(("session_from", "session_to"), pl.Int16),
    **dict.fromkeys(("window_name", "vote_set", "vote_class", "estimator"), pl.String),
    **dict.fromkeys(("estimate", "std_error_state", "std_error_roll_call", "std_error_two_way",
                     "ci_low", "ci_high", "p_value"), pl.Float64),
    "n_votes_of_class": pl.Int32, "n_states": pl.Int16, "n_roll_calls": pl.Int32,
    "null_reason": pl.String,
}  # fmt: skip


@dataclass(frozen=True)
class _Scores:
    """Running sums of one estimate; `by_state` in the order of the panel."""

    weights: VoteWeights
    by_state: Floats
    by_roll_call: list[Floats]
    squares: list[float]
    estimates: list[float]


def build_legitimation_two_way(
    *,
    votes: pl.DataFrame,
    roll_calls: pl.DataFrame,
    hegemon_support: pl.DataFrame,
    ally_tier: pl.DataFrame,
) -> StepResult:
    """Clusters the premium's standard errors by state and roll call.

    Args:
        votes: `core.votes` (rcid, ccode, session, choice, is_sovereign).
        roll_calls: `core.roll_calls`.
        hegemon_support: `metrics.hegemon_support`.
        ally_tier: `marts.ally_tier`.

    Returns:
        `metrics.legitimation_two_way`, for every hegemon, tier and range of sessions.
    """
    counted = vote_set_rcids(roll_calls, f"{VOTE_SET}_with_unanimous")
    ballots = list(by_session(votes.filter("is_sovereign"), roll_calls))
    rows = [
        row
        for hegemon in HEGEMONS
        for row in _rows(panel_of(hegemon_support, ally_tier, hegemon), ballots, counted)
    ]
    table = pl.DataFrame(
        [{**dict.fromkeys(_SCHEMA), **row} for row in rows], schema=_SCHEMA, orient="row"
    )
    return StepResult({TABLE: with_leader_and_edition(table, FIRST_EDITION)})


def _rows(
    panel: Panel, ballots: list[SessionBallots], counted: frozenset[int]
) -> Iterator[dict[str, Any]]:
    if not len(panel.sessions):
        return
    heads: list[dict[str, Any]] = []
    asked: list[VoteWeights | None] = []
    for tier, status in panel.status.items():
        for window in windows(int(panel.sessions[-1])):
            within = (panel.sessions >= window.first) & (panel.sessions <= window.last)
            covered = (status >= 0) & within
            for vote_class, estimator in CELLS:
                heads.append(
                    {
                        "ccode_hegemon": panel.hegemon,
                        "tier": tier,
                        "session_from": window.first,
                        "session_to": window.last,
                        "window_name": window.name,
                        "vote_set": VOTE_SET,
                        "vote_class": vote_class,
                        "estimator": estimator,
                        "null_reason": None if covered.any() else "out_of_coverage",
                    }
                )
                weights = weights_of(panel, status == 1, covered, vote_class, estimator)
                if isinstance(weights, str):
                    heads[-1]["null_reason"] = heads[-1]["null_reason"] or weights
                asked.append(None if isinstance(weights, str) else weights)
    for head, found in zip(heads, _scores(panel, ballots, counted, asked), strict=True):
        if found is None:
            yield head
        elif min(found.weights.n_groups) < MIN_GROUP:
            yield {**head, "null_reason": "n_below_min"}
        else:
            yield {**head, **_figures(panel, found)}


def _scores(
    panel: Panel,
    ballots: list[SessionBallots],
    counted: frozenset[int],
    asked: list[VoteWeights | None],
) -> list[_Scores | None]:
    """Scores of all estimates, added up session by session."""
    found = [
        None if w is None else _Scores(w, np.zeros(len(panel.ccodes)), [], [], []) for w in asked
    ]
    for session in ballots:
        column = np.flatnonzero(panel.sessions == session.session)
        here = [] if not column.size else [
            f for f in found if f and any(w[:, column].any() for w in f.weights.weight.values())
        ]  # fmt: skip
        if here:
            _add_session(panel, session, counted, int(column[0]), here)
    return found


def _add_session(
    panel: Panel, ballots: SessionBallots, counted: frozenset[int], column: int, here: list[_Scores]
) -> None:
    others, own, rcids, ccodes = decided_votes(ballots, counted, panel.hegemon)
    voted = others <= NO
    agreement = (1 - np.abs(others - own) / 2) * voted
    classes = vote_classes(ccodes, voted, voted & (agreement == 1), np.zeros(len(rcids), bool))
    rows = np.searchsorted(panel.ccodes, ccodes)
    by_roll_call = np.zeros((len(here), len(rcids)))
    is_there = np.zeros(by_roll_call.shape, bool)
    for name in CLASSES:
        used = [k for k, one in enumerate(here) if name in one.weights.weight]
        of_class = voted & classes[name][0]
        if not used or not of_class.any():
            continue
        n, a = of_class.astype(np.float64), agreement * of_class
        weight = np.array([here[k].weights.weight[name][rows, column] for k in used])
        fitted = np.array([here[k].weights.fitted[name][rows, column] for k in used])
        by_roll_call[used] += np.einsum("ki,iv->kv", weight, a)
        by_roll_call[used] -= np.einsum("ki,iv->kv", weight * fitted, n)
        is_there[used] |= np.einsum("ki,iv->kv", (weight != 0).astype(np.float64), n) > 0
        n_votes, total, squared = n.sum(axis=1), a.sum(axis=1), (a * a).sum(axis=1)
        by_state = weight * (total - fitted * n_votes)
        squares = weight**2 * (squared - 2 * fitted * total + fitted**2 * n_votes)
        for place, k in enumerate(used):
            here[k].by_state[rows] += by_state[place]
            here[k].squares.append(float(squares[place].sum()))
            here[k].estimates.append(float((weight[place] * total).sum()))
    for one, sums, there in zip(here, by_roll_call, is_there, strict=True):
        one.by_roll_call.append(sums[there])


def _figures(panel: Panel, found: _Scores) -> dict[str, Any]:
    """Estimate, errors and counts of one cell."""
    used = {name: weight != 0 for name, weight in found.weights.weight.items()}
    is_counted = np.any([u.any(axis=1) for u in used.values()], axis=0)
    n = int(sum((panel.n_votes[name] * u).sum() for name, u in used.items()))
    by_roll_call = np.concatenate(found.by_roll_call)
    error = two_way_error(
        found.by_state[is_counted],
        by_roll_call,
        float(np.sum(found.squares)),
        n=n,
        n_coefficients=found.weights.n_coefficients,
        n_informative=min(found.weights.n_groups),
    )
    if error is None:
        return {"null_reason": "n_below_min"}
    estimate = float(np.sum(found.estimates))
    return {
        "estimate": round(estimate, DECIMALS),
        **_inferred(error, estimate),
        "n_votes_of_class": n,
        "n_states": int(is_counted.sum()),
        "n_roll_calls": len(by_roll_call),
    }


def _inferred(error: TwoWayError, estimate: float) -> dict[str, float]:
    low, high = error.interval(estimate)
    figures = {
        "std_error_state": error.first,
        "std_error_roll_call": error.second,
        "std_error_two_way": error.both,
        "ci_low": low,
        "ci_high": high,
        "p_value": error.p_value(estimate),
    }
    return {name: round(value, DECIMALS) for name, value in figures.items()}
