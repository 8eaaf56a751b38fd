"""Firth's logit for two groups, in closed form but for the ends of the interval.

Where every group has its own parameter the penalty adds ½ to each cell, so that the penalised
likelihood of two groups is the likelihood of yes + ½ and no + ½. Along its profile the two scores
cancel: p₁ = (yes₁ + ½ + t)/(n₁ + 1) and p₀ = (yes₀ + ½ − t)/(n₀ + 1) for one number t, so an end of
the interval is the root of one equation. The same holds for two groups among several, whose
parameters are then at their own maximum: `transforms.inference.firth` gives the same numbers.

References: Firth 1993 (Biometrika 80:27–38); Heinze & Schemper 2002 (Stat. Med. 21:2409–19).
"""

from dataclasses import dataclass
from math import log, sqrt

from scipy.optimize import brentq
from scipy.stats import chi2

from transforms.inference.fisher_exact import TwoByTwo


@dataclass(frozen=True)
class LogOddsRatio:
    """A log odds ratio with its profile interval.

    Attributes:
        estimate: log{(yes₁+½)(no₀+½) / (no₁+½)(yes₀+½)}.
        std_error: From the information at the estimate.
        ci_low: Lower end of the profile interval.
        ci_high: Upper end of the profile interval.
        p_value: Penalised likelihood ratio test against 0.
    """

    estimate: float
    std_error: float
    ci_low: float
    ci_high: float
    p_value: float


def firth_log_odds_ratio(table: TwoByTwo, level: float = 0.95) -> LogOddsRatio:
    """Firth's log odds ratio of the first group against the second.

    Args:
        table: Counts; neither group may be empty, cells may.
        level: Coverage of the interval.

    Returns:
        Estimate, error, interval and test.

    Raises:
        ValueError: A group is empty.
    """
    if not (table.n_first and table.n_second):
        raise ValueError(f"odds of nobody are no odds: {table}")
    yes1, no1 = table.first_yes + 0.5, table.first_no + 0.5
    yes0, no0 = table.second_yes + 0.5, table.second_no + 0.5
    n1, n0 = yes1 + no1, yes0 + no0

    def height(t: float) -> float:
        p1, p0 = (yes1 + t) / n1, (yes0 - t) / n0
        return yes1 * log(p1) + no1 * log(1 - p1) + yes0 * log(p0) + no0 * log(1 - p0)

    def log_odds(t: float) -> float:
        return log((yes1 + t) / (no1 - t)) - log((yes0 - t) / (no0 + t))

    best = height(0.0)
    drop = float(chi2.ppf(level, 1)) / 2
    least, most = -min(yes1, no0), min(no1, yes0)  # where a share becomes 0 or 1
    ends = [
        log_odds(brentq(lambda t: height(t) - best + drop, 0.0, limit * (1 - 1e-12), xtol=1e-13))
        for limit in (least, most)
    ]
    # equal odds: both groups at the pooled share of yes + ½
    pooled = (yes1 + yes0) / (n1 + n0)
    ratio = 2 * (best - height(n1 * pooled - yes1))
    information = [
        n * p * (1 - p) for n, p in ((table.n_first, yes1 / n1), (table.n_second, yes0 / n0))
    ]
    return LogOddsRatio(
        estimate=log_odds(0.0),
        std_error=sqrt(1 / information[0] + 1 / information[1]),
        ci_low=ends[0],
        ci_high=ends[1],
        p_value=float(chi2.sf(max(ratio, 0.0), 1)),
    )
