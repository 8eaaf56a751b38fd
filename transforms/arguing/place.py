"""Where an estimate lies among the distinct variants of its claim."""

from collections.abc import Sequence
from dataclasses import dataclass

from transforms.metrics.claims.estimate import Z_95

Interval = tuple[float, float, float]
"""Estimate, lower and upper end of its 95 % interval."""


@dataclass(frozen=True)
class Place:
    """Ranks among the variants.

    Attributes:
        n_variants: Distinct variants that could be computed.
        n_lower: Of them, with a lower estimate; None on another scale.
        n_lower_t: With a lower t.
        t: The estimate by the error that its interval implies on the side of 0.
    """

    n_variants: int
    n_lower: int | None
    n_lower_t: int
    t: float


def place_on_curve(own: Interval, variants: Sequence[Interval], same_scale: bool) -> Place:
    """Counts the variants below an estimate.

    Args:
        own: The argument.
        variants: Distinct variants of the claim.
        same_scale: Whether estimates are on the same scale.
    """
    t = implied_t(own)
    return Place(
        len(variants),
        sum(one[0] < own[0] for one in variants) if same_scale else None,
        sum(implied_t(one) < t for one in variants),
        t,
    )


def implied_t(interval: Interval) -> float:
    """Estimate by the error that the half of its interval that faces 0 implies.

    So variants whose intervals come from permutations or draws have one, too; above 1.96 exactly
    where the interval leaves 0 out.
    """
    estimate, low, high = interval
    half = estimate - low if estimate > 0 else high - estimate
    return estimate * Z_95 / half if half > 0 else 0.0
