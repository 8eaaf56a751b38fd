"""Standard errors of ideal points.

* `conditional_se`, cheap, in every build: the smoother's standard deviation with the votes'
  observed information −d² log P / d(βθ)², slopes and cutpoints taken as known. (The EM's own
  variances count every vote as if its latent z had been seen; they are about half of that.)
* `bootstrap_ideal_points`, on demand: votes drawn anew from the fitted probabilities, and the
  model fitted again, so that items and scale vary too.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from transforms.metrics.ideal_points import kalman_smoother as smoother
from transforms.metrics.ideal_points.fit import Fit, Settings, fit_ideal_points
from transforms.metrics.ideal_points.likelihood import evaluate
from transforms.metrics.ideal_points.vote_arrays import Floats, VotingRecord
from transforms.rollcall_matrix import ABSTAIN, NO, YES

DRAWS = 50
ITERATIONS = 30
"""Iterations of each draw's fit, which starts from the fit to the observed votes."""


def conditional_se(record: VotingRecord, fit: Fit, settings: Settings) -> Floats:
    """Standard error of each ideal point, given the items.

    Args:
        record: The votes.
        fit: The estimate from them.
        settings: What it was made with.
    """
    tails, middles = evaluate(record, fit.theta, fit.items).information()
    squared = fit.items.slope**2
    precision = record.sum_by_unit(
        tails * squared.take(record.tails.item), middles * squared.take(record.middle_item)
    )
    smoothed = smoother.smooth(record, precision, fit.theta, settings.innovation_variance)
    standard_error: Floats = np.sqrt(smoothed.variance)
    return standard_error


def bootstrap_ideal_points(
    record: VotingRecord,
    fit: Fit,
    settings: Settings,
    *,
    seed: int,
    draws: int = DRAWS,
    first_draw: int = 0,
    iterations: int = ITERATIONS,
) -> Floats:
    """Draws ideal points from their sampling distribution (parametric bootstrap).

    Draw number k depends on `seed` and k alone, so draws may be made in parts.

    Args:
        record: The votes.
        fit: The estimate from them.
        settings: What it was made with.
        seed: Seed of the draws.
        draws: How many draws.
        first_draw: Number of the first one.
        iterations: Iterations of each draw's fit.

    Returns:
        Draws × state-sessions. Their standard deviation over draws is the standard error.
    """
    again = Settings(
        settings.innovation_variance, settings.tolerance, iterations, memory=settings.memory
    )
    drawn = [
        fit_ideal_points(
            record.with_choices(draw_choices(record, fit, np.random.default_rng([seed, number]))),
            again,
            continued=fit,
        ).theta
        for number in range(first_draw, first_draw + draws)
    ]
    return np.array(drawn)


def draw_choices(record: VotingRecord, fit: Fit, random: np.random.Generator) -> NDArray[np.int8]:
    """Votes drawn from the fitted probabilities, for every vote that was cast."""
    n = record.n_items
    latent = fit.items.slope[record.item] * fit.theta[record.unit]
    below_first = ndtr(fit.items.cuts[record.item] - latent)
    below_second = ndtr(fit.items.cuts[record.item + n] - latent)
    chance = random.random(len(record.item))
    has_yes = record.counts[0] > 0
    lowest = np.where(has_yes, YES, ABSTAIN)[record.item]
    highest = np.where(record.counts[2] > 0, NO, ABSTAIN)[record.item]
    two_cuts = record.has_two_cuts[record.item]
    is_middle = two_cuts & (chance >= below_first) & (chance < below_second)
    drawn = np.where(chance < below_first, lowest, highest)
    choice: NDArray[np.int8] = np.where(is_middle, ABSTAIN, drawn).astype(np.int8)
    return choice
