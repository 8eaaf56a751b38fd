"""Mean effect on the treated by cohort and period, never-treated units as controls.

The regression of Sun and Abraham: effects of units and periods and a dummy for every cohort and
period but the cohort's last one before treatment. Since each cohort then has effects of periods of
its own, it falls apart into one regression with two sets of effects per cohort, which is how it is
computed: θ_cs = (γ_cs − γ_c,base) − (γ_0s − γ_0,base), γ_0 those of the never treated. The effect
is the mean of θ_cs over treated rows, by their weights.

Each γ is a weighted sum of outcomes, so the mean is too, and its error is √(c · Σ over clusters
(Σ ψ·û)²) with c as in `two_way_effects`.

Reference: Sun and Abraham 2021 (J. Econometrics 225: 175-199).
"""

import numpy as np

from transforms.inference.linear_estimate import Estimate, clustered_estimate
from transforms.inference.two_way_effects import Floats, Labels
from transforms.inference.wild_bootstrap import FixedEffects

NEVER = 0
Target = dict[int, float]


def saturated_effect(
    *,
    outcome: Floats,
    weights: Floats,
    unit: Labels,
    period: Labels,
    cohort: Labels,
    cluster: Labels,
) -> Estimate | None:
    """The mean effect on the treated.

    Args:
        outcome: y, one value per row.
        weights: Positive.
        unit: Label of the unit of each row.
        period: Whole numbers that order the periods.
        cohort: First period of treatment of the unit; 0: never.
        cluster: Label of the cluster; units are nested in clusters.

    Returns:
        The effect; None where no cohort has a row before treatment and one since.
    """
    targets: dict[int, Target] = {NEVER: {}}
    total = 0.0
    for first in sorted({int(value) for value in cohort} - {NEVER}):
        mine = cohort == first
        before = period[mine & (period < first)]
        if not before.size or not (mine & (period >= first)).any():
            continue
        base, sums = int(before.max()), {}
        for at in np.unique(period[mine & (period >= first)]).tolist():
            sums[at] = float(weights[mine & (period == at)].sum())
        total += sum(sums.values())
        sums[base] = -sum(sums.values())
        targets[first] = sums
        for at, size in sums.items():
            targets[NEVER][at] = targets[NEVER].get(at, 0.0) - size
    controls = set(period[cohort == NEVER].tolist())
    if total <= 0 or not set(targets[NEVER]) <= controls:
        return None
    estimate, parts = 0.0, np.zeros(len(outcome))
    n_effects = 0
    for group, target in targets.items():
        rows = cohort == group
        shares = {at: size / total for at, size in target.items()}
        load, residual = _contrast(outcome[rows], weights[rows], unit[rows], period[rows], shares)
        estimate += float(np.sum(load * outcome[rows]))
        parts[rows] = load * residual
        n_effects += len(np.unique(period[rows]))
    counted = np.isin(cohort, list(targets))
    n, n_clusters = int(counted.sum()), len(np.unique(cluster[counted]))
    # every cohort's periods but its first, and the constant
    k = n_effects - len(targets) + 1
    if n_clusters < 2 or n <= k:
        return None
    factor = n_clusters / (n_clusters - 1) * (n - 1) / (n - k)
    return clustered_estimate(estimate, parts, cluster, counted, factor)


def _contrast(
    outcome: Floats, weights: Floats, unit: Labels, period: Labels, target: Target
) -> tuple[Floats, Floats]:
    """What each row weighs in Σ target·γ within one cohort, and its residual."""
    units = np.unique(unit, return_inverse=True)[1]
    labels, periods = np.unique(period, return_inverse=True)
    effects = FixedEffects(units, periods, weights)
    wanted = np.array([target.get(int(label), 0.0) for label in labels])
    by_period = np.append(0.0, np.einsum("pq,q->p", effects.inverse, wanted[1:]))[periods]
    mean = np.bincount(units, weights * by_period) / np.bincount(units, weights)
    return weights * (by_period - mean[units]), effects.residual(outcome)
