"""One coefficient of a Poisson regression with two sets of fixed effects and clustered errors.

E(y_i) = exp(α_u(i) + δ_p(i) + τ·x_i + controls) by pseudo maximum likelihood: only the mean has to
be right, not the distribution, and 0 is an outcome like others. Fitted by iteratively reweighted
least squares; each step is `TwoWayDesign` with the fitted means as weights, and so are the error
(CR1, t on G − 1 degrees of freedom) and the score: that of the last step, which for the score is
the one with τ = 0 imposed.

Rows of a unit or period without a positive outcome have a mean of 0 whatever the coefficients, and
are left out before.

References: Santos Silva and Tenreyro 2006 (Review of Economics and Statistics 88: 641-658);
Correia, Guimarães and Zylkin 2020 (Stata Journal 20: 95-115).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from transforms.inference.two_way_effects import Effect, Labels, TwoWayDesign

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

MAX_STEPS = 200
CONVERGED = 1e-12
"""Largest change of the deviance, as a share of it."""

HIGHEST = 500.0
"""Largest linear predictor: beyond it the mean overflows."""


def poisson_effect(
    *,
    outcome: Floats,
    regressor: Floats,
    unit: Labels,
    period: Labels,
    cluster: Labels,
    controls: Floats | None = None,
) -> Effect | None:
    """Estimates the coefficient of the regressor.

    Args:
        outcome: y, at least 0, one value per row.
        regressor: x.
        unit: Label of the first effect of each row.
        period: Label of the second.
        cluster: Label of the cluster.
        controls: Further regressors, rows × columns.

    Returns:
        The effect in log points per unit of x, `n` being the rows that are left; None as in
        `TwoWayDesign.effect`, and where the steps do not converge.

    Raises:
        ValueError: An outcome is negative or not a number.
    """
    if not np.all(outcome >= 0):
        raise ValueError("an outcome of a Poisson regression is negative, or not a number")
    kept = informative_rows(outcome, unit, period)
    if not kept.any():
        return None
    codes = [
        np.unique(labels[kept], return_inverse=True) for labels in (unit, period, cluster)
    ]  # numbers: each step would sort labels again
    model = _Model(
        outcome[kept],
        {
            "regressor": regressor[kept],
            "unit": codes[0][1],
            "period": codes[1][1],
            "cluster": codes[2][1],
            "controls": None if controls is None else controls[kept],
        },
    )
    free, restricted = model.fit(is_free=True), model.fit(is_free=False)
    if free is None or restricted is None:
        return None
    effect, under_null = (design.effect(working) for design, working in (free, restricted))
    if effect is None or under_null is None:
        return None
    return replace(effect, clusters=codes[2][0], scores=under_null.scores)


def informative_rows(outcome: Floats, unit: Labels, period: Labels) -> Bools:
    """Rows whose unit and period have a positive outcome among the rows that are left."""
    kept = np.ones(len(outcome), bool)
    sets = [np.unique(labels, return_inverse=True)[1] for labels in (unit, period)]
    while True:
        before = kept.sum()
        for codes in sets:
            kept = kept & (np.bincount(codes, outcome * kept)[codes] > 0)
        if kept.sum() == before:
            return kept


@dataclass(frozen=True)
class _Model:
    """The rows: y, and the arguments of `TwoWayDesign` but for the weights."""

    outcome: Floats
    terms: Mapping[str, Any]

    def fit(self, *, is_free: bool) -> tuple[TwoWayDesign, Floats] | None:
        """The design and the working outcome of the last step.

        Args:
            is_free: Whether τ is estimated; else it is 0.

        Returns:
            Both; None where the steps do not converge or τ is not identified.
        """
        y = self.outcome
        predictor = np.log((y + y.mean()) / 2)
        deviance = np.inf
        for _ in range(MAX_STEPS):
            mean = np.exp(np.minimum(predictor, HIGHEST))
            working: Floats = predictor + (y - mean) / mean
            design = TwoWayDesign(weights=mean, **self.terms)
            if not design.is_identified:
                return None
            latest = _deviance(y, mean)
            if abs(deviance - latest) <= CONVERGED * (1 + abs(latest)):
                return design, working
            deviance = latest
            left = design.left_of(working)
            if is_free:
                moment = mean * design.regressor
                slope = np.sum(moment * left) / np.sum(moment * design.regressor)
                left = left - slope * design.regressor
            predictor = working - left
        return None


def _deviance(y: Floats, mean: Floats) -> float:
    """Twice the log likelihood that is missing from a perfect fit."""
    logs = np.zeros(len(y))
    positive = y > 0
    logs[positive] = y[positive] * np.log(y[positive] / mean[positive])
    return float(2 * np.sum(logs - (y - mean)))
