r"""The joint model of ideal points and an alliance shift, and the steps of its estimator.

Model. The vote of state i in period p on item v is that of a latent

    z = β_v θ_ip + U_v (δ · ally_ip + η_ip) + ε,   ε ~ N(0, 1):

against the leader below the first cutpoint, an abstention between the two, with it above the
second. U_v = 1 on unpopular items; η_ip ~ N(0, τ²) is the state's own shift, δ that of allies. θ
is a random walk as in `metrics.ideal_point`; its mean in a state's first period is one for states
that are ever allies and another, 0, for the rest, or shrinkage towards a common one would leave
some of what allies prefer to δ. Slopes are N(b, 1) with a mean b for unpopular items and another
for the others: with mean 0 they would be too flat, and δ again pick up the rest. θ has variance 1
around its mean in a state's first period, and moves by ω² a session; δ and η are in standard
deviations of ε.

What orients η: a state's shift that rises with its ideal point is a steeper slope of the unpopular
items. So η has no slope on θ among the states that are not allies, up to the weights of the fit.

Estimator. Items, δ, τ², ω² and the means are parameters; θ and η of a state have a Gaussian
approximation q, and

    F = Σ_i [E_q log P(votes of i) − KL(q_i ‖ prior)] + log p(items)

is raised by each step: a variational lower bound of the likelihood in which ideal points and
shifts are integrated out (Blei, Kucukelbir and McAuliffe 2017, JASA 112: 859-877). Expectations
are over two nodes, mean ± one standard deviation, exact for cubics. States are independent given
the parameters, so F has one term per state, which `shift_errors` turns into standard errors.
"""

from dataclasses import dataclass, replace

import numpy as np

from transforms.metrics.ideal_points import kalman_smoother as smoother
from transforms.metrics.ideal_points.likelihood import (
    LOG_ROOT_2PI,
    Items,
    Likelihood,
    evaluate_latent,
)
from transforms.metrics.ideal_points.vote_arrays import Floats
from transforms.metrics.joint_shift.shift_votes import ShiftVotes

LARGEST_MOVE = 1.0
LEAST_VARIANCE = 1e-12


@dataclass(frozen=True)
class Point:
    """All parameters, and the approximation q; arrays are by unit if nothing else is said.

    Attributes:
        theta: Mean of each ideal point.
        shift: Mean of each η.
        delta: δ.
        items: Slopes and cutpoints.
        group_mean: Mean of the first ideal point, by group.
        slope_mean: Mean of the slopes of popular and of unpopular items.
        cut_mean: Mean of their first and of their second cutpoints, cutpoints × classes.
        shift_variance: τ².
        move_variance: ω², variance of a state's move from one session to the next.
        theta_variance: Variance of each ideal point.
        covariance: Of ideal point and shift.
        own_variance: Variance of each shift.
    """

    theta: Floats
    shift: Floats
    delta: float
    items: Items
    group_mean: Floats
    slope_mean: Floats
    cut_mean: Floats
    shift_variance: float
    move_variance: float
    theta_variance: Floats
    covariance: Floats
    own_variance: Floats


@dataclass(frozen=True)
class Expected:
    """Expectations over q, one value per vote, tails before middles.

    Attributes:
        at_nodes: Likelihood and the ideal points behind it, at the two nodes.
        score: E d log P / dz.
        weight: −E d² log P / dz².
    """

    at_nodes: tuple[tuple[Likelihood, Floats], ...]
    score: Floats
    weight: Floats


@dataclass(frozen=True)
class StateStep:
    """The states' posterior given the items.

    Attributes:
        point: The new parameters.
        spent: Σ weight · variance of each state's votes.
        log_ratio: log of posterior over prior precision, by state.
    """

    point: Point
    spent: Floats
    log_ratio: Floats


def latent_moments(votes: ShiftVotes, point: Point) -> tuple[Floats, Floats, Floats]:
    """Mean and variance of z − ε of each vote, and its covariance with θ."""
    unit, unpopular = votes.unit, votes.on_unpopular
    slope = point.items.slope.take(votes.item)
    own = point.shift + point.delta * votes.is_ally
    both = point.covariance.take(unit)
    mean = slope * point.theta.take(unit) + unpopular * own.take(unit)
    with_theta = slope * point.theta_variance.take(unit) + unpopular * both
    with_shift = slope * both + point.own_variance.take(unit)
    variance = slope * with_theta + unpopular * with_shift
    return mean, np.maximum(variance, LEAST_VARIANCE), with_theta


