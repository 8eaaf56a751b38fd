"""One coefficient with weights, two sets of fixed effects and clustered errors.

y_i = α_u(i) + δ_p(i) + τ·x_i + controls + ε_i by weighted least squares. Effects are taken out
exactly, never by iteration; by Frisch, Waugh and Lovell τ = Σ w·x̃·ỹ / Σ w·x̃², where x̃ and ỹ are
what effects and controls leave of x and y.

Error: CR1 with t on G − 1 degrees of freedom,
V = G/(G − 1) · (n − 1)/(n − k) · Σ over clusters (Σ w·x̃·û)² / (Σ w·x̃²)², G clusters, n rows. k
counts the regressors and the effects, but for those of a set that is nested in clusters (as
pyfixest and fixest do by default).

Score of a cluster: Σ w·x̃·ỹ over its rows, the derivative of the sum of squares at τ = 0. For tests
with the null imposed (`metrics.*_score`).

References: Frisch and Waugh 1933; Lovell 1963 (JASA 58: 993-1010); Cameron and Miller 2015
(J. Human Resources 50: 317-372); Kline and Santos 2012 (J. Econometric Methods 1: 23-41) on scores.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit

from transforms.inference.wild_bootstrap import FixedEffects

Floats = NDArray[np.float64]
Labels = NDArray[Any]

CONFIDENCE = 0.95
LEAST_LEFT = 1e-9
"""Least share of a column's squares that must not be explained by the others; least error as a
share of the estimate."""


@dataclass(frozen=True)
class Effect:
    """The coefficient.

    Attributes:
        estimate: τ.
        std_error: Clustered (CR1).
        ci_low: Lower end of the 95 % interval.
        ci_high: Upper end.
        p_value: Two-sided, of τ = 0.
        n: Rows.
        clusters: Labels of the clusters, sorted.
        scores: Score of each cluster at τ = 0, in the order of `clusters`.
        influence: What each cluster adds to the error of τ: their squares add up to its square.
    """

    estimate: float
    std_error: float
    ci_low: float
    ci_high: float
    p_value: float
    n: int
    clusters: Labels
    scores: Floats
    influence: Floats


class TwoWayDesign:
    """All but the outcome, so that many outcomes cost little.

    Args:
        regressor: x, one value per row.
        weights: Positive.
        unit: Label of the first effect of each row, of whatever type.
        period: Label of the second. One label for all rows: no effects but of the first.
        cluster: Label of the cluster of each row.
        controls: Further regressors, rows × columns; columns that the others explain are left out.
    """

    def __init__(
        self,
        *,
        regressor: Floats,
        weights: Floats,
        unit: Labels,
        period: Labels,
        cluster: Labels,
        controls: Floats | None = None,
    ) -> None:
        sets = [np.unique(labels, return_inverse=True)[1] for labels in (unit, period)]
        # the set with fewer levels is the one of which a matrix is inverted
        large, small = sorted(sets, key=lambda codes: -int(codes.max(initial=0)))
        self._weights = weights
        self._effects = FixedEffects(large, small, weights)
        self.clusters, self._cluster = np.unique(cluster, return_inverse=True)
        self._basis: list[Floats] = []
        for column in [] if controls is None else controls.T:
            self._add_control(column)
        self.regressor = self.left_of(regressor)
        self._squares = float(np.sum(weights * self.regressor**2))
        before = float(np.sum(weights * regressor**2))
        self.is_identified = self._squares > LEAST_LEFT * before
        self._scale = self._small_sample_factor(large, small)

    def left_of(self, values: Floats) -> Floats:
        """What effects and controls, but not the regressor, leave of values."""
        rest = self._effects.residual(values)
        for column in self._basis:
            rest = rest - float(np.sum(self._weights * column * rest)) * column
        return rest

    def _add_control(self, column: Floats) -> None:
        """Keeps what is new in a control, as a column of length 1."""
        before = float(np.sum(self._weights * column**2))
        rest = self.left_of(self.left_of(column))  # twice: once loses digits
        length = float(np.sum(self._weights * rest**2))
        if length > LEAST_LEFT * before:
            self._basis.append(rest / np.sqrt(length))

    def _small_sample_factor(self, large: Labels, small: Labels) -> float | None:
        """G/(G − 1) · (n − 1)/(n − k); None where there is one cluster or nothing left."""
        n, n_clusters = len(self._weights), len(self.clusters)
        levels = [int(codes.max()) + 1 for codes in (large, small)]
        nested = [_is_nested(codes, self._cluster) for codes in (large, small)]
        free = sum(size for size, is_in in zip(levels, nested, strict=True) if not is_in)
        k = 1 + len(self._basis) + max(free - (not any(nested)), 1)
        if n_clusters < 2 or n <= k:
            return None
        return n_clusters / (n_clusters - 1) * (n - 1) / (n - k)

    def effect(self, outcome: Floats) -> Effect | None:
        """The coefficient for one outcome.

        Args:
            outcome: y, one value per row.

        Returns:
            The effect; None where effects and controls explain the regressor, with one cluster,
            without residual degrees of freedom, and where nothing is left unexplained.
        """
        if not self.is_identified or self._scale is None:
            return None
        left, n_clusters = self.left_of(outcome), len(self.clusters)
        moment = self._weights * self.regressor
        scores: Floats = np.bincount(self._cluster, moment * left, n_clusters).astype(np.float64)
        estimate = float(scores.sum()) / self._squares
        sums = np.bincount(self._cluster, moment * (left - estimate * self.regressor), n_clusters)
        influence: Floats = sums * (np.sqrt(self._scale) / self._squares)
        error = float(np.sqrt(np.sum(influence**2)))
        if error <= LEAST_LEFT * abs(estimate):
            return None
        freedom = n_clusters - 1
        half = float(stdtrit(freedom, (1 + CONFIDENCE) / 2)) * error
        return Effect(
            estimate,
            error,
            estimate - half,
            estimate + half,
            float(2 * stdtr(freedom, -abs(estimate) / error)),
            len(outcome),
            self.clusters,
            scores,
            influence,
        )


def two_way_effect(
    *,
    outcome: Floats,
    regressor: Floats,
    weights: Floats,
    unit: Labels,
    period: Labels,
    cluster: Labels,
    controls: Floats | None = None,
) -> Effect | None:
    """The coefficient of `regressor`; arguments as in `TwoWayDesign` and its `effect`."""
    if not len(outcome):
        return None
    design = TwoWayDesign(
        regressor=regressor,
        weights=weights,
        unit=unit,
        period=period,
        cluster=cluster,
        controls=controls,
    )
    return design.effect(outcome)


def _is_nested(codes: Labels, cluster: Labels) -> bool:
    """Whether all rows of each level lie in one cluster."""
    first = np.zeros(int(codes.max()) + 1, np.int64)
    first[codes] = cluster
    return bool((first[codes] == cluster).all())
