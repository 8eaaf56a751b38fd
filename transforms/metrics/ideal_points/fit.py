"""Fits the model of ideal points: where to start, how to speed up, when to stop.

Start: sessions are first estimated one by one and turned into one direction (`start`), until
they have settled; then the random walks link them and the items start anew. So the result
does not depend on the values that one starts from.

Speed: Anderson acceleration (`acceleration`). An accelerated point that lowers the penalised
log posterior by more than 10⁻⁶ of it is taken back.

ω² = 0.05: the variance of states' moves that the votes themselves suggest is 0.03 to 0.04
(mean square of the smoothed moves plus their posterior variance). Bailey, Strezhnev and
Voeten's code has 0.5 times the later session's share of two sessions' votes, about 0.25, as
the variance of the prior that looks back only; their prior from one side weighs less than a
random walk, which looks both ways.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl

from transforms.metrics.ideal_points.acceleration import Anderson
from transforms.metrics.ideal_points.items import first_items
from transforms.metrics.ideal_points.likelihood import Items
from transforms.metrics.ideal_points.model import Point, iterate, pack, standardise, unpack
from transforms.metrics.ideal_points.record import Floats, VotingRecord
from transforms.metrics.ideal_points.start import (
    points_to_usa,
    relative_agreement,
    turn_sessions,
)

Observer = Callable[[int, Floats], None]
"""Is shown the number of each iteration and the ideal points that it led to."""

SETTLED = 0.03
"""Sessions estimated one by one have settled when no session's root mean square move is larger."""

RELATIVE_FALL = 1e-6
"""By how much an accelerated point may lower the log posterior before it is taken back."""

_TRACE = {
    "iteration": pl.Int64,
    "kind": pl.String,
    "log_posterior": pl.Float64,
    "max_change": pl.Float64,
}


@dataclass(frozen=True)
class Settings:
    """How to iterate.

    Attributes:
        innovation_variance: ω², variance of a state's move from one session to the next.
        tolerance: Stop when no ideal point moves by more in one iteration.
        max_iterations: Stop anyway; `Fit.is_converged` tells.
        max_separate: Most iterations with sessions estimated one by one; there are none
            where a fit is continued.
        memory: Differences that Anderson acceleration uses; 0 switches it off.
    """

    innovation_variance: float = 0.05
    tolerance: float = 1e-4
    max_iterations: int = 400
    max_separate: int = 60
    memory: int = 8


@dataclass(frozen=True)
class Fit:
    """An estimate.

    Attributes:
        theta: Ideal point of each state-session of the record.
        items: Slopes and cutpoints.
        trace: One row per iteration: iteration, kind (separate, plain, accelerated, or
            rejected: an accelerated point that was taken back), log_posterior (penalised, of
            the point that the iteration started from), max_change (largest move of an ideal
            point in the iteration).
        is_converged: Whether the tolerance was reached.
    """

    theta: Floats
    items: Items
    trace: pl.DataFrame
    is_converged: bool


@dataclass(frozen=True)
class _Taken:
    """The last iteration that counts: where it led, and the log posterior it started from."""

    led_to: Point
    posterior: float


def fit_ideal_points(
    record: VotingRecord,
    settings: Settings | None = None,
    *,
    start: Floats | None = None,
    continued: Fit | None = None,
    observe: Observer | None = None,
) -> Fit:
    """Estimates ideal points.

    Args:
        record: The votes.
        settings: How to iterate.
        start: Ideal points to start from; by default `relative_agreement`.
        continued: A fit to start from instead, items and all.
        observe: Called after each iteration.

    Returns:
        The estimate; the United States is positive on average.

    Raises:
        ValueError: The United States has no vote, or the start does not fit the record.
    """
    if continued is not None:
        here = Point(continued.theta, continued.items)
    else:
        here = Point(relative_agreement(record) if start is None else start, first_items(record))
    if len(here.theta) != record.n_units:
        raise ValueError(f"{len(here.theta)} starting values for {record.n_units} state-sessions")
    points_to_usa(record, here.theta)  # refuses a record without the United States at once
    here = standardise(record, here)
    is_linked = continued is not None
    return _iterate(record, settings or Settings(), here, is_linked=is_linked, observe=observe)


def _iterate(
    record: VotingRecord,
    settings: Settings,
    here: Point,
    *,
    is_linked: bool,
    observe: Observer | None,
) -> Fit:
    anderson = Anderson(settings.memory)
    last = _Taken(here, -np.inf)
    rows: list[tuple[int, str, float, float]] = []
    is_accelerated = converged = False
    for iteration in range(settings.max_iterations):
        there, posterior = iterate(record, here, settings.innovation_variance, is_linked=is_linked)
        moves = there.theta - here.theta
        change = float(np.abs(moves).max())
        lowest = last.posterior - RELATIVE_FALL * abs(last.posterior)
        if is_accelerated and not posterior >= lowest:
            rows.append((iteration, "rejected", posterior, change))
            anderson.forget()
            here, is_accelerated = last.led_to, False
            continue
        kind = "accelerated" if is_accelerated else "plain" if is_linked else "separate"
        rows.append((iteration, kind, posterior, change))
        last = _Taken(there, posterior)
        if observe:
            observe(iteration, there.theta)
        if not is_linked:
            here = turn_sessions(record, there)
            settled = _largest_session_move(record, moves) < SETTLED
            if settled or iteration + 1 >= settings.max_separate:
                is_linked, last = True, _Taken(there, -np.inf)
                here = Point(here.theta, first_items(record))
            continue
        if change < settings.tolerance:
            turned = turn_sessions(record, there)
            converged = np.array_equal(turned.theta, there.theta)
            if converged:
                break
            there = turned
            anderson.forget()
        is_accelerated = settings.memory > 0
        if is_accelerated:
            vector = anderson.next_point(pack(record, here), pack(record, there))
            there = standardise(record, unpack(record, vector))
        here = there
    theta, items = last.led_to.theta, last.led_to.items
    if not points_to_usa(record, theta):
        theta, items = -theta, Items(-items.slope, items.cuts)
    return Fit(theta, items, pl.DataFrame(rows, schema=_TRACE, orient="row"), converged)


def _largest_session_move(record: VotingRecord, moves: Floats) -> float:
    """Largest root mean square of the moves within a session."""
    session = record.session.astype(np.int64)
    n = np.bincount(session)
    squares = np.bincount(session, moves**2)
    return float(np.sqrt(squares[n > 0] / n[n > 0]).max())
