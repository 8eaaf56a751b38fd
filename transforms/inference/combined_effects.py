"""Sums of effects that rest on the same clusters, and the half-panel jackknife.

A weighted sum of estimates of one or several regressions has the error √Σ_c (Σ_j a_j·φ_jc)², where
φ_jc is what cluster c adds to the error of estimate j (`Effect.influence`): what two estimates on
the same rows have in common cancels. t on G − 1 degrees of freedom, as for the parts.

Half-panel jackknife: 2·θ̂ − Σ_h (n_h/n)·θ̂_h over the two halves of each unit's rows in time, each
half with effects of its own. It takes out the bias of order 1/T that a lagged outcome has in a
regression with effects of units (Nickell 1981).

References: Dhaene and Jochmans 2015 (Review of Economic Studies 82: 991-1030); Chudik, Pesaran and
Yang 2018 (J. Applied Econometrics 33: 816-836), with effects of periods and unbalanced panels;
Nickell 1981 (Econometrica 49: 1417-1426).
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit

from transforms.inference.two_way_effects import CONFIDENCE, LEAST_LEFT, Effect, Labels

Bools = NDArray[np.bool_]


def combined(parts: Sequence[tuple[float, Effect]]) -> Effect | None:
    """A weighted sum of effects.

    Args:
        parts: Weight and effect; clusters are matched by label.

    Returns:
        The sum, with the rows of the first part. It has no score: `scores` is 0. None where its
        error is 0.
    """
    clusters = np.unique(np.concatenate([effect.clusters for _, effect in parts]))
    influence = np.zeros(len(clusters))
    for weight, effect in parts:
        influence[np.searchsorted(clusters, effect.clusters)] += weight * effect.influence
    estimate = float(sum(weight * effect.estimate for weight, effect in parts))
    error = float(np.sqrt(np.sum(influence**2)))
    if error <= LEAST_LEFT * abs(estimate):
        return None
    freedom = len(clusters) - 1
    half = float(stdtrit(freedom, (1 + CONFIDENCE) / 2)) * error
    return Effect(
        estimate,
        error,
        estimate - half,
        estimate + half,
        float(2 * stdtr(freedom, -abs(estimate) / error)),
        parts[0][1].n,
        clusters,
        np.zeros(len(clusters)),
        influence,
    )


def half_panel_jackknife(
    fit: Callable[[Bools], Effect | None], unit: Labels, period: Labels
) -> Effect | None:
    """An estimate without its bias of order 1/T.

    Args:
        fit: The estimate on some of the rows.
        unit: Unit of each row; the rows of each are cut in the middle of its periods, an odd one
            going to the second half.
        period: Period of each row.

    Returns:
        The effect; None where it cannot be estimated on all rows, or on either half.
    """
    is_first = first_halves(unit, period)
    whole = fit(np.ones(len(unit), bool))
    halves = [fit(is_first), fit(~is_first)]
    known = [effect for effect in halves if effect is not None]
    if whole is None or len(known) < len(halves):
        return None
    n = sum(effect.n for effect in known)
    return combined([(2.0, whole), *((-effect.n / n, effect) for effect in known)])


def first_halves(unit: Labels, period: Labels) -> Bools:
    """Whether a row is among the first half of its unit's, by period."""
    _, codes = np.unique(unit, return_inverse=True)
    order = np.lexsort((period, codes))
    size = np.bincount(codes)
    begins = np.concatenate([[0], np.cumsum(size)[:-1]])
    place = np.empty(len(codes), np.int64)
    place[order] = np.arange(len(codes)) - np.repeat(begins, size)
    is_first: Bools = place < size[codes] // 2
    return is_first
