"""Fits the model of ideal points: starting values, acceleration and stopping rule.

Start: sessions are first estimated one by one and turned into one direction (`initial_values`),
until they have settled; then the random walks link them and the items start anew. So the result
does not depend on the starting values.

Speed: Anderson acceleration (`anderson_acceleration`). An accelerated point that lowers the
penalised log posterior by more than 10⁻⁶ of it is rejected.

ω² = 0.05: the variance of states' moves that the votes themselves suggest is 0.03 to 0.04
(mean square of the smoothed moves plus their posterior variance). Bailey, Strezhnev and
Voeten's code has 0.5 times the later session's share of two sessions' votes, about 0.25, as the
variance of a prior from the previous session only; it constrains less than a random walk, which
links a session to both neighbours.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl

from transforms.metrics.ideal_points.anderson_acceleration import Anderson
from transforms.metrics.ideal_points.initial_values import (
    points_to_usa,
    relative_agreement,
    turn_sessions,
)
from transforms.metrics.ideal_points.item_parameters import first_items
from transforms.metrics.ideal_points.likelihood import Items
from transforms.metrics.ideal_points.model import Point, iterate, pack, standardise, unpack
from transforms.metrics.ideal_points.vote_arrays import Floats, VotingRecord

Observer = Callable[[int, Floats], None]
"""Called with the number of each iteration and the resulting ideal points."""

SETTLED = 0.03
"""Sessions estimated one by one have settled when no session's root mean square move is larger."""

RELATIVE_FALL = 1e-6
"""Relative fall of the log posterior above which an accelerated point is rejected."""

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
        max_iterations: Most iterations; `Fit.is_converged` is false where they did not suffice.
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
        trace: One row per iteration: iteration, kind (plain, accelerated, or rejected: an
            accelerated point not kept), log_posterior (penalised, of the point
            that the iteration started from), max_change (largest move of an ideal point in
            the iteration).
        n_separate: Iterations before these, with sessions estimated one by one.
        is_converged: Whether the tolerance was reached.
    """

    theta: Floats
    items: Items
    trace: pl.DataFrame
    n_separate: int
    is_converged: bool


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
    settings = settings or Settings()
    if continued is not None:
        first, n_separate = Point(continued.theta, continued.items), 0
    else:
        points = relative_agreement(record) if start is None else start
        first, n_separate = _settle(record, settings, points)
    theta, items, trace = _iterate(record, settings, first, observe)
    if not points_to_usa(record, theta):
        theta, items = -theta, Items(-items.slope, items.cuts)
    is_converged = bool(trace["max_change"][-1] < settings.tolerance)
    return Fit(theta, items, trace, n_separate, is_converged)


def _settle(record: VotingRecord, settings: Settings, start: Floats) -> tuple[Point, int]:
    """Sessions estimated one by one and turned into one direction; items start anew after it."""
    if len(start) != record.n_units:
        raise ValueError(f"{len(start)} starting values for {record.n_units} state-sessions")
    points_to_usa(record, start)  # refuses a record without the United States at once
    here = standardise(record, Point(start, first_items(record)))
    n_separate, move = 0, np.inf
    while move >= SETTLED and n_separate < settings.max_separate:
        there, _ = iterate(record, here, settings.innovation_variance, is_linked=False)
        move = _largest_session_move(record, there.theta - here.theta)
        here = turn_sessions(record, there)
        n_separate += 1
    return Point(here.theta, first_items(record)), n_separate


def _largest_session_move(record: VotingRecord, moves: Floats) -> float:
    """Largest root mean square of the moves within a session."""
    session = record.session.astype(np.int64)
    n = np.bincount(session)
    squares = np.bincount(session, moves**2)
    return float(np.sqrt(squares[n > 0] / n[n > 0]).max())


def _iterate(
    record: VotingRecord, settings: Settings, here: Point, observe: Observer | None
) -> tuple[Floats, Items, pl.DataFrame]:
    anderson = Anderson(settings.memory)
    led_to, last_posterior = here, -np.inf  # of the last iteration that counts
    rows: list[tuple[int, str, float, float]] = []
    is_accelerated = False
    for iteration in range(settings.max_iterations):
        there, posterior = iterate(record, here, settings.innovation_variance)
        change = float(np.abs(there.theta - here.theta).max())
        lowest = last_posterior - RELATIVE_FALL * abs(last_posterior)
        if is_accelerated and not posterior >= lowest:
            rows.append((iteration, "rejected", posterior, change))
            anderson.reset()
            here, is_accelerated = led_to, False
            continue
        rows.append((iteration, "accelerated" if is_accelerated else "plain", posterior, change))
        led_to, last_posterior = there, posterior
        if observe:
            observe(iteration, there.theta)
        if change < settings.tolerance:
            turned = turn_sessions(record, there)
            if np.array_equal(turned.theta, there.theta):
                break
            there = turned
            anderson.reset()
        is_accelerated = settings.memory > 0
        if is_accelerated:
            vector = anderson.next_point(pack(record, here), pack(record, there))
            there = standardise(record, unpack(record, vector))
        here = there
    trace = pl.DataFrame(rows, schema=_TRACE, orient="row")
    return led_to.theta, led_to.items, trace
