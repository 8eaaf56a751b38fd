"""Ideal points over time: Kalman filter and smoother, for all states at once.

A state's ideal point is N(0, 1) in its first session and a random walk with variance ω² per
session from then on: a gap of g sessions adds ω²·g. Votes enter as precision D = Σ β² and
information h = Σ β z. (Rauch, Tung and Striebel 1965, AIAA Journal 3: 1445-1450.)
"""

from dataclasses import dataclass

import numpy as np

from transforms.metrics.ideal_points.vote_arrays import Floats, VotingRecord

FIRST_VARIANCE = 1.0


@dataclass(frozen=True)
class Smoothed:
    """Posterior of the ideal points.

    Attributes:
        mean: Mean of each state-session, given all sessions of its state.
        variance: Its variance.
        log_narrowing: Half of it is how much the log density of a state's path has risen by the
            votes: log |I + K D|, one value per state, ascending by ccode.
    """

    mean: Floats
    variance: Floats
    log_narrowing: Floats


def smooth(
    record: VotingRecord,
    precision: Floats,
    information: Floats,
    innovation_variance: float,
    first_variance: float = FIRST_VARIANCE,
) -> Smoothed:
    """Filters forward and smooths backward.

    Args:
        record: The votes; defines the state-sessions.
        precision: D of each state-session.
        information: h of each state-session.
        innovation_variance: ω², variance of a state's move from one session to the next.
        first_variance: Variance in a state's first session.
    """
    states, row = np.unique(record.ccode, return_inverse=True)
    column = record.session.astype(np.int64) - int(record.session.min())
    shape = (int(column.max()) + 1, len(states))
    d, h = np.zeros(shape), np.zeros(shape)
    d[column, row], h[column, row] = precision, information
    begins = np.full(len(states), shape[0])
    np.minimum.at(begins, row, column)

    predicted_mean, predicted_variance = np.empty(shape), np.empty(shape)
    mean, variance = np.empty(shape), np.empty(shape)
    m, p = np.zeros(len(states)), np.full(len(states), first_variance)
    log_narrowing = np.zeros(len(states))
    for t in range(shape[0]):
        p = p + innovation_variance * (begins < t)  # time passes only after the first session
        predicted_mean[t], predicted_variance[t] = m, p
        narrowed = 1 + p * d[t]
        log_narrowing += np.log(narrowed)
        m, p = (m + p * h[t]) / narrowed, p / narrowed
        mean[t], variance[t] = m, p
    for t in range(shape[0] - 2, -1, -1):
        gain = variance[t] / predicted_variance[t + 1]
        mean[t] += gain * (mean[t + 1] - predicted_mean[t + 1])
        variance[t] += gain**2 * (variance[t + 1] - predicted_variance[t + 1])
    return Smoothed(mean[column, row], variance[column, row], log_narrowing)


def log_prior(record: VotingRecord, theta: Floats, innovation_variance: float) -> float:
    """Log density of the ideal points under the random walks, up to a constant."""
    follows = np.flatnonzero(record.ccode[1:] == record.ccode[:-1]) + 1
    begins = np.ones(record.n_units, bool)
    begins[follows] = False
    gap = (record.session[follows] - record.session[follows - 1]).astype(np.float64)
    moves = (theta[follows] - theta[follows - 1]) ** 2 / (innovation_variance * gap)
    return -0.5 * float(np.sum(moves) + np.sum(theta[begins] ** 2) / FIRST_VARIANCE)
