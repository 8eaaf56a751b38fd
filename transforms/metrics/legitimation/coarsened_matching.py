"""LP5_cem: allies against all others that are alike in coarsened covariates (CEM).

Measured covariates are cut into thirds of the states that are compared, binary ones are taken as
they are, and an ally is compared with the mean of all other states of its region that fall into
the same third of every covariate, over the ally's sessions. Allies without such a state are left
out, so the effect is that on the matched allies (`n_allies`). In contrast to nearest neighbours no
match is distant, but some allies have none.

ATT = mean over matched allies of Λ_i − mean of its matches. Standard error (Abadie & Imbens 2006,
for several matches): se² = [Σ_allies (τ_i − ATT)² + Σ_others (K_j² − K'_j) σ²_j] / n², where
ally i has M_i matches, K_j = Σ 1/M_i and K'_j = Σ 1/M_i² over the allies that j is a match of, and
σ²_j is the variance of Λ among the others of its cell, or the mean of that over the other cells
where it is alone.

Covariates: region_eu, log_gdp_per_head, polyarchy, colonial_tie, aid_usd and trade_share, as far as
they are known (see `nearest_neighbour_matching`); without a user file the second and third.
Distance and total trade are left out: every further covariate leaves more cells empty.

References: Iacus, King & Porro 2012 (Political Analysis 20: 1-24); Abadie & Imbens 2006
(Econometrica 74: 235-267).
"""

import numpy as np

from transforms.contingency_tables import Floats
from transforms.metrics.legitimation.nearest_neighbour_matching import NOBODY, Effect, Group
from transforms.metrics.legitimation.panel import Bools

COARSENED = (
    "region_eu",
    "log_gdp_per_head",
    "polyarchy",
    "colonial_tie",
    "aid_usd",
    "trade_share",
)
THIRDS = (1 / 3, 2 / 3)


def coarsened_effect(allies: Group, others: Group, others_outcome: Floats) -> Effect:
    """Compares each ally with the others of its cell.

    Args:
        allies: The allies.
        others: The others.
        others_outcome: Λ of each of the others over each ally's sessions, allies × others; NaN
            where it has too few votes in them.
    """
    if not (len(allies.x) and len(others.x)):
        return NOBODY
    cells = _cells(np.vstack([allies.x, others.x]), np.append(allies.block, others.block))
    own, theirs = cells[: len(allies.x)], cells[len(allies.x) :]
    is_match = (own[:, None] == theirs[None, :]) & ~np.isnan(others_outcome)
    matched = is_match.any(axis=1)
    if not matched.any():
        return NOBODY
    is_match = is_match[matched]
    share = is_match / is_match.sum(axis=1, keepdims=True)
    means = np.where(is_match, others_outcome[matched] * share, 0.0).sum(axis=1)
    gaps = allies.outcome[matched] - means
    estimate = float(gaps.mean())
    spread = share.sum(axis=0) ** 2 - (share**2).sum(axis=0)
    used = is_match.any(axis=0)
    variances = _variances(others.outcome, theirs, used)
    total = ((gaps - estimate) ** 2).sum() + (spread * variances)[used].sum()
    return Effect(estimate, float(np.sqrt(total)) / len(gaps), len(gaps), int(used.sum()))


def _cells(x: Floats, block: np.ndarray) -> np.ndarray:
    """Number of each state's cell: its region, and the part of each covariate that it is in."""
    parts = [block]
    for values in x.T:
        cuts = np.unique(values) if len(np.unique(values)) <= 2 else np.quantile(values, THIRDS)
        parts.append(np.searchsorted(cuts, values, side="left"))
    return np.unique(np.column_stack(parts), axis=0, return_inverse=True)[1].ravel()


def _variances(outcome: Floats, cell: np.ndarray, used: Bools) -> Floats:
    """Variance of Λ in each state's cell; the mean over cells where it is alone in its own."""
    n_cells = int(cell.max()) + 1
    n = np.bincount(cell[used], minlength=n_cells)
    mean = np.bincount(cell[used], outcome[used], n_cells) / np.maximum(n, 1)
    squares = np.bincount(cell[used], (outcome - mean[cell])[used] ** 2, n_cells)
    known = n > 1
    variances = np.zeros(n_cells)
    variances[known] = squares[known] / (n[known] - 1)
    if known.any():
        variances[~known] = variances[known].mean()
    of_state: Floats = variances[cell]
    return of_state
