"""Slope of a yearly series on time, with an error for years that are alike.

Least squares with Newey and West's error (Bartlett's kernel); the number of lags is
⌊4·(T/100)^(2/9)⌋ for T years. t on T − 2 degrees of freedom. The fit is that of statsmodels.

Reference: Newey and West 1987 (Econometrica 55: 703-708), 1994 (Review of Economic Studies 61:
631-653) on the lags.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

MIN_YEARS = 10


@dataclass(frozen=True)
class Trend:
    """A slope.

    Attributes:
        estimate: Per unit of time.
        std_error: Newey and West's.
        ci_low: Lower end of the 95 % interval.
        ci_high: Upper end.
        p_value: Two-sided, of no trend.
        n: Years.
    """

    estimate: float
    std_error: float
    ci_low: float
    ci_high: float
    p_value: float
    n: int


def linear_trend(time: Floats, values: Floats) -> Trend | None:
    """Estimates the slope.

    Args:
        time: Of each value, ascending.
        values: The series.

    Returns:
        The slope; None with fewer than ten years, or where the series does not vary.
    """
    n = len(values)
    if n < MIN_YEARS or np.ptp(values) == 0:
        return None
    import statsmodels.api as sm  # 1 s, and only this needs it

    lags = int(4 * (n / 100) ** (2 / 9))
    design = np.column_stack([np.ones(n), time - time.mean()])
    fit = sm.OLS(values, design).fit(cov_type="HAC", cov_kwds={"maxlags": lags}, use_t=True)
    low, high = fit.conf_int()[1]
    return Trend(
        float(fit.params[1]),
        float(fit.bse[1]),
        float(low),
        float(high),
        float(fit.pvalues[1]),
        n,
    )
