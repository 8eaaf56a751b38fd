"""Permutation of whole treatment paths, studentised, for an effect with units and periods.

A path says in which periods its holder is treated, whether or not the unit has a row in them. Paths
are permuted among units of a block, and the cluster goes with the path. The statistic is t, the
coefficient over its clustered error, which keeps the size right where variances differ between
those who hold paths of treatment and those who do not. p is twice the smaller tail.

The interval is the set of effects that the test does not reject: under an effect b outcomes less b
times the observed treatment do not depend on the path. Coefficient and sums by cluster are linear
in b, so that no permutation is computed twice.

References: Janssen 1997 (Statistics and Probability Letters 36: 9-21) and Chung and Romano 2013
(Annals of Statistics 41: 484-507) on studentising; Rosenbaum 2002 (Observational Studies, ch. 2).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transforms.inference.permutation import Indices, permute_within, two_tailed_p
from transforms.inference.two_way_effects import Floats
from transforms.inference.wild_bootstrap import ALPHA, FARTHEST, FixedEffects

SMALLEST = 1e-12


@dataclass(frozen=True)
class PermutedEffect:
    """The test.

    Attributes:
        estimate: The coefficient.
        std_error: Clustered, without a correction for small samples.
        ci_low: Lower end of the 95 % interval; None where none is rejected.
        ci_high: Upper end.
        p_value: Two-sided, of no effect.
        n_blocks: Blocks in which permuting changes anything.
    """

    estimate: float
    std_error: float
    ci_low: float | None
    ci_high: float | None
    p_value: float
    n_blocks: int


@dataclass(frozen=True)
class _Draws:
    """Coefficient and sums of scores by cluster as functions of the effect; the data come first."""

    slope: Floats
    slope_of_treatment: Floats
    sums: Floats
    sums_of_treatment: Floats

    def statistics(self, effect: float) -> Floats:
        """The statistic of the data and of every permutation."""
        moved = self.slope - effect * self.slope_of_treatment
        squares = np.sum((self.sums - effect * self.sums_of_treatment) ** 2, axis=1)
        known = squares > SMALLEST * np.maximum(squares.max(), SMALLEST)
        values: Floats = np.full(len(moved), np.nan)
        np.divide(moved, np.sqrt(squares), out=values, where=known)
        return values

    def p_value(self, effect: float) -> float:
        """Of the hypothesis that the effect is this."""
        values = self.statistics(effect)
        return two_tailed_p(float(values[0]), values[1:])

    def end(self, start: float, step: float) -> float | None:
        """The first rejected effect, from the estimate in steps of an error."""
        inside, farthest = start, FARTHEST * abs(step)
        while self.p_value(inside + step) > ALPHA:
            inside += step
            step *= 1.5
            if abs(inside - start) > farthest:
                return None
        outside = inside + step
        for _ in range(30):
            middle = (inside + outside) / 2
            inside, outside = (
                (middle, outside) if self.p_value(middle) > ALPHA else (inside, middle)
            )
        return inside


def permuted_path_effect(
    *,
    outcome: Floats,
    weights: Floats,
    unit: Indices,
    period: Indices,
    paths: NDArray[np.bool_],
    cluster: Indices,
    blocks: Indices,
    n_permutations: int,
    rng: np.random.Generator,
) -> PermutedEffect | None:
    """Tests the effect of being treated.

    Args:
        outcome: y, one value per row.
        weights: Positive.
        unit: Unit of each row, from 0.
        period: Period of each row, from 0.
        paths: Units × periods: whether the unit is treated.
        cluster: Cluster of each unit, from 0.
        blocks: Block of each unit.
        n_permutations: Permutations.
        rng: Random numbers.

    Returns:
        The test; None where the treatment does not vary within units and periods.
    """
    effects = FixedEffects(unit, period, weights)
    left = effects.residual(outcome)
    own = effects.residual(paths[unit, period].astype(np.float64))
    if float(np.sum(weights * own**2)) <= SMALLEST * len(own):
        return None
    order = permute_within(blocks, n_permutations, rng)
    n_clusters = int(cluster.max()) + 1
    shape = (n_permutations + 1, n_clusters)
    slope, slope_of_treatment = np.zeros(shape[0]), np.zeros(shape[0])
    sums, sums_of_treatment = np.zeros(shape), np.zeros(shape)
    for k, holder in enumerate([np.arange(len(paths)), *order]):
        x = effects.residual(paths[holder[unit], period].astype(np.float64))
        moment = weights * x
        square = float(np.sum(moment * x))
        if square <= SMALLEST * len(x):
            slope[k] = np.nan
            continue
        of_row = cluster[holder][unit]
        for values, to, by_cluster in (
            (left, slope, sums),
            (own, slope_of_treatment, sums_of_treatment),
        ):
            to[k] = float(np.sum(moment * values)) / square
            rest = moment * (values - to[k] * x)
            by_cluster[k] = np.bincount(of_row, rest, n_clusters) / square
    known = ~np.isnan(slope)
    draws = _Draws(slope[known], slope_of_treatment[known], sums[known], sums_of_treatment[known])
    estimate, error = float(slope[0]), float(np.sqrt(np.sum(sums[0] ** 2)))
    ends = draws.end(estimate, -error), draws.end(estimate, error)
    differing = [
        block
        for block in np.unique(blocks).tolist()
        if len(np.unique(paths[blocks == block], axis=0)) > 1
    ]
    return PermutedEffect(estimate, error, *ends, draws.p_value(0.0), len(differing))
