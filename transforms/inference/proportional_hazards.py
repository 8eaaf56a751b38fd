"""Proportional hazards with delayed entry, clusters and strata; the test of proportionality.

The fit is that of statsmodels (`PHReg`), with Efron's ties; the clustered errors are made here,
since statsmodels' are not defined with them. Rows may be parts of one unit's time (start–stop),
which is how a covariate that changes enters.

References: Cox 1972 (JRSS B 34:187–220); Efron 1977 (JASA 72:557–65); Lin & Wei 1989 (JASA
84:1074–8) for clustered errors; Grambsch & Therneau 1994 (Biometrika 81:515–26) for the test.
"""

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2, norm, rankdata

Floats = NDArray[np.float64]

# PHReg counts a row as at risk at the very time at which it begins; a unit whose time is cut in
# two rows would then count twice.
_JUST_AFTER = 1e-7


@dataclass(frozen=True)
class Hazards:
    """A fitted model, one value per covariate.

    Attributes:
        coefficients: Log hazard ratios.
        std_errors: Clustered where clusters were given.
        ci_low: Lower ends of the normal interval.
        ci_high: Upper ends of the normal interval.
        p_values: Wald tests.
        proportionality: χ² of the test against the rank of time, for one covariate; else NaN.
        proportionality_p: Its p-value.
    """

    coefficients: Floats
    std_errors: Floats
    ci_low: Floats
    ci_high: Floats
    p_values: Floats
    proportionality: float
    proportionality_p: float


def fit_hazards(
    *,
    start: Floats,
    stop: Floats,
    ended: NDArray[np.bool_],
    covariates: Floats,
    clusters: NDArray[np.int64],
    strata: NDArray[np.int64] | None = None,
    level: float = 0.95,
) -> Hazards | None:
    """Fits proportional hazards.

    Args:
        start: When each row comes under observation.
        stop: When it ends or is censored.
        ended: Whether it ends.
        covariates: Rows × covariates.
        clusters: Label of the cluster of each row.
        strata: Label of the stratum of each row, where baselines differ.
        level: Coverage of the intervals.

    Returns:
        The fit; None where nothing ends, or where the likelihood has no single maximum (a group
        without an end, or one without the other in each stratum).
    """
    if not ended.any():
        return None
    from statsmodels.duration.hazard_regression import PHReg

    model = PHReg(
        endog=stop,
        exog=covariates,
        status=ended.astype(np.float64),
        entry=np.where(start > 0, start + _JUST_AFTER, 0.0),
        strata=strata,
        ties="efron",
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what they say is checked below
        try:
            result = model.fit(disp=0)
        except np.linalg.LinAlgError:
            return None
        beta = np.asarray(result.params, dtype=np.float64)
        naive = np.atleast_2d(np.asarray(result.cov_params(), dtype=np.float64))
    if not (np.isfinite(beta).all() and np.isfinite(naive).all()) or np.abs(beta).max() > 15:
        return None
    rows = Rows(start, stop, ended, covariates, np.zeros_like(stop) if strata is None else strata)
    scores, schoenfeld = residuals(rows, beta)
    errors = _clustered(scores, naive, clusters)
    z = float(norm.ppf((1 + level) / 2))
    statistic, p = np.nan, np.nan
    if len(beta) == 1:
        statistic, p = _proportionality(schoenfeld[ended, 0], stop[ended], float(naive[0, 0]))
    return Hazards(
        coefficients=beta,
        std_errors=errors,
        ci_low=beta - z * errors,
        ci_high=beta + z * errors,
        p_values=2 * norm.sf(np.abs(beta / errors)),
        proportionality=statistic,
        proportionality_p=p,
    )


@dataclass(frozen=True)
class Rows:
    """Start–stop rows.

    Attributes:
        start: When each comes under observation.
        stop: When it ends or is censored.
        ended: Whether it ends.
        x: Covariates.
        strata: Label of the stratum.
    """

    start: Floats
    stop: Floats
    ended: NDArray[np.bool_]
    x: Floats
    strata: NDArray[Any]


def residuals(rows: Rows, beta: Floats) -> tuple[Floats, Floats]:
    """Score and Schoenfeld residuals under Efron's ties.

    Args:
        rows: What was fitted.
        beta: Log hazard ratios.

    Returns:
        Score residuals (they sum to the score), and Schoenfeld residuals (0 for censored
        rows), each rows × covariates.
    """
    scores, schoenfeld = np.zeros_like(rows.x), np.zeros_like(rows.x)
    weight = np.exp(np.einsum("ni,i->n", rows.x, beta))
    for stratum in np.unique(rows.strata):
        inside = rows.strata == stratum
        for time in np.unique(rows.stop[rows.ended & inside]):
            risk = np.flatnonzero(inside & (rows.start < time) & (rows.stop >= time))
            dying = rows.ended[risk] & (rows.stop[risk] == time)
            x, w, d = rows.x[risk], weight[risk], int(dying.sum())
            means = np.zeros(x.shape[1])
            for part in np.arange(d) / d:  # of the ties, a growing part has gone
                share = w * np.where(dying, 1 - part, 1.0)
                total = float(share.sum())
                mean = (share[:, None] * x).sum(axis=0) / total
                scores[risk] -= (x - mean) * (share / total)[:, None]
                means += mean / d
            schoenfeld[risk[dying]] = x[dying] - means
    return scores + schoenfeld, schoenfeld


def _clustered(scores: Floats, naive: Floats, clusters: NDArray[np.int64]) -> Floats:
    """Square roots of the diagonal of V (Σ_c u_c u_c') V, u_c the sum of scores of a cluster."""
    labels, place = np.unique(clusters, return_inverse=True)
    sums = np.zeros((len(labels), scores.shape[1]))
    np.add.at(sums, place.ravel(), scores)
    moved = np.einsum("ci,ij->cj", sums, naive)
    errors: Floats = np.sqrt((moved**2).sum(axis=0))
    return errors


def _proportionality(schoenfeld: Floats, time: Floats, variance: float) -> tuple[float, float]:
    """Whether scaled Schoenfeld residuals move with the rank of time (one covariate)."""
    rank = rankdata(time)
    rank -= rank.mean()
    spread = float((rank**2).sum())
    if spread == 0:
        return np.nan, np.nan
    moved = float((rank * schoenfeld).sum())
    statistic = moved**2 * variance * len(time) / spread
    return statistic, float(chi2.sf(statistic, 1))
