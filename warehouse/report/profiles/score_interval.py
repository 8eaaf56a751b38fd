"""Intervals of shares: Wilson's over votes, and its like with sessions as clusters.

Agreement counts an abstention as half a vote, so its variance is at most that of a share; Wilson's
interval of the mean is then rather too long than too short.

With k sessions of n_s votes and sums a_s, r = Σa / Σn has the linearised variance
V = k/(k−1) · Σ(a_s − r n_s)² / (Σn)². The votes are then worth n* = r(1−r)/V independent ones,
never more than they are, and Wilson's interval is taken with n* and Student's t of k−1 degrees of
freedom for z (Korn and Graubard 1998; Dean and Pagano 2015 recommend it among seven where shares
are near 0 or 1). It never leaves [0, 1], and has a length where all sessions agree (r = 0).
"""

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LEVEL = 0.95
Z = 1.959963984540054
MIN_SESSIONS = 3
"""Two sessions tell nothing of how sessions differ."""


def wilson(share: Floats, n: Floats, critical: Any) -> tuple[pl.Series, pl.Series]:
    """Wilson's score interval, rounded to 5 decimals; NULL where n is 0.

    Args:
        share: Shares in [0, 1].
        n: Votes, or what they are worth.
        critical: z, or t per share.

    Returns:
        Lower and upper ends, named ci_low and ci_high.
    """
    square = np.square(critical)
    with np.errstate(invalid="ignore", divide="ignore"):
        centre = (share + square / (2 * n)) / (1 + square / n)
        spread = np.sqrt(share * (1 - share) / n + square / (4 * n * n))
        half = critical * spread / (1 + square / n)
    ends = (np.clip(centre - half, 0, 1), np.clip(centre + half, 0, 1))
    low, high = (pl.Series(np.round(end, 5)).fill_nan(None) for end in ends)
    return low.alias("ci_low"), high.alias("ci_high")


def ballot_interval(total: Floats, n: NDArray[Any]) -> tuple[pl.Series, pl.Series]:
    """Wilson's interval of total / n with votes taken as independent."""
    votes = n.astype(float)
    with np.errstate(invalid="ignore"):
        return wilson(total / votes, votes, Z)


def session_interval(
    total: Floats, n: NDArray[Any], squares: Floats, n_sessions: NDArray[Any]
) -> tuple[pl.Series, pl.Series]:
    """The interval of total / n with sessions as clusters; see the module.

    Args:
        total: Sum of agreement.
        n: Votes.
        squares: Σ(a_s − r n_s)².
        n_sessions: Sessions with a vote.

    Returns:
        Ends; of no meaning under `MIN_SESSIONS`.
    """
    from scipy.special import stdtrit  # 0.1 s

    votes, freedom = n.astype(float), np.maximum(n_sessions.astype(float) - 1, 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = total / votes
        variance = (freedom + 1) / freedom * squares / votes**2
        worth = np.where(variance > 0, share * (1 - share) / variance, votes)
    # no tighter than independent votes, nor looser than one vote
    worth = np.clip(worth, 1, np.maximum(votes, 1))
    return wilson(share, worth, stdtrit(freedom, (1 + LEVEL) / 2))
