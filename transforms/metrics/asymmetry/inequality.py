"""Measures of inequality of a quantity within groups.

For the members' values x of one variable, with s_i = x_i / Σx and s(1) ≥ s(2) ≥ …:

=====================  ===========================================  ==============
column                 formula                                      range
=====================  ===========================================  ==============
leader_share           s(1)                                         [1/n, 1]
ratio_first_second     x(1) / x(2); NULL where x(2) = 0             [1, ∞)
dominance              (x(1) − x(2)) / (x(1) + x(2))                [0, 1]
ratio_leader_median    x(1) / median of the others; NULL where 0    [1, ∞)
majority_margin        2·s(1) − 1, leader minus all others          (−1, 1]
hhi                    Σ s² = 1/n + Σ (s − 1/n)²                    [1/n, 1]
hhi_normalized         (hhi − 1/n) / (1 − 1/n)                      [0, 1]
concentration          √hhi_normalized (Ray and Singer's CON)       [0, 1]
gini                   2·Σ r·s(r ascending) / n − (n + 1) / n       [0, (n−1)/n]
gini_normalized        gini · n / (n − 1)                           [0, 1]
theil                  Σ s·ln(n·s), with 0·ln 0 = 0                 [0, ln n]
theil_normalized       theil / ln n                                 [0, 1]
=====================  ===========================================  ==============

For two members concentration = gini_normalized = dominance = majority_margin = |2s − 1|.

References: Ray and Singer 1973 (Sociological Methods & Research 1: 403-437) and Singer, Bremer
and Stuckey 1972 for CON; Herfindahl, Gini and Theil as in the textbooks.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

MEASURES = (
    "leader_share",
    "ratio_first_second",
    "dominance",
    "ratio_leader_median",
    "majority_margin",
    "hhi",
    "hhi_normalized",
    "concentration",
    "gini",
    "gini_normalized",
    "theil",
    "theil_normalized",
)


def asymmetry_measures(values: Sequence[float] | Floats) -> dict[str, float]:
    """All measures of one group.

    Args:
        values: The members' capabilities: at least two, none negative, not all zero, in one
            unit (any: every measure is free of scale).

    Returns:
        Measure to value, in the order of `MEASURES`. NaN for a ratio whose denominator is 0.

    Raises:
        ValueError: Fewer than two values, a negative value, or nothing but zeros.

    Examples:
        >>> m = asymmetry_measures([6, 3, 1])
        >>> round(m["ratio_first_second"], 6), round(m["concentration"], 6), round(m["gini"], 6)
        (2.0, 0.43589, 0.333333)
        >>> asymmetry_measures([1, 1])["theil_normalized"]
        0.0
        >>> asymmetry_measures([5, 0])["ratio_first_second"]
        nan
    """
    x = np.asarray(values, dtype=np.float64)
    if x.ndim != 1 or len(x) < 2 or not np.isfinite(x).all() or (x < 0).any() or x.sum() == 0:
        raise ValueError(f"at least two values, none negative, not all zero: {values!r}")
    return {name: float(column[0]) for name, column in group_measures(x[None, :]).items()}


def group_measures(values: Floats) -> dict[str, Floats]:
    """All measures of many groups at once.

    Args:
        values: One row per group, one column per member, NaN where a group has no more
            members. Every row holds at least two numbers, none negative, not all zero.

    Returns:
        Measure to one value per group (see the module's table); NaN for a ratio whose
        denominator is 0.
    """
    n = np.isfinite(values).sum(axis=1).astype(np.float64)
    falling = -np.sort(-values, axis=1)  # NaN stays last
    first, second = falling[:, 0], falling[:, 1]
    shares = falling / np.nansum(values, axis=1, keepdims=True)
    # Around 1/n, not as Σs² − 1/n: that would lose half the digits near equality.
    spread = np.nansum((shares - 1 / n[:, None]) ** 2, axis=1)
    hhi_normalized = _unit(spread / (1 - 1 / n))
    gini = np.clip(_gini(shares, n), 0, (n - 1) / n)
    theil = np.clip(np.nansum(_x_log_x(shares, n[:, None]), axis=1), 0, np.log(n))
    return {
        "leader_share": shares[:, 0],
        "ratio_first_second": _ratio(first, second),
        "dominance": (first - second) / (first + second),
        "ratio_leader_median": _ratio(first, np.nanmedian(falling[:, 1:], axis=1)),
        "majority_margin": 2 * shares[:, 0] - 1,
        "hhi": _unit(1 / n + spread),
        "hhi_normalized": hhi_normalized,
        "concentration": np.sqrt(hhi_normalized),
        "gini": gini,
        "gini_normalized": _unit(gini * n / (n - 1)),
        "theil": theil,
        "theil_normalized": _unit(theil / np.log(n)),
    }


def _unit(share: Floats) -> Floats:
    """Clips to [0, 1], which rounding may leave by the last digits."""
    return np.clip(share, 0.0, 1.0)


def _ratio(numerator: Floats, denominator: Floats) -> Floats:
    empty = np.full_like(numerator, np.nan)
    return np.divide(numerator, denominator, out=empty, where=denominator > 0)


def _gini(falling_shares: Floats, n: Floats) -> Floats:
    """2·Σ r·s / n − (n + 1) / n, with r the rank from below: the first of n falls on rank n."""
    rank = n[:, None] - np.arange(falling_shares.shape[1])
    ranked: Floats = np.nansum(rank * falling_shares, axis=1)
    return 2 * ranked / n - (n + 1) / n


def _x_log_x(shares: Floats, n: Floats) -> Floats:
    logarithm: Floats = np.zeros_like(shares)
    np.log(n * shares, out=logarithm, where=shares > 0)
    return shares * logarithm
