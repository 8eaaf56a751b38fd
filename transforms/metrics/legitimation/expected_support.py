"""LP3's baseline: expected agreement with the hegemon, given a state's ideal point.

In each session a cubic in the ideal point is fitted to the states that are no allies, by least
squares with their votes of the class as weights. Ideal points come from votes outside the class
(`outside_ideal_point`). A state beyond the range of those states is read at the nearest end of it,
and its votes are counted as outside the support. Sessions with fewer than ten such states, or with
ideal points that take fewer than five values, have no baseline, and their votes do not count.

A state's residual is its agreement beyond the baseline, pooled over its votes.
"""

from dataclasses import dataclass

import numpy as np

from transforms.contingency_tables import Floats
from transforms.metrics.legitimation.panel import Bools

DEGREE = 3
MIN_OTHERS = 10
MIN_VALUES = 5


@dataclass(frozen=True)
class Baseline:
    """A fitted baseline, states × sessions.

    Attributes:
        n_votes: Votes that count: where there is a baseline and an ideal point.
        residual: Summed agreement beyond the baseline.
        is_outside: Whether the ideal point lies outside the range of the others'.
        is_fitted_to: State-sessions that the baseline was fitted to.
        basis: Powers of the scaled ideal point, states × sessions × 4.
        inverse: Inverse of the weighted moments of the basis, sessions × 4 × 4.
    """

    n_votes: Floats
    residual: Floats
    is_outside: Bools
    is_fitted_to: Bools
    basis: Floats
    inverse: Floats

    def between(self, chosen: Bools) -> "Baseline":
        """The same baseline over some of its sessions."""
        return Baseline(
            self.n_votes[:, chosen],
            self.residual[:, chosen],
            self.is_outside[:, chosen],
            self.is_fitted_to[:, chosen],
            self.basis[:, chosen],
            self.inverse[chosen],
        )


def fit_baseline(n_votes: Floats, total: Floats, theta: Floats, others: Bools) -> Baseline:
    """Fits the baseline session by session.

    Args:
        n_votes: Votes of the class, states × sessions.
        total: Summed agreement.
        theta: Ideal points; NaN where there is none.
        others: State-sessions to fit to, where they have votes and an ideal point.
    """
    shape = n_votes.shape
    counted, residual = np.zeros(shape), np.zeros(shape)
    is_outside, fitted_to = np.zeros(shape, bool), np.zeros(shape, bool)
    basis, inverse = np.zeros((*shape, DEGREE + 1)), np.zeros((shape[1], DEGREE + 1, DEGREE + 1))
    has_both = (n_votes > 0) & ~np.isnan(theta)
    for s in range(shape[1]):
        here, fitted = has_both[:, s], has_both[:, s] & others[:, s]
        points = np.sort(theta[fitted, s])
        if len(points) < MIN_OTHERS or np.count_nonzero(np.diff(points)) < MIN_VALUES - 1:
            continue
        low, high = points[0], points[-1]
        scaled = (2 * np.clip(theta[here, s], low, high) - low - high) / (high - low)
        x = np.vander(scaled, DEGREE + 1)
        n = n_votes[here, s]
        is_fitted = fitted[here]
        weights = n * is_fitted
        inverse[s] = np.linalg.inv(np.einsum("i,ij,ik->jk", weights, x, x))
        beta = inverse[s] @ np.einsum("ij,i->j", x[is_fitted], total[here, s][is_fitted])
        counted[here, s], basis[here, s], fitted_to[:, s] = n, x, fitted
        residual[here, s] = total[here, s] - n * np.einsum("ij,j->i", x, beta)
        is_outside[here, s] = (theta[here, s] < low) | (theta[here, s] > high)
    return Baseline(counted, residual, is_outside, fitted_to, basis, inverse)


def influence(baseline: Baseline, weights: Floats) -> Floats:
    """How much one more of each state would raise Σ weight · expected agreement, by the fit.

    To first order, drawing state i w_i times changes the expected agreement of the state-sessions
    by Σ (w_i − 1) · influence_i: the bootstrap of the baseline, without a fit for every draw. It
    falls a little short of that where single states decide an end of the curve (docs/metrics.md).

    Args:
        baseline: The fit.
        weights: Weight of each state-session's expected total, states × sessions.
    """
    load = np.einsum("is,isk->sk", weights * baseline.n_votes, baseline.basis)
    along = np.einsum("sk,skl->sl", load, baseline.inverse)
    score = np.einsum("isk,sk->is", baseline.basis, along)
    effect: Floats = (score * baseline.residual * baseline.is_fitted_to).sum(axis=1)
    return effect
