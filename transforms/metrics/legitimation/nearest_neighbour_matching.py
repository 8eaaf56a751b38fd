"""LP5: allies against their nearest neighbours in covariates measured before the tie.

Each ally is compared with one other state of its region: the nearest by the Mahalanobis distance
of their covariates (`pretreatment_covariates`), with replacement; of two that are equally near, the
one with the lower COW code. Others are the states that are no allies in any session of the range.
The ally's Λ and that of its match are over the same sessions, those in which the ally was one,
since agendas change. ATT = mean of the differences.

A covariate counts where it is known for at least half of the allies and half of the others, and
varies; states that lack one that counts are left out, and allies without another state in
their region. Gross domestic product per head alone does not suffice.

Standard error (Abadie & Imbens 2006, for one match):
se² = [Σ_allies (τ_i − ATT)² + Σ_others K_j (K_j − 1) σ²_j] / n², where K_j counts how often j is a
match and σ²_j = (Λ_j − Λ_l)² / 2 with l the nearest of the others (of its region, if there is one).
The bootstrap is not valid for nearest neighbours (Abadie & Imbens 2008). Differences in covariates
that matching leaves are not corrected for.

References: Abadie & Imbens 2006 (Econometrica 74: 235-267), 2008 (76: 1537-1557).
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transforms.contingency_tables import Floats
from transforms.metrics.covariate_coverage import is_known_of_all
from transforms.metrics.legitimation.estimators import Tier
from transforms.metrics.legitimation.hegemon_support import MIN_VOTES
from transforms.metrics.legitimation.panel import Bools, Panel, mean_where
from transforms.metrics.legitimation.pretreatment_covariates import GDP_PER_HEAD, Pool

VOTE_CLASSES = ("unpopular", "hegemon_specific")
MIN_MATCHED = 3
"""Matched allies below which there is no estimate."""

_DIGITS = 9
"""Distances that agree to so many digits are ties."""

_SINGULAR = 1e-9


@dataclass(frozen=True)
class Effect:
    """The average difference between allies and their matches.

    Attributes:
        estimate: ATT; NaN without matched allies.
        std_error: Its standard error; NaN likewise.
        n_allies: Allies that have a match.
        n_matches: Distinct matches.
    """

    estimate: float
    std_error: float
    n_allies: int
    n_matches: int


NOBODY = Effect(np.nan, np.nan, 0, 0)
"""No ally has a match."""


@dataclass(frozen=True)
class Group:
    """Allies, or others.

    Attributes:
        outcome: Λ, over the sessions in which the state is one of the group.
        x: Covariates, states × covariates.
        block: Number of the region; matches are of the same.
    """

    outcome: Floats
    x: Floats
    block: NDArray[np.int64]


def matched_effect(allies: Group, others: Group, others_outcome: Floats) -> Effect:
    """Matches each ally to the nearest of the others in its block.

    Args:
        allies: The allies.
        others: The others, in the order in which ties are broken.
        others_outcome: Λ of each of the others over each ally's sessions, allies × others; NaN
            where it has too few votes in them.
    """
    if not (len(allies.x) and len(others.x)):
        return NOBODY
    scale = _inverse_covariance(np.vstack([allies.x, others.x]))
    distance = _distance(allies.x, others.x, scale)
    is_apart = (allies.block[:, None] != others.block[None, :]) | np.isnan(others_outcome)
    distance[is_apart] = np.inf
    matched = np.flatnonzero(np.isfinite(distance).any(axis=1))
    if not matched.size:
        return NOBODY
    match = distance[matched].argmin(axis=1)
    gaps = allies.outcome[matched] - others_outcome[matched, match]
    estimate = gaps.mean()
    times = np.bincount(match, minlength=len(others.x))
    spread = times * (times - 1) * _variances(others, scale)
    total = ((gaps - estimate) ** 2).sum() + spread[times > 1].sum()
    error = np.sqrt(total) / len(gaps)
    return Effect(float(estimate), float(error), len(gaps), int((times > 0).sum()))


def _inverse_covariance(x: Floats) -> Floats:
    """Inverse of the covariance; of collinear covariates one counts."""
    spread = x.std(axis=0, ddof=1)
    unit = np.where(spread > 0, spread, 1.0)
    correlation = np.atleast_2d(np.cov(x / unit, rowvar=False))
    unscaled = np.linalg.pinv(correlation, rcond=_SINGULAR, hermitian=True)
    inverse: Floats = (unscaled / unit[:, None] / unit[None, :]).astype(np.float64)
    return inverse


def _distance(one: Floats, other: Floats, scale: Floats) -> Floats:
    """Squared Mahalanobis distances."""
    gap = one[:, None, :] - other[None, :, :]
    squared = np.einsum("ijk,kl,ijl->ij", gap, scale, gap)
    rounded: Floats = np.round(squared, _DIGITS).astype(np.float64)
    return rounded


def _variances(others: Group, scale: Floats) -> Floats:
    """Half the squared difference from the nearest other state, of the block where it can be."""
    if len(others.x) < 2:
        return np.zeros(len(others.x))
    distance = _distance(others.x, others.x, scale)
    np.fill_diagonal(distance, np.inf)
    is_apart = others.block[:, None] != others.block[None, :]
    within = np.where(is_apart, np.inf, distance)
    is_alone = within.min(axis=1) == np.inf
    nearest = np.where(is_alone[:, None], distance, within).argmin(axis=1)
    variances: Floats = (others.outcome - others.outcome[nearest]) ** 2 / 2
    return variances


@dataclass(frozen=True)
class MatchedPremium:
    """LP5 of a cell.

    Attributes:
        effect: The difference.
        names: Covariates that were matched on.
        missing: Covariates that may count and are known for too few.
        null_reason: Why there is no estimate; None where there is one.
    """

    effect: Effect
    names: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    null_reason: str | None = None


def matched_premium(
    part: Panel,
    tier: Tier,
    vote_class: str,
    pool: Pool,
    *,
    effect_of: Callable[[Group, Group, Floats], Effect] = matched_effect,
    matched_on: Collection[str] | None = None,
) -> MatchedPremium:
    """LP5 of one class in one range of sessions.

    Args:
        part: The hegemon's support in the range.
        tier: Ally status in it.
        vote_class: Class of roll calls.
        pool: The covariates.
        effect_of: The matching estimator.
        matched_on: The covariates that may count; all by default.

    Returns:
        The premium; `n_below_min` with fewer than three (matched) allies or no others,
        `covariates_missing` where no covariate counts.
    """
    n_votes, total = part.n_votes[vote_class], part.total[vote_class]
    as_ally, as_other = tier.status == 1, tier.status == 0
    own = mean_where(n_votes, total, as_ally)
    rest = mean_where(n_votes, total, as_other)
    is_ally = ~np.isnan(own)
    is_other = ~np.isnan(rest) & ~as_ally.any(axis=1)
    if is_ally.sum() < MIN_MATCHED or not is_other.any():
        return MatchedPremium(NOBODY, null_reason="n_below_min")
    values = pool.values(part, as_ally.any(axis=1))
    asked = [name for name in values if matched_on is None or name in matched_on]
    names = tuple(name for name in asked if _counts(values[name], is_ally, is_other))
    absent = tuple(n for n in asked if not is_known_of_all(values[n], (is_ally, is_other)))
    if not set(names) - {GDP_PER_HEAD}:
        return MatchedPremium(NOBODY, missing=absent, null_reason="covariates_missing")
    x = np.column_stack([values[name] for name in names])
    is_complete = ~np.isnan(x).any(axis=1)
    allies, others = (np.flatnonzero(which & is_complete) for which in (is_ally, is_other))
    held = as_ally[allies].astype(np.float64)
    # Counts are whole and agreement whole or half: exact in any order of summation.
    n = np.einsum("is,js->ij", held, (n_votes * as_other)[others])
    agreed = np.einsum("is,js->ij", held, (total * as_other)[others])
    outcome = np.where(n >= MIN_VOTES, agreed / np.maximum(n, 1), np.nan)
    effect = effect_of(
        Group(own[allies], x[allies], pool.blocks[allies]),
        Group(rest[others], x[others], pool.blocks[others]),
        outcome,
    )
    reason = "n_below_min" if effect.n_allies < MIN_MATCHED else None
    return MatchedPremium(effect, names, absent, reason)


def _counts(x: Floats, is_ally: Bools, is_other: Bools) -> bool:
    """Whether enough is known of a covariate, and whether it varies."""
    if not is_known_of_all(x, (is_ally, is_other)):
        return False
    used = x[(is_ally | is_other) & ~np.isnan(x)]
    return bool(np.ptp(used) > 0)
