"""Wild cluster bootstrap-t of one coefficient with unit and period fixed effects.

Weighted least squares of y on a treatment d with fixed effects of units and periods; units are
the clusters. The null is imposed: residuals of the fit with the coefficient held at its
hypothetical value are multiplied by one Rademacher weight per unit. The interval is the set of
values that the test does not reject.

No sample is refitted: the weight is constant within a unit, so the unit effects drop out, and a
draw changes coefficient and variance by sums over units that are computed once. Both depend on
the hypothetical value in closed form, so the interval needs no more draws than the p-value.

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
"""Standard errors from the estimate beyond which no end of the interval is searched."""

SMALLEST_VARIATION = 1e-9
"""Least share of the treatment's weighted squares that is not explained by the effects."""

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
        """The first rejected value, up or down from the estimate."""
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
        rng: Random numbers.

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
    # scores of a draw: its own part, less the parts explained by periods and treatment
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
        periods, period = np.unique(period, return_inverse=True)
        self._unit, self._period, self._weights = unit, period, weights
        self._shape = (int(unit.max()) + 1, len(periods))
        # Dummies of periods, centred by unit, are never written out: all that is asked of them are
        # sums over a unit and a period.
        held = self._by_unit_and_period(np.ones(len(unit)))
        self._of_unit = held.sum(axis=1)
        self._share = held[:, 1:] / self._of_unit[:, None]
        moments = -np.einsum("up,uq->pq", held[:, 1:], self._share)
        moments[np.diag_indices_from(moments)] += held[:, 1:].sum(axis=0)
        self.inverse = np.linalg.pinv(moments, hermitian=True)

    def residual(self, values: Floats) -> Floats:
        """The values less their fitted effects."""
        mean = np.bincount(self._unit, self._weights * values, self._shape[0]) / self._of_unit
        centred = values - mean[self._unit]
        effects = np.einsum("pq,q->p", self.inverse, self.by_unit(centred).sum(axis=0))
        of_period = np.append(0.0, effects)[self._period]
        of_unit = np.einsum("up,p->u", self._share, effects)[self._unit]
        rest: Floats = centred - (of_period - of_unit)
        return rest

    def by_unit(self, values: Floats) -> Floats:
        """Weighted products with the centred periods, summed by unit: units × periods."""
        sums = self._by_unit_and_period(values)
        centred: Floats = sums[:, 1:] - self._share * sums.sum(axis=1)[:, None]
        return centred

    def _by_unit_and_period(self, values: Floats) -> Floats:
        n_units, n_periods = self._shape
        place = self._unit * n_periods + self._period
        sums = np.bincount(place, self._weights * values, n_units * n_periods)
        return sums.reshape(n_units, n_periods).astype(np.float64)
