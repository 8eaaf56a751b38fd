"""Intervals for estimates of the claims: cluster and block bootstrap, exact tests."""

from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from transforms.contingency_tables import Floats
from transforms.metrics.claims.estimate import Finding

N_DRAWS = 2000
SEED = 20190634
MIN_CLUSTERS = 5
YEARS_IN_BLOCK = 10

Window = tuple[int, int]
"""First and last year of the data behind an estimate."""


@cache
def cluster_draws(n_clusters: int, key: int, n_draws: int = N_DRAWS) -> NDArray[np.float64]:
    """How often each cluster is drawn, draws × clusters; rows sum to the number of clusters.

    Args:
        n_clusters: Clusters.
        key: Identifies the set of draws; with the seed it fixes them.
        n_draws: Draws.

    Returns:
        A read-only array, cached for further calls with the same key.
    """
    rng = np.random.default_rng([SEED, key, n_clusters])
    draws = rng.multinomial(n_clusters, np.full(n_clusters, 1 / n_clusters), n_draws).astype(float)
    draws.flags.writeable = False
    return draws


def percentiles(estimate: float, draws: Floats, n: int, window: Window) -> Finding:
    """A percentile interval with the bootstrap's p.

    Args:
        estimate: The estimate.
        draws: Its value in every draw; NaN where a draw has none.
        n: Units behind the estimate.
        window: First and last year of the data.

    Returns:
        The finding; p = 2·min(share of draws ≤ 0, share ≥ 0), each with +1 above and below.
        n_below_min where under half of the draws have a value.
    """
    known = draws[np.isfinite(draws)]
    if not np.isfinite(estimate) or len(known) < len(draws) / 2:
        return Finding(null_reason="n_below_min")
    low, high = np.percentile(known, [2.5, 97.5]).tolist()
    tail = min(int((known <= 0).sum()), int((known >= 0).sum()))
    p_value = min(1.0, 2 * (tail + 1) / (len(known) + 1))
    return Finding(float(estimate), low, high, p_value, n, *window, SEED)


def t_of_cluster_means(means: Floats, window: Window) -> Finding:
    """Student's t on one mean per cluster (Ibragimov and Müller 2010), for few clusters.

    Args:
        means: One value per cluster.
        window: First and last year of the data.

    Returns:
        The finding; n_below_min for fewer than three clusters.
    """
    k = len(means)
    if k < 3:
        return Finding(null_reason="n_below_min")
    mean, error = float(means.mean()), float(means.std(ddof=1)) / k**0.5
    if error == 0:
        return Finding(null_reason="no_variation")
    half = float(stats.t.ppf(0.975, k - 1)) * error
    p_value = float(2 * stats.t.sf(abs(mean) / error, k - 1))
    return Finding(mean, mean - half, mean + half, p_value, k, *window)


