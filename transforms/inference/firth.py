"""Firth's penalised logit: finite estimates and honest intervals where cells are empty.

The log-likelihood is penalised by half the logarithm of the determinant of the information
(Jeffreys' prior), which takes away the first-order bias and keeps estimates finite under
separation:

    ℓ*(β) = ℓ(β) + ½ log|I(β)|,   U*_r = Σ_i {y_i − p_i + h_i(½ − p_i)} x_ir = 0

with h_i the diagonal of W^½ X (XᵀWX)⁻¹ Xᵀ W^½. With one binary covariate this is the familiar
correction of ½ added to each cell. Standard errors are those of I(β) at the estimate; tests and
intervals come from the profile of ℓ*. It is skewed where cells are small, so that estimate ± 1.96
standard errors would be wrong there.

References: Firth 1993 (Biometrika 80:27–38); Heinze & Schemper 2002 (Stat. Med. 21:2409–19);
Venzon & Moolgavkar 1988 (Appl. Statist. 37:87–94) for the search of the interval's ends.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import chi2

from transforms.inference.penalized_likelihood import (
    MAX_STEP,
    Floats,
    NotConvergedError,
    Point,
    Units,
    evaluate,
    maximize,
)

SETTLED_STEP, SETTLED_LIKELIHOOD = 1e-8, 1e-9  # ends of intervals


@dataclass(frozen=True)
class FirthFit:
    """A fitted logit.

    Attributes:
        coefficients: β, one per column of the design.
        std_errors: Square roots of the diagonal of I(β)⁻¹.
        penalized_log_likelihood: ℓ* at β.
        p_values: Penalised likelihood ratio tests of each coefficient; NaN where not asked for.
        ci_low: Lower ends of the profile intervals; NaN where not asked for.
        ci_high: Upper ends of the profile intervals; NaN where not asked for.
    """

    coefficients: Floats
    std_errors: Floats
    penalized_log_likelihood: float
    p_values: Floats
    ci_low: Floats
    ci_high: Floats


def fit_firth(
    design: Floats,
    response: Floats,
    *,
    weights: Floats | None = None,
    test: Sequence[int] | None = None,
    level: float = 0.95,
) -> FirthFit:
    """Fits Firth's logit, with profile intervals.

    Args:
        design: Rows × columns, the column of ones included; of full column rank.
        response: 0 or 1 per row, or a share of successes where rows stand for groups.
        weights: How many units each row stands for; one each by default.
        test: Columns to test and to give intervals for; all by default, `()` for none.
        level: Coverage of the intervals.

    Returns:
        The fit.

    Raises:
        ValueError: Shapes do not match, or the columns of the design are not independent.
        NotConvergedError: No maximum was found.
    """
    units = np.ones(len(response)) if weights is None else np.asarray(weights, dtype=np.float64)
    x, y = np.asarray(design, dtype=np.float64), np.asarray(response, dtype=np.float64)
    if x.ndim != 2 or len(x) != len(y) or len(y) != len(units):
        raise ValueError(f"design {x.shape}, response {y.shape} and weights {units.shape} differ")
    if np.linalg.matrix_rank(x[units > 0]) < x.shape[1]:
        raise ValueError("the columns of the design are not independent: leave one out")
    n_columns = x.shape[1]
    data = Units(x, y, units)
    beta, best = maximize(data, np.zeros(n_columns))
    p_values, low, high = (np.full(n_columns, np.nan) for _ in range(3))
    target = best.log_likelihood - float(chi2.ppf(level, 1)) / 2
    for column in range(n_columns) if test is None else test:
        _, without = maximize(data, _with_zero(beta, column), fixed=column)
        ratio = 2 * max(best.log_likelihood - without.log_likelihood, 0.0)
        p_values[column] = chi2.sf(ratio, 1)
        profile = _Profile(data, beta, best, column, target)
        low[column] = _profile_end(profile, -1)
        high[column] = _profile_end(profile, +1)
    errors = np.sqrt(np.diag(best.information_inverse))
    return FirthFit(beta, errors, best.log_likelihood, p_values, low, high)


def coefficients(design: Floats, response: Floats, weights: Floats, start: Floats) -> Floats:
    """The coefficients alone, from a start nearby: for leaving rows out one by one.

    Args:
        design: Rows × columns.
        response: 0 or 1 per row.
        weights: How many units each row stands for.
        start: β to begin with, such as that of the whole sample.

    Returns:
        β.

    Raises:
        NotConvergedError: No maximum was found.
    """
    return maximize(Units(design, response, weights), start)[0]


def _with_zero(beta: Floats, column: int) -> Floats:
    start = beta.copy()
    start[column] = 0.0
    return start


@dataclass(frozen=True)
class _Profile:
    """The profile of one column, and the height at which its interval ends."""

    data: Units
    beta: Floats
    best: Point
    column: int
    target: float


def _profile_end(profile: _Profile, side: int) -> float:
    """The value of a coefficient, on one side of its estimate, at which the profile ends.

    Steps solve for the coefficient and all others at once (Venzon & Moolgavkar 1988); where
    they do not settle, the profile is searched by bisection.
    """
    column, estimate = profile.column, profile.beta[profile.column]
    point, here, columns = profile.beta, profile.best, np.arange(len(profile.beta))
    for _ in range(50):
        inverse, score = here.reach(columns), here.score
        above = here.log_likelihood - profile.target
        room = 2 * above + np.einsum("i,ij,j->", score, inverse, score)
        raised = score.copy()
        raised[column] += side * np.sqrt(max(float(room), 0.0) / inverse[column, column])
        step = np.einsum("ij,j->i", inverse, raised)
        largest = float(np.abs(step).max())
        if not np.isfinite(largest):
            break
        if largest < SETTLED_STEP and abs(above) < SETTLED_LIKELIHOOD:
            if side * (point[column] - estimate) > 0:
                return float(point[column])
            break
        point = point + step * min(1.0, MAX_STEP / max(largest, 1e-300))
        here = evaluate(profile.data, point)
    return _bisect(profile, side)


def _bisect(profile: _Profile, side: int) -> float:
    column, target = profile.column, profile.target
    inside = profile.beta
    width = side * float(np.sqrt(profile.best.information_inverse[column, column]))
    outside = inside[column] + width
    for _ in range(60):
        nearest, height = _with(profile, inside, outside)
        if height < target:
            break
        inside, outside = nearest, outside + width
    else:
        raise NotConvergedError(f"the profile of column {column} does not fall to its limit")
    while abs(outside - inside[column]) > 1e-9 * max(1.0, abs(outside)):
        middle = (inside[column] + outside) / 2
        nearest, height = _with(profile, inside, middle)
        if height < target:
            outside = middle
        else:
            inside = nearest
    return float(inside[column])


def _with(profile: _Profile, start: Floats, value: float) -> tuple[Floats, float]:
    trial = start.copy()
    trial[profile.column] = value
    nearest, here = maximize(profile.data, trial, fixed=profile.column)
    return nearest, here.log_likelihood
