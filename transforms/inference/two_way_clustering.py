"""Standard errors of an estimate that is a weighted sum over observations in two sets of clusters.

The estimate moves by the sum of scores: weight × (value − fitted value) of each observation. Its
variance, where observations that share a cluster of either kind may be correlated in any way, is

V = V(first) + V(second) − V(both),  V(clusters) = c · Σ over clusters (sum of scores)²,

with c = G/(G − 1) · (n − 1)/(n − k) for G clusters, n observations and k coefficients. Where every
observation is alone in the crossing of the two, the last sum is that of the squared scores.

V is a difference of estimates: it may come out negative, and below V(first) or V(second) where
scores within a cluster of the other kind offset each other, by chance or not. The largest of the
three stands for it: V itself wherever both kinds of clusters add to it, too much rather than too
little elsewhere.

References: Cameron, Gelbach and Miller 2011 (JBES 29: 238-249), there also on V below 0; Thompson
2011 (JFE 99: 1-10); MacKinnon, Nielsen and Webb 2024 (Jackknife inference with two-way clustering,
arXiv 2406.08880) on taking the largest; Cameron and Miller 2015 (J. Human Resources 50: 317-372)
on t with the smaller G − 1 degrees of freedom; Carter, Schnepel and Steigerwald 2017 (Review of
Economics and Statistics 99: 698-709) on clusters of which few inform the coefficient.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit

Floats = NDArray[np.float64]

CONFIDENCE = 0.95


@dataclass(frozen=True)
class TwoWayError:
    """Standard errors of one estimate.

    Attributes:
        first: Clustered by the first kind alone.
        second: By the second kind alone.
        both: By both, never below either.
        degrees_of_freedom: The smaller number of informative clusters, less 1.
    """

    first: float
    second: float
    both: float
    degrees_of_freedom: int

    def interval(self, estimate: float) -> tuple[float, float]:
        """The 95 % interval of an estimate with the error `both`."""
        half = float(stdtrit(self.degrees_of_freedom, (1 + CONFIDENCE) / 2)) * self.both
        return estimate - half, estimate + half

    def p_value(self, estimate: float) -> float:
        """Two-sided, against 0."""
        if self.both == 0:
            return float(estimate == 0)
        return float(2 * stdtr(self.degrees_of_freedom, -abs(estimate) / self.both))


def two_way_error(
    by_first: Floats,
    by_second: Floats,
    sum_of_squares: float,
    *,
    n: int,
    n_coefficients: int,
    n_informative: int,
) -> TwoWayError | None:
    """Standard errors from sums of scores.

    Args:
        by_first: Sums of scores by cluster of the first kind, for clusters with observations.
        by_second: The same of the second kind.
        sum_of_squares: Σ score² over all observations, each alone in its pair of clusters.
        n: Observations.
        n_coefficients: Coefficients of the regression that the estimate is one of.
        n_informative: Clusters of the first kind that inform the estimate: the smaller number
            of treated and untreated ones, or those whose treatment changed.

    Returns:
        The errors; None with fewer than two clusters of either kind, or two informative ones, or
        without residual degrees of freedom.
    """
    sizes = len(by_first), len(by_second)
    fewest = min(*sizes, n_informative)
    if fewest < 2 or n <= n_coefficients:
        return None
    scale = (n - 1) / (n - n_coefficients)
    sums = float(np.sum(by_first**2)), float(np.sum(by_second**2)), sum_of_squares
    first, second, both = (scale * g / (g - 1) * s for g, s in zip((*sizes, n), sums, strict=True))
    variance = max(first + second - both, first, second)
    return TwoWayError(
        float(np.sqrt(first)), float(np.sqrt(second)), float(np.sqrt(variance)), fewest - 1
    )