def share_of_clusters(positive: Floats, total: Floats, against: float, window: Window) -> Finding:
    """Share among units that lie in clusters, minus a reference value.

    Korn and Graubard's interval: Clopper and Pearson's, for as many independent units as would
    have the share's variance between clusters, less the degrees of freedom that clusters lack.
    That variance says little where few clusters differ, as they do for shares near 0 or 1: one
    unit that differs would make all others independent. So there are never more independent
    units than if all units of a cluster were alike (Kish's design effect with a correlation of 1
    within clusters), (Σ size)² / Σ size², times (k − 1)/k as in the variance. Among clusters of
    one size that number is k − 1 whatever the units are, and the more of them differ, the lower
    is the lower end. Too long where units of a cluster are not alike.

    References: Korn and Graubard 1998 (Survey Methodology 24: 193-201); Kish 1965 (Survey
    Sampling, 5.4 and 8.2).

    Args:
        positive: Positive units per cluster.
        total: Units per cluster.
        against: Value without an effect.
        window: First and last year of the data.

    Returns:
        The finding, n the number of clusters; n_below_min for fewer than five.
    """
    k, n = len(total), float(total.sum())
    if k < MIN_CLUSTERS:
        return Finding(null_reason="n_below_min")
    share = float(positive.sum()) / n
    variance = k / (k - 1) * float(((positive - share * total) ** 2).sum()) / n**2
    independent = (k - 1) / k * n**2 / float((total**2).sum())
    if variance > 0:
        independent = min(independent, share * (1 - share) / variance)
    independent *= float((stats.t.ppf(0.975, n - 1) / stats.t.ppf(0.975, k - 1)) ** 2)
    yes, no = share * independent, (1 - share) * independent
    low = float(stats.beta.ppf(0.025, yes, no + 1)) if yes else 0.0
    high = float(stats.beta.ppf(0.975, yes + 1, no)) if no else 1.0
    at_least = float(stats.beta.cdf(against, yes, no + 1)) if yes else 1.0
    at_most = float(stats.beta.sf(against, yes + 1, no)) if no else 1.0
    p_value = min(1.0, 2 * min(at_least, at_most))
    return Finding(share - against, low - against, high - against, p_value, k, *window)


def sign_share(n_positive: int, n_known: int, window: Window, against: float = 0.5) -> Finding:
    """Share of positive signs minus a reference value, exact (Clopper and Pearson).

    Args:
        n_positive: Positive signs.
        n_known: Positive and negative signs.
        window: First and last year of the data.
        against: Value without an effect.

    Returns:
        The finding; n_below_min for fewer than five signs.
    """
    if n_known < MIN_CLUSTERS:
        return Finding(null_reason="n_below_min")
    test = stats.binomtest(n_positive, n_known, against)
    interval = test.proportion_ci(0.95, method="exact")
    low, high = float(interval.low) - against, float(interval.high) - against
    share = n_positive / n_known - against
    return Finding(share, low, high, float(test.pvalue), n_known, *window)


def median_against_zero(values: Floats, window: Window) -> Finding:
    """Median with its exact interval of order statistics, and the sign test against 0.

    Args:
        values: One value per unit; may be infinite.
        window: First and last year of the data.

    Returns:
        The finding; n_below_min for fewer than six units (no such 95 % interval exists), or
        where an end of it is infinite.
    """
    ordered = np.sort(values)
    n = len(ordered)
    if n < 6:
        return Finding(null_reason="n_below_min")
    rank = int(stats.binom.ppf(0.025, n, 0.5))  # P(Binomial(n, ½) ≤ rank − 1) < .025
    low, high = float(ordered[rank - 1]), float(ordered[n - rank])
    if not np.isfinite([low, high]).all():
        return Finding(null_reason="n_below_min")
    below, above = int((ordered < 0).sum()), int((ordered > 0).sum())
    p_value = float(stats.binomtest(below, below + above).pvalue) if below + above else 1.0
    return Finding(float(np.median(ordered)), low, high, p_value, n, *window)


def mean_over_years(values: Floats, key: int, window: Window) -> Finding:
    """Mean of a yearly series, by a circular block bootstrap of ten years (Politis, Romano 1992).

    Args:
        values: One value per year, in order.
        key: Identifies the set of draws.
        window: First and last year of the data.

    Returns:
        The finding; n_below_min for fewer than two blocks.
    """
    n = len(values)
    if n < 2 * YEARS_IN_BLOCK:
        return Finding(null_reason="n_below_min")
    rng = np.random.default_rng([SEED, key, n])
    n_blocks = -(-n // YEARS_IN_BLOCK)
    starts = rng.integers(0, n, size=(N_DRAWS, n_blocks))
    places = (starts[:, :, None] + np.arange(YEARS_IN_BLOCK)) % n
    draws = values[places.reshape(N_DRAWS, -1)[:, :n]].mean(axis=1)
    return percentiles(float(values.mean()), draws, n, window)
