"""Intervals where clusters are few or of unequal size.

* Jackknife (CV3): the estimate is made again without each cluster g; its squared error is (G − 1)/G
  · Σ_g (θ_(g) − θ)². Of the usual errors it is the one that keeps its level best where few clusters
  hold most of the rows.
* Effective clusters: for a coefficient Σ w·x̃·y / Σ w·x̃² with equal errors of the rows, cluster g
  has the load γ_g = Σ (w·x̃)² over its rows, and G* = (Σ γ_g)² / Σ γ_g² clusters of one size would
  inform it as much as these do. The error is then referred to t on G* − 1 degrees of freedom
  instead of G − 1.

References: MacKinnon, Nielsen and Webb 2023 (J. Applied Econometrics 38: 671-694) for CV3; Carter,
Schnepel and Steigerwald 2017 (Review of Economics and Statistics 99: 698-709) for G*.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtr, stdtrit

from transforms.inference.cluster_bootstrap import Floats

CONFIDENCE = 0.95
LEAST_ERROR = 1e-12
"""Standard errors below this are 0, but for rounding."""


@dataclass(frozen=True)
class Interval:
    """Error, 95 % interval and test of an estimate.

    Attributes:
        std_error: Standard error.
        ci_low: Lower end.
        ci_high: Upper end.
        p_value: Two-sided, against 0.
    """

    std_error: float
    ci_low: float
    ci_high: float
    p_value: float


def t_interval(estimate: float, std_error: float, degrees_of_freedom: float) -> Interval:
    """Student's interval and test.

    Args:
        estimate: The estimate.
        std_error: Its standard error, above 0.
        degrees_of_freedom: Need not be whole.
    """
    half = float(stdtrit(degrees_of_freedom, (1 + CONFIDENCE) / 2)) * std_error
    p_value = float(2 * stdtr(degrees_of_freedom, -abs(estimate) / std_error))
    return Interval(std_error, estimate - half, estimate + half, p_value)


def jackknife(estimate: float, without: Floats, loads: Floats | None = None) -> Interval | None:
    """Interval from the estimates without each cluster.

    Args:
        estimate: With all clusters.
        without: Without each; NaN where there is none without it.
        loads: γ of each cluster, for t on G* − 1 degrees of freedom (1 at the least); without
            them t is on G − 1.

    Returns:
        The interval; None with fewer than three clusters, where leaving one out leaves no
        estimate, and where no cluster moves it.
    """
    n_clusters = len(without)
    if n_clusters < 3 or not np.isfinite([estimate, *without]).all():
        return None
    squares = float(((without - estimate) ** 2).sum())
    std_error = float(np.sqrt((n_clusters - 1) / n_clusters * squares))
    if std_error <= LEAST_ERROR:
        return None
    freedom = n_clusters - 1.0 if loads is None else max(effective_clusters(loads) - 1, 1.0)
    return t_interval(estimate, std_error, freedom)


def effective_clusters(loads: Floats) -> float:
    """Clusters of one size that would inform a coefficient as much: (Σ γ)² / Σ γ².

    Args:
        loads: γ of each cluster, not negative, at least one above 0.
    """
    return float(loads.sum() ** 2 / (loads**2).sum())
