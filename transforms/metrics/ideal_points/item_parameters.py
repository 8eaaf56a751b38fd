"""Slopes and cutpoints of the items, given the ideal points.

Each item is a small ordered probit of its own, with priors β ~ N(0, 1) and γ ~ N(0, 5²) and
ideal points known up to their variance v. Its objective,

    Σ log P(vote | βθ, γ) − ½ β² (1 + Σ v) − (γ₁² + γ₂²) / (2 · 25),

is concave; the root of its derivative in β is the usual β = Σ θz / (Σ (θ² + v) + 1), with z
the expected latent variables. One damped Newton step is taken per call.
"""

import numpy as np
from scipy.special import ndtri

from transforms.metrics.ideal_points.likelihood import Items, Likelihood
from transforms.metrics.ideal_points.vote_arrays import Floats, VotingRecord

SLOPE_PRECISION = 1.0
CUT_PRECISION = 1 / 25
LARGEST_STEP = 0.5
SMALLEST_GAP = 1e-3


def first_items(record: VotingRecord) -> Items:
    """Items that explain every vote by the item's shares alone: slope 0."""
    yes, abstain, _ = record.counts
    n = record.counts.sum(axis=0) + 1
    first = np.where(yes > 0, yes, abstain)
    cuts = np.concatenate([ndtri((first + 0.5) / n), ndtri((yes + abstain + 0.5) / n)])
    cuts[record.n_items :][~record.has_two_cuts] = 0
    return Items(np.zeros(record.n_items), cuts)


def log_prior(items: Items) -> float:
    """Log density of the items under their priors, up to a constant."""
    slopes = SLOPE_PRECISION * np.sum(items.slope**2)
    return -0.5 * float(slopes + CUT_PRECISION * np.sum(items.cuts**2))


def improve_items(
    record: VotingRecord, likelihood: Likelihood, theta: Floats, variance: Floats, items: Items
) -> Items:
    """Takes a Newton step for every item.

    Args:
        record: The votes.
        likelihood: The likelihood at `theta` and `items`.
        theta: Ideal points.
        variance: Their variances v.
        items: Slopes and cutpoints to improve.

    Returns:
        Items whose parameters moved by at most `LARGEST_STEP`.
    """
    n = record.n_items
    gradient, curvature = derivatives(
        record, likelihood, theta.take(record.tails.unit), theta.take(record.middle_unit)
    )
    shrinkage = SLOPE_PRECISION + record.sum_by_item(
        variance.take(record.tails.unit), variance.take(record.middle_unit)
    )
    gradient[:, 0] -= shrinkage * items.slope
    curvature[:, 0, 0] += shrinkage
    for place, cuts in ((1, items.cuts[:n]), (2, items.cuts[n:])):
        gradient[:, place] -= CUT_PRECISION * cuts
        curvature[:, place, place] += CUT_PRECISION
    return step_items(record, items, gradient, curvature)


def step_items(record: VotingRecord, items: Items, gradient: Floats, curvature: Floats) -> Items:
    """Takes one damped Newton step.

    Args:
        record: The votes.
        items: Slopes and cutpoints to improve.
        gradient: Of the objective, items × 3, in (β, γ₁, γ₂).
        curvature: Its negative Hessian, items × 3 × 3.

    Returns:
        Items whose parameters moved by at most `LARGEST_STEP`.
    """
    n = record.n_items
    step = np.linalg.solve(curvature, gradient[:, :, None])[:, :, 0]
    step *= np.minimum(1, LARGEST_STEP / np.maximum(np.abs(step).max(axis=1), LARGEST_STEP))[
        :, None
    ]
    first = items.cuts[:n] + step[:, 1]
    second = np.maximum(items.cuts[n:] + step[:, 2], first + SMALLEST_GAP)
    second = np.where(record.has_two_cuts, second, 0)
    return Items(items.slope + step[:, 0], np.concatenate([first, second]))


def derivatives(
    record: VotingRecord, likelihood: Likelihood, at_tails: Floats, at_middles: Floats
) -> tuple[Floats, Floats]:
    """Gradient (items × 3) and negative Hessian (items × 3 × 3) in (β, γ₁, γ₂).

    Args:
        record: The votes.
        likelihood: The likelihood at the current parameters.
        at_tails: Ideal point behind each tail vote.
        at_middles: Ideal point behind each middle vote.
    """
    n, tails = record.n_items, record.tails
    tail_weight, middle_weight = likelihood.information()
    of_low = likelihood.low_ratio**2 - likelihood.low * likelihood.low_ratio
    of_high = likelihood.high_ratio**2 + likelihood.high * likelihood.high_ratio
    of_both = -likelihood.low_ratio * likelihood.high_ratio

    def by_cut(of_tails: Floats, first: Floats, second: Floats) -> Floats:
        total = np.bincount(tails.cut, of_tails, 2 * n).reshape(2, n)
        total[0] += np.bincount(record.middle_item, first, n)
        total[1] += np.bincount(record.middle_item, second, n)
        return total.T.astype(np.float64, copy=False)

    gradient = np.empty((n, 3))
    gradient[:, 0] = record.sum_by_item(
        likelihood.tail_score * at_tails, likelihood.middle_score * at_middles
    )
    gradient[:, 1:] = by_cut(-likelihood.tail_score, -likelihood.low_ratio, likelihood.high_ratio)
    curvature = np.zeros((n, 3, 3))
    weighted_tails, weighted_middles = tail_weight * at_tails, middle_weight * at_middles
    curvature[:, 0, 0] = record.sum_by_item(
        weighted_tails * at_tails, weighted_middles * at_middles
    )
    at_cuts = ((of_low + of_both) * at_middles, (of_high + of_both) * at_middles)
    cross = -by_cut(weighted_tails, *at_cuts)
    curvature[:, 0, 1:] = curvature[:, 1:, 0] = cross
    own = by_cut(tail_weight, of_low, of_high)
    curvature[:, 1, 1], curvature[:, 2, 2] = own[:, 0], own[:, 1]
    curvature[:, 1, 2] = curvature[:, 2, 1] = np.bincount(record.middle_item, of_both, n)
    return gradient, curvature
