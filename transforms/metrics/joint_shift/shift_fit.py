"""Fits the joint model: starting values, acceleration, stopping rule.

One iteration: states (ideal points, shifts and δ), then items and the means and variances of the
priors, then location and scale (`shift_gauge`).
"""

from dataclasses import dataclass, replace

import numpy as np

from transforms.metrics.ideal_points.anderson_acceleration import Anderson
from transforms.metrics.ideal_points.item_parameters import (
    first_items,
)
from transforms.metrics.ideal_points.likelihood import Items
from transforms.metrics.ideal_points.vote_arrays import Floats
from transforms.metrics.joint_shift.shift_gauge import (
    LEAST_VARIANCE,
    best_move_variance,
    best_scale,
    relocate,
    rescale,
)
from transforms.metrics.joint_shift.shift_items import log_prior_of_items, step_parameters
from transforms.metrics.joint_shift.shift_model import (
    Point,
    bound_by_state,
    expect,
    step_states,
)
from transforms.metrics.joint_shift.shift_votes import ShiftVotes

TOLERANCE = 3e-4
"""Stop when δ moves by less in one iteration, and ideal points by less of their spread."""

FIXED_TOLERANCE = 5e-5
"""The same where δ is fixed: errors are differences of such fits, which lie close by each other."""

MAX_ITERATIONS = 150
MEMORY = 8
PLAIN_ITERATIONS = 4
"""Iterations before acceleration begins."""

RELATIVE_FALL = 1e-5
"""Relative fall of F above which an accelerated point is rejected."""

FIRST_SHIFT_VARIANCE = 0.1
FIRST_THETA_VARIANCE = 0.05
FIRST_MOVE_VARIANCE = 0.02
STARTING_STEPS = 3


@dataclass(frozen=True)
class ShiftFit:
    """An estimate.

    Attributes:
        point: Parameters and q.
        by_state: Each state's term of F, states ascending.
        n_iterations: Iterations.
        is_converged: Whether the tolerance was reached.
    """

    point: Point
    by_state: Floats
    n_iterations: int
    is_converged: bool


def fit_shift(
    votes: ShiftVotes, *, delta: float | None = None, start: Point | None = None
) -> ShiftFit:
    """Estimates the model.

    Args:
        votes: The votes.
        delta: δ where it is fixed; None to estimate it.
        start: Parameters to start from; by default states' mean votes.
    """
    here = start or first_point(votes)
    tolerance = TOLERANCE if delta is None else FIXED_TOLERANCE
    anderson = Anderson(MEMORY)
    led_to, best, is_accelerated, is_converged = here, -np.inf, False, False
    n_iterations = 0
    for n_iterations in range(1, MAX_ITERATIONS + 1):
        try:
            there, value = _iterate(votes, here, delta)
        except np.linalg.LinAlgError:  # variances that were drawn out to nothing or without end
            if not is_accelerated:
                break
            there, value = led_to, -np.inf
        if is_accelerated and not value >= best - RELATIVE_FALL * abs(best):
            anderson.reset()
            here, is_accelerated = led_to, False
            continue
        moved = float((there.theta - here.theta).std() / there.theta.std())
        is_converged = max(abs(there.delta - here.delta), moved) < tolerance
        led_to, best = there, value
        if is_converged:
            break
        is_accelerated = n_iterations >= PLAIN_ITERATIONS
        if is_accelerated:
            vector = anderson.next_point(pack(votes, here), pack(votes, there))
            here = unpack(votes, there, vector, delta)
        else:
            here = there
    step = step_states(votes, led_to, expect(votes, led_to), delta=delta)
    by_state = bound_by_state(votes, step, expect(votes, step.point))
    return ShiftFit(step.point, by_state, n_iterations, is_converged)


def first_point(votes: ShiftVotes) -> Point:
    """Ideal points from states' mean votes, against the means of their items; items for them."""
    record = votes.record
    yes, abstain, no = record.counts
    mean = ((no - yes) / (yes + abstain + no))[record.item]
    deviation = record.choice.astype(np.float64) - 2 - mean
    n = np.maximum(np.bincount(record.unit, minlength=record.n_units), 1)
    theta = np.bincount(record.unit, deviation, record.n_units) / n
    spread = float(theta.std())
    zero = np.zeros(record.n_units)
    point = Point(
        theta=(theta - theta.mean()) / (spread if spread > 0 else 1.0),
        shift=zero,
        delta=0.0,
        items=first_items(record),
        group_mean=np.zeros(2),
        slope_mean=np.zeros(2),
        cut_mean=np.zeros((2, 2)),
        shift_variance=FIRST_SHIFT_VARIANCE,
        move_variance=FIRST_MOVE_VARIANCE,
        theta_variance=zero + FIRST_THETA_VARIANCE,
        covariance=zero,
        own_variance=zero,
    )
    for _ in range(STARTING_STEPS):
        found = step_parameters(votes, point, expect(votes, point))
        point = replace(point, items=found.items)
    return point


def _iterate(votes: ShiftVotes, here: Point, delta: float | None) -> tuple[Point, float]:
    """The next parameters, and F after the states' step."""
    step = step_states(votes, here, expect(votes, here), delta=delta)
    expected = expect(votes, step.point)
    by_state = bound_by_state(votes, step, expected)
    value = float(by_state.sum()) + log_prior_of_items(votes, step.point)
    there = step_parameters(votes, step.point, expected)
    squares = there.shift**2 + there.own_variance
    there = replace(
        there,
        shift_variance=max(float(squares.mean()), LEAST_VARIANCE),
        move_variance=best_move_variance(votes, step),
    )
    there = relocate(votes, there)
    return rescale(there, best_scale(votes, there)), value


def pack(votes: ShiftVotes, point: Point) -> Floats:
    """All parameters as one vector in which any combination is valid."""
    n = votes.record.n_items
    first, second = point.items.cuts[:n], point.items.cuts[n:]
    gap = np.where(votes.record.has_two_cuts, second - first, 1)
    scalars = [point.delta, np.log(point.shift_variance), np.log(point.move_variance)]
    means = [*scalars, point.group_mean[1], *point.slope_mean, *point.cut_mean.ravel()]
    return np.concatenate([means, point.theta, point.shift, point.items.slope, first, np.log(gap)])


def unpack(votes: ShiftVotes, like: Point, vector: Floats, delta: float | None) -> Point:
    """The parameters of a vector that `pack` has made; the variances of q as in `like`."""
    n, n_units = votes.record.n_items, votes.record.n_units
    sizes = np.cumsum([10, n_units, n_units, n, n])
    scalars, theta, shift, slope, first, log_gap = np.split(vector, sizes)
    second = np.where(votes.record.has_two_cuts, first + np.exp(log_gap), 0)
    return replace(
        like,
        theta=theta,
        shift=shift,
        delta=float(scalars[0]) if delta is None else delta,
        items=Items(slope, np.concatenate([first, second])),
        group_mean=np.array([0.0, scalars[3]]),
        slope_mean=scalars[4:6],
        cut_mean=scalars[6:].reshape(2, 2),
        shift_variance=float(np.exp(scalars[1])),
        move_variance=float(np.exp(scalars[2])),
    )