def expect(votes: ShiftVotes, point: Point) -> Expected:
    """Evaluates the likelihood at both nodes."""
    n_tails = len(votes.record.tails.unit)
    mean, variance, with_theta = latent_moments(votes, point)
    deviation = np.sqrt(variance)
    theta, step = point.theta.take(votes.unit), with_theta / deviation
    nodes, parts = [], []
    for sign in (1.0, -1.0):
        latent = mean + sign * deviation
        found = evaluate_latent(votes.record, latent[:n_tails], latent[n_tails:], point.items.cuts)
        nodes.append((found, theta + sign * step))
        parts.append(
            (
                np.concatenate([found.tail_score, found.middle_score]),
                np.concatenate(found.information()),
            )
        )
    score, weight = ((a + b) / 2 for a, b in zip(*parts, strict=True))
    return Expected(tuple(nodes), score, weight)


def log_probabilities(likelihood: Likelihood) -> Floats:
    """Log P of each vote, tails before middles."""
    tails = -0.5 * likelihood.tail_x**2 - np.log(likelihood.tail_ratio)
    is_low = likelihood.low_ratio >= likelihood.high_ratio
    x = np.where(is_low, likelihood.low, likelihood.high)
    ratio = np.where(is_low, likelihood.low_ratio, likelihood.high_ratio)
    middles = -0.5 * x**2 - np.log(ratio)
    log_p: Floats = np.concatenate([tails, middles]) - LOG_ROOT_2PI
    return log_p


def step_states(
    votes: ShiftVotes, point: Point, expected: Expected, *, delta: float | None
) -> StateStep:
    """A Newton step for all ideal points, all shifts and δ at once.

    Args:
        votes: The votes.
        point: Current parameters.
        expected: Expectations there.
        delta: δ where it is fixed; None to estimate it.
    """
    record, tau = votes.record, point.shift_variance
    slope = point.items.slope.take(votes.item)
    of_unpopular = expected.weight * votes.on_unpopular
    d = votes.by_unit(expected.weight * slope**2)
    b = votes.by_unit(of_unpopular * slope)
    w = votes.by_unit(of_unpopular)
    ally = votes.is_ally.astype(np.float64)
    own = point.shift + point.delta * ally
    mean = point.group_mean[votes.group][votes.row]
    deviation = point.theta - mean
    h = votes.by_unit(expected.score * slope) + d * deviation + b * own
    r = votes.by_unit(expected.score * votes.on_unpopular) + b * deviation + w * own

    # Shifts are eliminated first, then the chains of ideal points, then δ.
    of_shift = w + 1 / tau
    left = ally / (tau * of_shift)
    chain, through = (
        smoother.smooth(record, d - b**2 / of_shift, information, point.move_variance)
        for information in (h - b * r / of_shift, left * b)
    )
    if delta is None:
        curvature = float(np.sum(left * (w - b * through.mean)))
        gradient = float(np.sum(left * (r - b * chain.mean)))
        delta = gradient / curvature if curvature > 0 else 0.0
    moved = chain.mean - delta * through.mean
    new = replace(
        point,
        theta=point.theta + np.clip(mean + moved - point.theta, -LARGEST_MOVE, LARGEST_MOVE),
        shift=(r - b * moved - w * ally * delta) / of_shift,
        delta=delta,
        theta_variance=chain.variance,
        covariance=-b / of_shift * chain.variance,
        own_variance=1 / of_shift + (b / of_shift) ** 2 * chain.variance,
    )
    spent = d * new.theta_variance + 2 * b * new.covariance + w * new.own_variance
    return StateStep(
        new,
        votes.by_state(spent),
        chain.log_narrowing + votes.by_state(np.log(of_shift * tau)),
    )


def bound_by_state(votes: ShiftVotes, step: StateStep, expected: Expected) -> Floats:
    """Each state's term of F, at the point of `step`, where `expected` was taken."""
    point = step.point
    at_nodes = [log_probabilities(likelihood) for likelihood, _ in expected.at_nodes]
    log_p = votes.by_state(votes.by_unit(np.mean(at_nodes, axis=0)))
    of_shift = votes.by_state(point.shift**2) / point.shift_variance
    quadratic = votes.by_state(squared_moves(votes, point)) + of_shift
    bound: Floats = log_p + 0.5 * (step.spent - step.log_ratio - quadratic)
    return bound


def squared_moves(votes: ShiftVotes, point: Point) -> Floats:
    """Squares of moves, and of first ideal points, over their prior variances."""
    record = votes.record
    deviation = point.theta - point.group_mean[votes.group][votes.row]
    squares = deviation**2 / smoother.FIRST_VARIANCE
    at = np.flatnonzero(~votes.begins)
    gap = record.session[at].astype(np.float64) - record.session[at - 1]
    squares[at] = (deviation[at] - deviation[at - 1]) ** 2 / (point.move_variance * gap)
    return squares
