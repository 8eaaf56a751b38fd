"""Wild cluster bootstrap-t of one coefficient beside unit and period effects.

Weighted least squares of y on a treatment d with fixed effects of units and periods; units are
the clusters. The null is imposed: residuals of the fit with the coefficient held at its
hypothetical value are multiplied by one Rademacher weight per unit. The interval is the set of
values that the test does not reject.

No sample is fitted anew: the weight is constant in a unit, so the unit effects drop out, and what
a draw does to coefficient and variance are sums over units that are known beforehand. Both are
linear in the hypothetical value, so the interval costs no more draws than the p-value.

References: Cameron, Gelbach and Miller 2008 (REStat 90: 414-427); Roodman, MacKinnon, Nielsen and
Webb 2019 (Stata Journal 19: 4-60).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

ALPHA = 0.05
FARTHEST = 60.0
"""Standard errors from the estimate beyond which an end of the interval is given up."""

SMALLEST_VARIATION = 1e-9
"""Share of the treatment's weighted squares that effects must leave over."""

TIE = 1e-9


@dataclass(frozen=True)
class WithinEffect:
    """The coefficient.

    Attributes:
        estimate: By weighted least squares.
        std_error: Clustered by unit, without a correction for small samples.
        p_value: Two-sided, of the hypothesis that it is 0.
        ci_low: Lower end of the 95 % interval; None where no value is rejected.
        ci_high: Upper end.
    """

    estimate: float
    std_error: float
    p_value: float
    ci_low: float | None
    ci_high: float | None


@dataclass(frozen=True)
class _Parts:
    """Coefficient and sums of squared scores of each draw, as functions of the hypothesis.

    A hypothesis b gives move (y₀ − b·d₀) and squares (yy − 2b·yd + b²·dd), per draw.
    """

    estimate: float
    std_error: float
    move_y: Floats
    move_d: Floats
    square_yy: Floats
    square_yd: Floats
    square_dd: Floats

    def p_value(self, hypothesis: float) -> float:
        """Share of the draws whose t is at least as large, the data counted as one of them."""
        t = abs(self.estimate - hypothesis) / self.std_error
        squares = self.square_yy - 2 * hypothesis * self.square_yd
        squares = np.maximum(squares + hypothesis**2 * self.square_dd, 0)
        move = np.abs(self.move_y - hypothesis * self.move_d)
        n = len(move)
        at_least = move >= (t - TIE) * np.sqrt(squares)
        return float((1 + at_least.sum()) / (n + 1))

    def end(self, direction: float) -> float | None:
        """Where the hypothesis begins to be rejected, up or down from the estimate."""
        inside, step = self.estimate, direction * self.std_error
        while self.p_value(inside + step) > ALPHA:
            inside += step
            step *= 1.5
            if abs(inside - self.estimate) > FARTHEST * self.std_error:
                return None
        outside = inside + step
        for _ in range(50):
            middle = (inside + outside) / 2
            inside, outside = (
                (middle, outside) if self.p_value(middle) > ALPHA else (inside, middle)
            )
        return inside


def within_effect(
    *,
    outcome: Floats,
    treatment: Floats,
    weights: Floats,
    unit: Indices,
    period: Indices,
    n_draws: int,
    rng: np.random.Generator,
) -> WithinEffect | None:
    """Estimates the coefficient of the treatment given unit and period.

    Args:
        outcome: y, one value per observation.
        treatment: d.
        weights: Positive.
        unit: Unit of each observation; the clusters.
        period: Period of each observation.
        n_draws: Draws of weights.
        rng: Where they come from.

    Returns:
        The effect; None where the effects of units and periods explain the treatment.
    """
    units, unit = np.unique(unit, return_inverse=True)
    effects = FixedEffects(unit, period, weights)
    y, d = effects.residual(outcome), effects.residual(treatment)
    scale = float(np.sum(weights * d**2))
    if scale <= SMALLEST_VARIATION * float(np.sum(weights * treatment**2)):
        return None
    n = len(units)
    signs = rng.integers(0, 2, size=(n_draws, n)) * 2.0 - 1.0
    # scores of a draw: what it adds itself, less what periods and treatment take up
    load = effects.by_unit(d)
    square = np.bincount(unit, weights * d**2, n)

    def draws_of(residual: Floats) -> tuple[Floats, Floats]:
        own = np.bincount(unit, weights * d * residual, n)
        moves = signs @ own / scale
        by_period = signs @ effects.by_unit(residual) @ effects.inverse @ load.T
        return moves, signs * own - by_period - moves[:, None] * square

    move_y, score_y = draws_of(y)
    move_d, score_d = draws_of(d)
    estimate = float(np.sum(weights * d * y)) / scale
    of_data = np.bincount(unit, weights * d * (y - estimate * d), n)
    std_error = float(np.sqrt(np.sum(of_data**2))) / scale
    if std_error <= 0:
        return None
    parts = _Parts(
        estimate,
        std_error,
        move_y,
        move_d,
        np.sum(score_y**2, axis=1) / scale**2,
        np.sum(score_y * score_d, axis=1) / scale**2,
        np.sum(score_d**2, axis=1) / scale**2,
    )
    ends = parts.end(-1.0), parts.end(1.0)
    return WithinEffect(estimate, std_error, parts.p_value(0.0), *ends)


class FixedEffects:
    """Weighted effects of units and periods.

    Args:
        unit: Unit of each observation, from 0 without gaps.
        period: Period of each observation.
        weights: Positive.
    """

    def __init__(self, unit: Indices, period: Indices, weights: Floats) -> None:
        self._unit, self._weights = unit, weights
        self._n = int(unit.max()) + 1
        self._of_unit = np.bincount(unit, weights, self._n)
        periods = np.unique(period)
        dummies = (period[:, None] == periods[1:]).astype(np.float64)
        self._periods = np.empty_like(dummies)
        for k, column in enumerate(dummies.T):
            self._periods[:, k] = self._centre(column)
        self.inverse = np.linalg.pinv(
            np.einsum("i,ij,ik->jk", weights, self._periods, self._periods, optimize=True),
            hermitian=True,
        )

    def residual(self, values: Floats) -> Floats:
        """What the effects leave of the values."""
        centred = self._centre(values)
        moments = np.einsum("ij,i->j", self._periods, self._weights * centred)
        rest: Floats = centred - self._periods @ (self.inverse @ moments)
        return rest

    def by_unit(self, values: Floats) -> Floats:
        """Weighted products with the centred periods, summed by unit: units × periods."""
        sums = np.zeros((self._n, self._periods.shape[1]))
        np.add.at(sums, self._unit, self._periods * (self._weights * values)[:, None])
        return sums

    def _centre(self, values: Floats) -> Floats:
        mean = np.bincount(self._unit, self._weights * values, self._n) / self._of_unit
        centred: Floats = values - mean[self._unit]
        return centred
