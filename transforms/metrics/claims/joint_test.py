"""Joint test of a claim's specification curve: a score wild bootstrap with the null imposed.

Each cell is an estimate of the same coefficient by other choices, on much the same data, so their
p-values cannot be counted. A cell's score t is Σ s_c / √Σ s_c² over its clusters c, where s_c is
the score of the cluster with the coefficient set to 0, times the expected sign. The statistic is
the median score t over the distinct cells. In each draw every cluster gets one sign (+1 or −1 with
probability ½), the same in all cells, which keeps how the cells depend on each other. p is the
share of draws whose statistic is at least the observed one, with 1 added above and below:
one-sided, since the claim has a sign.

Cells whose estimator has no score (imputation, permutation, matching) are named and left out.

References: Kline and Santos 2012 (Journal of Econometric Methods 1: 23-41); Simonsohn, Simmons and
Nelson 2020 (Nature Human Behaviour 4: 1208-1214) on joint tests of specification curves.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

N_DRAWS = 1999
SEED = 20190634
GRAIN = 2.0**30
"""Score t are rounded to multiples of 1 / GRAIN: sums of them are exact in whatever order."""

Scores = Mapping[str, float]
"""Cluster to score."""


@dataclass(frozen=True)
class JointTest:
    """The result.

    Attributes:
        statistic: Median signed score t; None where no cell has scores.
        p_value: One-sided; None likewise.
        n_cells: Cells with scores.
        n_clusters: Clusters in any of them.
    """

    statistic: float | None
    p_value: float | None
    n_cells: int
    n_clusters: int


def score_t(scores: Scores) -> float | None:
    """Σ s_c / √Σ s_c²; None where every score is 0."""
    total, squares = sum(scores.values()), sum(s * s for s in scores.values())
    return total / sqrt(squares) if squares > 0 else None


def joint_test(cells: Sequence[Scores], n_draws: int = N_DRAWS, seed: int = SEED) -> JointTest:
    """Tests all cells of a claim jointly.

    Args:
        cells: Scores of each distinct cell, signed so that the claim expects a positive sum;
            the same name is the same cluster in every cell.
        n_draws: Draws.
        seed: Of the draws.

    Returns:
        The test. The order of cells and clusters changes nothing.
    """
    tested = [cell for cell in cells if score_t(cell) is not None]
    clusters = sorted({name for cell in tested for name in cell})
    if not tested:
        return JointTest(None, None, 0, 0)
    place = {name: k for k, name in enumerate(clusters)}
    shares = np.zeros((len(tested), len(clusters)))
    for row, cell in enumerate(tested):
        size = sqrt(sum(s * s for s in cell.values()))
        for name, value in cell.items():
            shares[row, place[name]] = np.rint(value / size * GRAIN) / GRAIN
    observed = float(np.median(shares.sum(axis=1)))
    rng = np.random.default_rng([seed, len(clusters)])
    signs = rng.integers(0, 2, size=(n_draws, len(clusters))) * 2.0 - 1.0
    drawn = np.median(signs @ shares.T, axis=1)
    p_value = (1 + int((drawn >= observed).sum())) / (1 + n_draws)
    return JointTest(observed, p_value, len(tested), len(clusters))
