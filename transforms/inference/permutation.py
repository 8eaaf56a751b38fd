"""Randomisation inference: the statistic under permuted treatments.

The treatment of a unit is a path (when it was treated). Paths are permuted among the units of a
block, so every block keeps its treatments. The statistic is a function of sums over units of rows
that depend on the unit and its path, as in `cluster_bootstrap`.

Reference: Rosenbaum 2002 (Observational Studies, ch. 2); Young 2019 (QJE 134: 557-598).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transforms.inference.cluster_bootstrap import Floats

Indices = NDArray[np.int64]

FEW_HOLDERS = 4
"""Holders of one path up to which adding their rows is faster than a product of matrices."""

ROUNDING = 1e-12
"""Statistics closer than this are ties: they differ by the order of summation alone."""


@dataclass(frozen=True)
class Paths:
    """The path of each unit, in the data and in every permutation.

    Attributes:
        of_unit: Path of each unit.
        common: The path that most units have.
        holders: Units with another path.
        recipients: Unit that gets the path of each holder, permutations × holders.
    """

    of_unit: Indices
    common: int
    holders: Indices
    recipients: Indices


def permute_within(
    blocks: NDArray[np.int64], n_permutations: int, rng: np.random.Generator
) -> Indices:
    """Permutations of units that leave every unit in its block, permutations × units."""
    permuted = np.tile(np.arange(len(blocks), dtype=np.int64), (n_permutations, 1))
    for block in np.unique(blocks).tolist():
        members = np.flatnonzero(blocks == block)
        if len(members) > 1:
            order = rng.random((n_permutations, len(members))).argsort(axis=1)
            permuted[:, members] = members[order]
    return permuted


def permuted_paths(of_unit: Indices, permutations: Indices) -> Paths:
    """Permutes paths: unit i's path goes to unit `permutations[k, i]`."""
    common = int(np.bincount(of_unit).argmax())
    holders = np.flatnonzero(of_unit != common)
    return Paths(of_unit, common, holders, permutations[:, holders])


def permuted_sums(paths: Paths, rows: Floats) -> tuple[Floats, Floats]:
    """Sums over units, in the data and in every permutation.

    Args:
        paths: The path of each unit.
        rows: Units × paths × columns: the contribution of a unit under a path.

    Returns:
        Sums (columns), and sums (permutations × columns).
    """
    base = rows[:, paths.common].sum(axis=0)
    gain = rows - rows[:, [paths.common]]
    held = paths.of_unit[paths.holders]
    observed = base + gain[paths.holders, held].sum(axis=0)
    n = len(paths.recipients)
    sums = np.tile(base, (n, 1))
    for path in np.unique(held).tolist():
        recipients = paths.recipients[:, held == path]
        if recipients.shape[1] <= FEW_HOLDERS:
            for column in recipients.T:
                sums += gain[column, path]
        else:
            gets = np.zeros((n, len(rows)))
            gets[np.arange(n)[:, None], recipients] = 1.0
            sums += gets @ gain[:, path]
    return observed, sums


def two_tailed_p(observed: float, permuted: Floats) -> float:
    """Twice the smaller tail, the data counted as one of the permutations; at most 1.

    Permuting within blocks does not centre the statistic on 0, so its size alone would not do.
    """
    known = permuted[~np.isnan(permuted)]
    above, below = np.sum(known >= observed - ROUNDING), np.sum(known <= observed + ROUNDING)
    return float(min(1.0, 2 * (min(above, below) + 1) / (len(known) + 1)))
