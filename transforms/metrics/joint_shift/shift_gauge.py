"""Location and scale of the ideal points: what the likelihood does not know and priors do.

Adding a number to all ideal points of a period, or multiplying all by one, leaves the likelihood
as it is if the items follow. The steps for states and for items go along these directions by small
bits, a hundred times or more; here the best place for the priors is computed at once.
"""

from dataclasses import replace

import numpy as np

from transforms.metrics.ideal_points.item_parameters import CUT_PRECISION, SLOPE_PRECISION
from transforms.metrics.ideal_points.kalman_smoother import FIRST_VARIANCE
from transforms.metrics.ideal_points.likelihood import Items
from transforms.metrics.joint_shift.shift_items import cuts_beyond_means
from transforms.metrics.joint_shift.shift_model import (
    Point,
    StateStep,
    squared_moves,
)
from transforms.metrics.joint_shift.shift_votes import ShiftVotes

LEAST_VARIANCE = 1e-4


def relocate(votes: ShiftVotes, point: Point) -> Point:
    """Adds to all ideal points of a period what suits the priors best; cutpoints follow.

    Args:
        votes: The votes.
        point: Parameters; the likelihood at what is returned is the same.
    """
    record, period = votes.record, votes.period
    n = int(period.max()) + 1
    deviation = point.theta - point.group_mean[votes.group][votes.row]
    at = np.flatnonzero(~votes.begins)
    gap = record.session[at].astype(np.float64) - record.session[at - 1]
    weight = 1 / (point.move_variance * gap)
    now, before = period[at], period[at - 1]
    first = period[votes.begins]
    matrix = np.diag(np.bincount(first, minlength=n) / FIRST_VARIANCE)
    right = -np.bincount(first, deviation[votes.begins], n) / FIRST_VARIANCE
    move = weight * (deviation[at] - deviation[at - 1])
    right += np.bincount(before, move, n) - np.bincount(now, move, n)
    for one, other, sign in (
        (now, now, 1),
        (before, before, 1),
        (now, before, -1),
        (before, now, -1),
    ):
        np.add.at(matrix, (one, other), sign * weight)
    of_items, slope = votes.item_period, point.items.slope
    n_cuts = 1.0 + record.has_two_cuts
    beyond = cuts_beyond_means(votes, point.items, point.cut_mean).sum(axis=0)
    matrix[np.diag_indices(n)] += CUT_PRECISION * np.bincount(of_items, n_cuts * slope**2, n)
    right -= CUT_PRECISION * np.bincount(of_items, slope * beyond, n)
    add = np.linalg.solve(matrix, right)
    n_items, moved = record.n_items, point.items.slope * add[votes.item_period]
    cuts = np.concatenate(
        [
            point.items.cuts[:n_items] + moved,
            np.where(record.has_two_cuts, point.items.cuts[n_items:] + moved, 0),
        ]
    )
    return replace(point, theta=point.theta + add[period], items=Items(point.items.slope, cuts))


def best_scale(votes: ShiftVotes, there: Point) -> float:
    """What to multiply ideal points by: the root of d/dc of the priors of first points and slopes.

    With n states, Q their first ideal points' expected squares around the means of their groups and
    S the squares of the slopes around theirs, n log c − c² Q / 2 − S / (2 c²) is largest where
    Q c⁴ − n c² − S = 0. Moves do not count: their variance is a parameter, and follows.

    Args:
        votes: The votes.
        there: Parameters.
    """
    q = _first_squares(votes, there)
    slopes = there.items.slope - there.slope_mean[votes.item_class]
    s, n = SLOPE_PRECISION * float(np.sum(slopes**2)), len(votes.states)
    return float(np.sqrt((n + np.sqrt(n * n + 4 * q * s)) / (2 * q)))


def best_move_variance(votes: ShiftVotes, step: StateStep) -> float:
    """ω² from expected squared moves.

    They are what is left of all Gaussian terms, of which each has an expected square of 1 less what
    its votes have spent, when first ideal points and shifts are taken off.

    Args:
        votes: The votes.
        step: The states' step.
    """
    point, n_units = step.point, votes.record.n_units
    n = n_units - len(votes.states)
    if n == 0:
        return point.move_variance
    moves = (
        2 * n_units
        - float(step.spent.sum())
        + float(squared_moves(votes, point).sum())
        - float(point.own_variance.sum()) / point.shift_variance
        - _first_squares(votes, point)
    )
    return max(point.move_variance * moves / n, LEAST_VARIANCE)


def _first_squares(votes: ShiftVotes, point: Point) -> float:
    begins = votes.begins
    deviation = point.theta[begins] - point.group_mean[votes.group]
    return float(np.sum(deviation**2 + point.theta_variance[begins]) / FIRST_VARIANCE)


def rescale(point: Point, c: float) -> Point:
    """Multiplies ideal points by c and divides slopes by it.

    Args:
        point: Parameters; the likelihood at what is returned is the same.
        c: Above 0.
    """
    return replace(
        point,
        theta=point.theta * c,
        items=Items(point.items.slope / c, point.items.cuts),
        group_mean=point.group_mean * c,
        slope_mean=point.slope_mean / c,
        move_variance=point.move_variance * c**2,
        theta_variance=point.theta_variance * c**2,
        covariance=point.covariance * c,
    )
