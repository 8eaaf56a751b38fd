"""Items of the joint model: a Newton step, their priors, and the means that priors have.

Slopes are N(b, 1) and cutpoints N(m, 5²), with a b for popular and another for unpopular items, and
an m for each class and cutpoint. Means of 0 would pull thousands of items one way, and δ with them.
"""

from dataclasses import replace

import numpy as np

from transforms.metrics.ideal_points.item_parameters import (
    CUT_PRECISION,
    SLOPE_PRECISION,
    derivatives,
    step_items,
)
from transforms.metrics.ideal_points.likelihood import Items
from transforms.metrics.ideal_points.vote_arrays import Floats
from transforms.metrics.joint_shift.shift_model import Expected, Point
from transforms.metrics.joint_shift.shift_votes import ShiftVotes


def step_parameters(votes: ShiftVotes, point: Point, expected: Expected) -> Point:
    """A Newton step for every item; then the means of the priors.

    Args:
        votes: The votes.
        point: Current parameters.
        expected: Expectations there.
    """
    record, items = votes.record, point.items
    n, n_tails = record.n_items, len(record.tails.unit)
    gradient, curvature = np.zeros((n, 3)), np.zeros((n, 3, 3))
    for likelihood, theta in expected.at_nodes:
        found = derivatives(record, likelihood, theta[:n_tails], theta[n_tails:])
        gradient += found[0] / 2
        curvature += found[1] / 2
    gradient[:, 0] -= SLOPE_PRECISION * (items.slope - point.slope_mean[votes.item_class])
    curvature[:, 0, 0] += SLOPE_PRECISION
    beyond = cuts_beyond_means(votes, items, point.cut_mean)
    for place in (1, 2):
        gradient[:, place] -= CUT_PRECISION * beyond[place - 1]
        curvature[:, place, place] += CUT_PRECISION
    stepped = step_items(record, items, gradient, curvature)
    n_of_class = np.maximum(np.bincount(votes.item_class, minlength=2), 1)
    with_two = votes.item_class[record.has_two_cuts]
    n_with_two = np.maximum(np.bincount(with_two, minlength=2), 1)
    cut_mean = np.array(
        [
            np.bincount(votes.item_class, stepped.cuts[:n], 2) / n_of_class,
            np.bincount(with_two, stepped.cuts[n:][record.has_two_cuts], 2) / n_with_two,
        ]
    )
    first = point.theta[votes.begins]
    n_of_group = np.maximum(np.bincount(votes.group, minlength=2), 1)
    means = np.bincount(votes.group, first, 2) / n_of_group
    group_mean = np.array([0.0, means[1]])
    return replace(
        point,
        items=stepped,
        slope_mean=np.bincount(votes.item_class, stepped.slope, 2) / n_of_class,
        cut_mean=cut_mean,
        group_mean=group_mean,
    )


def log_prior_of_items(votes: ShiftVotes, point: Point) -> float:
    """Log density of the items under their priors, up to a constant."""
    slopes = (point.items.slope - point.slope_mean[votes.item_class]) ** 2
    cuts = cuts_beyond_means(votes, point.items, point.cut_mean) ** 2
    return -0.5 * float(SLOPE_PRECISION * np.sum(slopes) + CUT_PRECISION * np.sum(cuts))


def cuts_beyond_means(votes: ShiftVotes, items: Items, cut_mean: Floats) -> Floats:
    """Cutpoints less the means of their class, 2 × items; 0 for second ones that are not there."""
    means = cut_mean[:, votes.item_class]
    beyond: Floats = items.cuts.reshape(2, -1) - means
    beyond[1] *= votes.record.has_two_cuts
    return beyond
