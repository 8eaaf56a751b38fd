"""Difference between labelled and other units within periods, by permutation of labels.

τ is the weighted least squares coefficient of "not labelled" with effects of periods alone. With
few labelled units no clustered error is near its size, so labels are permuted over the units: every
choice of them where there are not too many, else draws. p is twice the smaller tail; the interval
is the set of constant effects that are not rejected. For a choice S and the observed labels x,
τ_S(y − b·x) = τ_S(y) − b·τ_S(x) lies above τ(y − b·x) from b = (τ(y) − τ_S(y)) / (1 − τ_S(x)) on:
the interval is made of quantiles of that.

Reference: Fisher 1935 (The Design of Experiments); Conley and Taber 2011 (Review of Economics and
Statistics 93: 113-125) on few treated groups.
"""

from dataclasses import dataclass
from itertools import combinations
from math import comb

import numpy as np
from numpy.typing import NDArray

from transforms.inference.permutation import Indices, two_tailed_p
from transforms.inference.two_way_effects import Floats
from transforms.inference.wild_bootstrap import ALPHA

MOST_EXACT = 50_000
N_DRAWS = 9_999
TIE = 1e-9


@dataclass(frozen=True)
class LabelEffect:
    """The difference.

    Attributes:
        estimate: Units without the label minus those with it.
        std_error: Standard deviation of the permuted differences.
        ci_low: Lower end of the 95 % interval, by inverting the test.
        ci_high: Upper end.
        p_value: Two-sided.
        n_labelled: Units with the label.
        n_choices: Choices of labels behind p.
        is_exact: Whether they are all that there are.
    """

    estimate: float
    std_error: float
    ci_low: float
    ci_high: float
    p_value: float
    n_labelled: int
    n_choices: int
    is_exact: bool


def label_effect(
    *,
    outcome: Floats,
    weights: Floats,
    unit: Indices,
    period: Indices,
    is_labelled: NDArray[np.bool_],
    rng: np.random.Generator,
) -> LabelEffect | None:
    """Compares units.

    Args:
        outcome: y, one value per row.
        weights: Positive.
        unit: Unit of each row, from 0 without gaps.
        period: Period of each row, from 0 without gaps.
        is_labelled: Whether each unit has the label.
        rng: Random numbers of the draws.

    Returns:
        The difference; None where one side is empty, the two share no period, or there are so few
        choices that no effect is rejected.
    """
    n_units, labelled = len(is_labelled), np.flatnonzero(is_labelled)
    size = len(labelled)
    if not 0 < size < n_units:
        return None
    n_periods = int(period.max()) + 1
    held = np.bincount(unit * n_periods + period, weights, n_units * n_periods)
    held = held.reshape(n_units, n_periods)
    of_period = held.sum(axis=0)
    mean = np.bincount(period, weights * outcome) / of_period
    pull = np.bincount(unit, weights * (outcome - mean[period]), n_units)
    overlap = np.diag(held.sum(axis=1)) - np.einsum("ip,jp->ij", held / of_period, held)
    is_exact = comb(n_units, size) <= MOST_EXACT
    if is_exact:
        choices = np.array(list(combinations(range(n_units), size)), np.int64)
    else:
        choices = rng.random((N_DRAWS, n_units)).argsort(axis=1)[:, :size]
    choices = np.vstack([labelled[None, :], choices])
    squares = overlap[choices[:, :, None], choices[:, None, :]].sum(axis=(1, 2))
    known = squares > TIE * squares.max()
    if not known[0]:
        return None
    choices, squares = choices[known], squares[known]
    tau = -pull[choices].sum(axis=1) / squares
    # the same of the observed labels as outcome: its pull is −Σ overlap with those labelled
    same = overlap[:, labelled].sum(axis=1)[choices].sum(axis=1) / squares
    observed, draws = float(tau[0]), np.ones(len(tau), bool)
    draws[0] = False
    if is_exact:  # the data are one of all choices: not to be counted twice
        draws[1 + np.argmax((choices[1:] == labelled).all(axis=1))] = False
    n = int(draws.sum()) + 1
    moved = draws & (same < 1 - TIE)
    limits = np.sort((observed - tau[moved]) / (1 - same[moved]))
    fewest = int(np.floor(ALPHA / 2 * n))
    if not 0 < fewest <= len(limits):
        return None
    return LabelEffect(
        observed,
        float(np.std(tau[draws])),
        float(limits[fewest - 1]),
        float(limits[-fewest]),
        two_tailed_p(observed, tau[draws]),
        size,
        n,
        is_exact,
    )
