"""Bootstrap over clusters of statistics that are functions of sums.

Every cluster (a state with all its votes) is one row of numbers; a statistic is a function of the
columns' sums. A bootstrap draw weights each row by how often its cluster is drawn, and the
jackknife subtracts one row, so thousands of draws cost one product of two matrices.

References: Efron and Tibshirani 1993 (An Introduction to the Bootstrap, ch. 13, 14: percentile and
BCa intervals); Cameron, Gelbach and Miller 2008 (REStat 90: 414-427) on pairs of clusters.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

Floats = NDArray[np.float64]
Statistic = Callable[[Floats], Floats]
"""From sums (… × columns) to the statistic (…); NaN where it is not defined."""

CONFIDENCE = 0.95
GRAIN = 2.0**30


def draw_counts(n_clusters: int, n_draws: int, rng: np.random.Generator) -> Floats:
    """How often each cluster is drawn, draws × clusters; each row sums to `n_clusters`."""
    picked = rng.integers(0, max(n_clusters, 1), size=(n_draws, n_clusters))
    place = picked + n_clusters * np.arange(n_draws)[:, None]
    counts = np.bincount(place.ravel(), minlength=n_draws * n_clusters)
    return counts.reshape(n_draws, n_clusters).astype(np.float64)


def weighted_sums(counts: Floats, rows: Floats) -> Floats:
    """Sums of the columns of `rows` in every draw, draws × columns.

    Values are rounded to multiples of 2⁻³⁰, so that every product and sum is exact, in whatever
    order, on however many threads; columns may sum to 2²² at most.
    """
    sums: Floats = counts @ (np.round(rows * GRAIN) / GRAIN)
    return sums


def percentiles(values: Floats, shares: Floats) -> Floats:
    """Quantiles of sorted values, interpolated linearly."""
    at = np.clip(shares, 0, 1) * (len(values) - 1)
    below = np.floor(at).astype(np.int64)
    above = np.minimum(below + 1, len(values) - 1)
    quantiles: Floats = values[below] + (at - below) * (values[above] - values[below])
    return quantiles


def percentile_interval(replicates: Floats, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """The equal-tailed quantiles of the replicates; draws without a value are left out."""
    tail = (1 - confidence) / 2
    known = np.sort(replicates[~np.isnan(replicates)])
    low, high = percentiles(known, np.array([tail, 1 - tail])).tolist()
    return low, high


def leave_one_out(rows: Floats, statistic: Statistic) -> Floats:
    """The statistic without each of the clusters that contribute anything."""
    contributing = rows[np.any(rows != 0, axis=1)]
    values: Floats = statistic(contributing.sum(axis=0) - contributing)
    return values


def bca_interval(
    estimate: float, replicates: Floats, jackknife: Floats, confidence: float = CONFIDENCE
) -> tuple[float, float] | None:
    """Interval corrected for bias and acceleration.

    Args:
        estimate: The statistic of the data.
        replicates: Of the draws.
        jackknife: Without each cluster in turn.
        confidence: Nominal coverage.

    Returns:
        Lower and upper end; None where the correction is not defined: no spread, all draws on
        one side of the estimate, or a statistic that is undefined without one cluster.
    """
    known = np.sort(replicates[~np.isnan(replicates)])
    if not known.size or not np.isfinite(jackknife).all():
        return None
    below = float(np.searchsorted(known, estimate) + np.searchsorted(known, estimate, "right"))
    below /= 2 * len(known)
    differences = jackknife.mean() - jackknife
    spread = np.sum(differences**2)
    if not 0 < below < 1 or spread <= 0:
        return None
    bias = ndtri(below)
    acceleration = np.sum(differences**3) / (6 * spread**1.5)
    tail = (1 - confidence) / 2
    at = bias + ndtri(np.array([tail, 1 - tail]))
    shares = ndtr(bias + at / (1 - acceleration * at))
    low, high = percentiles(known, shares).tolist()
    return low, high


def two_sided_p(replicates: Floats) -> float:
    """Twice the smaller share of the draws on either side of 0, at most 1, never 0."""
    known = replicates[~np.isnan(replicates)]
    smaller = min(np.sum(known <= 0), np.sum(known >= 0))
    return float(min(1.0, 2 * (smaller + 1) / (len(known) + 1)))
