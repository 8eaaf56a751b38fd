"""Interval and p-value of an estimate from the contribution of each row, clustered."""

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtr, stdtrit

from transforms.inference.two_way_effects import CONFIDENCE, Floats, Labels


@dataclass(frozen=True)
class Estimate:
    """An estimate that has no score under the null.

    Attributes:
        estimate: The value.
        std_error: Clustered; None where the interval is not made of one.
        ci_low: Lower end of the 95 % interval, t with one degree of freedom less than clusters.
        ci_high: Upper end.
        p_value: Two-sided, against 0; None where there is none.
        n: Rows that count.
        n_clusters: Clusters with rows that count.
    """

    estimate: float
    std_error: float | None
    ci_low: float
    ci_high: float
    p_value: float | None
    n: int
    n_clusters: int


def clustered_estimate(
    estimate: float, parts: Floats, cluster: Labels, counted: Labels, factor: float = 1.0
) -> Estimate | None:
    """An estimate with the error √(factor · Σ over clusters (Σ parts)²).

    Args:
        estimate: The value.
        parts: By how much each row moves it: its residual times its weight in the estimate.
        cluster: Label of the cluster of each row.
        counted: Rows that count.
        factor: Correction of the variance for small samples.

    Returns:
        The estimate; None with one cluster, and where nothing is left unexplained.
    """
    labels, codes = np.unique(cluster[counted], return_inverse=True)
    sums = np.bincount(codes, parts[counted], len(labels))
    error = float(np.sqrt(factor * np.sum(sums**2)))
    if len(labels) < 2 or error <= 0:
        return None
    freedom = len(labels) - 1
    half = float(stdtrit(freedom, (1 + CONFIDENCE) / 2)) * error
    p_value = float(2 * stdtr(freedom, -abs(estimate) / error))
    n = int(counted.sum())
    return Estimate(estimate, error, estimate - half, estimate + half, p_value, n, len(labels))
