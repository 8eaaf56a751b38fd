"""Mean effect on treated rows against what untreated rows predict (imputation).

y_i = α_u(i) + δ_p(i) is fitted by weighted least squares to untreated rows alone; the effect is the
weighted mean of y_i − α̂ − δ̂ over treated rows of units and periods that have untreated rows too.
Heterogeneous effects therefore never serve as controls.

The estimate is Σ w·τ̂ / Σ w over treated rows. Σ w·(α̂ + δ̂) over them is a weighted sum of untreated
outcomes, Σ w·λ·y, with λ_i = a_u(i) + b_p(i) such that untreated rows have the sums by unit and by
period that treated rows have. Error: √Σ over clusters (Σ_treated w·(τ̂ − τ) − Σ_untreated w·λ·û)² /
Σ w, t with G − 1 degrees of freedom, as Gardner's two stages (pyfixest's `did2s`), which have the
same estimate.

References: Borusyak, Jaravel and Spiess 2024 (Review of Economic Studies 91: 3253-3285); Gardner
2022 (arXiv 2207.05943).
"""

import numpy as np

from transforms.inference.linear_estimate import Estimate, clustered_estimate
from transforms.inference.two_way_effects import Floats, Labels

LEAST = 1e-9


def imputation_effect(
    *,
    outcome: Floats,
    is_treated: Labels,
    weights: Floats,
    unit: Labels,
    period: Labels,
    cluster: Labels,
) -> Estimate | None:
    """The mean effect on the treated.

    Args:
        outcome: y, one value per row.
        is_treated: Whether the row is treated.
        weights: Positive.
        unit: Label of the unit of each row.
        period: Label of the period.
        cluster: Label of the cluster.

    Returns:
        The effect; None where no treated row has untreated ones of its unit and its period.
    """
    units = np.unique(unit, return_inverse=True)[1]
    periods = np.unique(period, return_inverse=True)[1]
    n_units, n_periods = int(units.max(initial=-1)) + 1, int(periods.max(initial=-1)) + 1
    free = ~is_treated
    known = (np.bincount(units[free], minlength=n_units) > 0)[units]
    known &= (np.bincount(periods[free], minlength=n_periods) > 0)[periods]
    treated = is_treated & known
    if not treated.any():
        return None

    def sums(values: Floats, rows: Labels) -> Floats:
        by_unit = np.bincount(units[rows], (weights * values)[rows], n_units)
        return np.append(by_unit, np.bincount(periods[rows], (weights * values)[rows], n_periods))

    held = np.bincount(
        units[free] * n_periods + periods[free], weights[free], n_units * n_periods
    ).reshape(n_units, n_periods)
    moments = np.block([[np.diag(held.sum(axis=1)), held], [held.T, np.diag(held.sum(axis=0))]])
    right = np.column_stack([sums(outcome, free), sums(np.ones(len(outcome)), treated)])
    solved = np.linalg.lstsq(moments, right, rcond=LEAST)[0]
    fitted = solved[units] + solved[n_units + periods]
    effects, load = outcome - fitted[:, 0], fitted[:, 1]
    total = float(weights[treated].sum())
    estimate = float((weights * effects)[treated].sum()) / total
    parts = np.where(treated, effects - estimate, 0.0) - np.where(free, load * effects, 0.0)
    return clustered_estimate(estimate, weights * parts / total, cluster, treated | free)
