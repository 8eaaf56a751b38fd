"""Error of the alliance shift by cluster, and the shift as a change of agreement.

The bound F of `shift_model` is a sum over states, F_i, and maximised over all other parameters it
is a profile in δ. With h small, s_i = (F_i(δ + h) − F_i(δ − h)) / 2h is the effective score of
state i (the items follow δ, so what they explain is taken out), H = −(S(δ + h) − S(δ − h)) / 2h
the curvature, S being dF/dδ, and

    V(δ) = Σ_g (Σ_{i∈g} s_i)² / H² · G / (G − 1)

over clusters g: valid however a state's votes hang together, also over sessions and with those
of states that joined with it. The t distribution has G* − 1 degrees of freedom, G* the effective
clusters by their share of the information (`cluster_jackknife`).

Change of agreement: mean over the allies' votes on unpopular items of what is expected with δ less
what is expected without, agreement being 1 with the leader, ½ abstaining, 0 against it. Its error
is that of δ times its derivative along the profile.

Reference: Murphy and van der Vaart 2000 (JASA 95: 449-465) for profile likelihoods.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import ndtr

from transforms.inference.cluster_jackknife import LEAST_ERROR, effective_clusters
from transforms.metrics.ideal_points.vote_arrays import Floats, Indices
from transforms.metrics.joint_shift.shift_fit import ShiftFit, fit_shift, pack, unpack
from transforms.metrics.joint_shift.shift_model import Point, expect, latent_moments
from transforms.metrics.joint_shift.shift_votes import ShiftVotes

PROFILE_STEP = 0.3
"""h, in standard deviations of a vote's error."""


@dataclass(frozen=True)
class ShiftEstimate:
    """An estimated shift.

    Attributes:
        fit: The fit.
        std_error: Standard error of δ.
        degrees_of_freedom: Of its t distribution.
        agreement: Average change of the allies' agreement on unpopular votes.
        agreement_error: Its standard error.
        scores: Effective score of each cluster at the estimate.
    """

    fit: ShiftFit
    std_error: float
    degrees_of_freedom: float
    agreement: float
    agreement_error: float
    scores: Floats


def estimate_shift(votes: ShiftVotes, cluster: Indices) -> ShiftEstimate | None:
    """Estimates δ with its error.

    Args:
        votes: The votes.
        cluster: Cluster of each state, from 0.

    Returns:
        The estimate; None where the fits did not converge, or clusters leave no error.
    """
    fit = fit_shift(votes)
    delta = fit.point.delta
    above = fit_shift(votes, delta=delta + PROFILE_STEP, start=fit.point)
    mirrored = 2 * pack(votes, fit.point) - pack(votes, above.point)
    lower = delta - PROFILE_STEP
    below = fit_shift(votes, delta=lower, start=unpack(votes, fit.point, mirrored, lower))
    if not (fit.is_converged and above.is_converged and below.is_converged):
        return None
    slopes = [_slope(votes, side.point) for side in (above, below)]
    curvature = -(slopes[0] - slopes[1]) / (2 * PROFILE_STEP)
    of_states = (above.by_state - below.by_state) / (2 * PROFILE_STEP)
    scores: Floats = np.bincount(cluster, of_states).astype(np.float64)
    bend = above.by_state + below.by_state - 2 * fit.by_state
    loads = np.maximum(-np.bincount(cluster, bend), 0.0)
    n, n_effective = len(scores), effective_clusters(loads) if loads.any() else 0.0
    if curvature <= 0 or n_effective <= 1:
        return None
    std_error = float(np.sqrt(np.sum(scores**2) * n / (n - 1)) / curvature)
    if std_error <= LEAST_ERROR:
        return None
    per_delta = (_agreement(votes, above.point) - _agreement(votes, below.point)) / (
        2 * PROFILE_STEP
    )
    return ShiftEstimate(
        fit=fit,
        std_error=std_error,
        degrees_of_freedom=n_effective - 1,
        agreement=_agreement(votes, fit.point),
        agreement_error=abs(per_delta) * std_error,
        scores=scores,
    )


def _slope(votes: ShiftVotes, point: Point) -> float:
    """dF/dδ; the other parameters are at their best, so it is the profile's slope, too."""
    score = expect(votes, point).score
    return float(np.sum(score * votes.on_unpopular * votes.is_ally[votes.unit]))


def _agreement(votes: ShiftVotes, point: Point) -> float:
    """Mean change of agreement by the shift, over allies' votes on unpopular items."""
    of_allies = (votes.on_unpopular > 0) & votes.is_ally[votes.unit]
    with_shift = _expected_agreement(votes, point)
    without = _expected_agreement(votes, replace(point, delta=0.0))
    return float((with_shift - without)[of_allies].mean())


def _expected_agreement(votes: ShiftVotes, point: Point) -> Floats:
    """Expected agreement of each vote, over q and ε."""
    record = votes.record
    mean, variance, _ = latent_moments(votes, point)
    against, _, with_leader = record.counts > 0
    low = np.where(against, 0.0, 0.5)[votes.item]
    high = np.where(with_leader, 1.0, 0.5)[votes.item]
    first = point.items.cuts[: record.n_items][votes.item]
    second = point.items.cuts[record.n_items :][votes.item]
    spread = np.sqrt(1 + variance)
    beyond_first = ndtr((mean - first) / spread)
    beyond_second = ndtr((mean - second) / spread)
    both = np.where(
        record.has_two_cuts[votes.item], (beyond_first + beyond_second) / 2, beyond_first
    )
    agreement: Floats = low + (high - low) * both
    return agreement
