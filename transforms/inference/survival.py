"""Survival curves, cumulative incidence and the log-rank test, with delayed entry.

At each time t at which something ends, n(t) are at risk (entered before t, not ended before t):

    Kaplan–Meier      S(t) = Π (1 − d/n),  variance S² Σ d/{n(n−d)} (Greenwood)
    Aalen–Johansen    F_k(t) = Σ S(t−) d_k/n
    log-rank          (O − E)² / Σ variance of the hypergeometric

Intervals are those of the log-log transform, so they stay between 0 and 1.

References: Kalbfleisch & Prentice 2002, The Statistical Analysis of Failure Time Data; Marubini &
Valsecchi 1995, Analysing Survival Data, for the variance of the cumulative incidence.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2, norm

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Curve:
    """A step function and its pointwise interval.

    Attributes:
        times: Times at which anything ends, ascending.
        value: The curve from each of these times on.
        low: Lower end of the interval; NaN where the curve is 0 or 1.
        high: Upper end of the interval; NaN where the curve is 0 or 1.
        at_start: Its value before the first time.
    """

    times: Floats
    value: Floats
    low: Floats
    high: Floats
    at_start: float

    def at(self, time: float) -> tuple[float, float, float]:
        """Value and interval at a time.

        Args:
            time: Any time from 0 on.
        """
        place = int(np.searchsorted(self.times, time, side="right")) - 1
        if place < 0:
            return self.at_start, np.nan, np.nan
        return float(self.value[place]), float(self.low[place]), float(self.high[place])

    def time_at(self, level: float, bound: str = "value") -> float | None:
        """The first time at which the curve has fallen to a level; None where it never does.

        Args:
            level: Such as one half for the median.
            bound: `value`, `low` or `high`.
        """
        reached = np.flatnonzero(getattr(self, bound) <= level)
        return float(self.times[reached[0]]) if reached.size else None


def kaplan_meier(entry: Floats, exit_: Floats, ended: Flags, level: float = 0.95) -> Curve:
    """Share that has not ended yet.

    Args:
        entry: When each comes under observation.
        exit_: When each ends or is censored; after its entry.
        ended: Whether it ends.
        level: Coverage of the interval.
    """
    times, n, d = _counts(entry, exit_, ended, ended)
    survival = np.asarray(np.cumprod(1 - d / n), dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        greenwood = np.sqrt(np.cumsum(d / (n * (n - d))))
        error = np.asarray(survival * greenwood, dtype=np.float64)
        low, high = _log_log(survival, error, level)
    return Curve(times, survival, low, high, 1.0)


def cumulative_incidence(
    entry: Floats, exit_: Floats, ended: Flags, of_kind: Flags, level: float = 0.95
) -> Curve:
    """Share that has ended in one way, others being able to end in another.

    Args:
        entry: When each comes under observation.
        exit_: When each ends or is censored.
        ended: Whether it ends, in whatever way.
        of_kind: Whether it ends in the way of interest.
        level: Coverage of the interval.
    """
    times, n, d = _counts(entry, exit_, ended, ended)
    kind = _counts(entry, exit_, ended, of_kind)[2]
    before = np.concatenate([[1.0], np.cumprod(1 - d / n)[:-1]])
    incidence = np.cumsum(before * kind / n)
    error = np.empty_like(incidence)
    for i, value in enumerate(incidence):
        ahead, s = value - incidence[: i + 1], before[: i + 1]
        ni, di, ki = n[: i + 1], d[: i + 1], kind[: i + 1]
        left = np.maximum(ni - di, 1)  # where none are left, nothing is ahead either
        variance = (
            ahead**2 * di / (ni * left) + s**2 * ki * (ni - ki) / ni**3 - 2 * ahead * s * ki / ni**2
        )
        error[i] = np.sqrt(max(float(variance.sum()), 0.0))
    low, high = _log_log(incidence, error, level)
    return Curve(times, incidence, low, high, 0.0)


def log_rank(entry: Floats, exit_: Floats, ended: Flags, group: Flags) -> tuple[float, float]:
    """Log-rank test of two groups.

    Args:
        entry: When each comes under observation.
        exit_: When each ends or is censored.
        ended: Whether it ends.
        group: Whether it is in the first group.

    Returns:
        χ² with one degree of freedom, and its p-value.
    """
    times, n, d = _counts(entry, exit_, ended, ended)
    in_first = ((entry[group] < times[:, None]) & (exit_[group] >= times[:, None])).sum(axis=1)
    observed = int((ended & group).sum())
    share = in_first / n
    expected = float((d * share).sum())
    spare = np.where(n > 1, (n - d) / np.maximum(n - 1, 1), 0.0)
    variance = float((d * share * (1 - share) * spare).sum())
    statistic = (observed - expected) ** 2 / variance if variance > 0 else np.nan
    return float(statistic), float(chi2.sf(statistic, 1))


def at_risk(entry: Floats, exit_: Floats, time: float) -> int:
    """How many are under observation just before a time.

    Args:
        entry: When each comes under observation.
        exit_: When each ends or is censored.
        time: The time; at 0, those that are observed from the start.
    """
    entered = entry <= 0 if time <= 0 else entry < time
    return int((entered & (exit_ >= time)).sum())


def _counts(
    entry: Floats, exit_: Floats, ended: Flags, of_kind: Flags
) -> tuple[Floats, Floats, Floats]:
    times = np.unique(exit_[ended])
    n = ((entry < times[:, None]) & (exit_ >= times[:, None])).sum(axis=1)
    d = ((exit_ == times[:, None]) & of_kind).sum(axis=1)
    return times, n.astype(np.float64), d.astype(np.float64)


def _log_log(value: Floats, error: Floats, level: float) -> tuple[Floats, Floats]:
    """v^exp(±z·se/(v·log v)); NaN where v is 0 or 1."""
    z = float(norm.ppf((1 + level) / 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = z * error / (value * np.log(value))
        ends = value ** np.exp(spread), value ** np.exp(-spread)
        low, high = np.minimum(*ends), np.maximum(*ends)
    inside = (value > 0) & (value < 1) & np.isfinite(error)
    return np.where(inside, low, np.nan), np.where(inside, high, np.nan)
