"""Rank correlation of a few values, with an exact or a seeded permutation test.

Spearman's ρ is Pearson's correlation of mid-ranks; Kendall's τ_b = (C − D) / √((n0 − n1)(n0 − n2)),
with n0 = n(n−1)/2 and n1, n2 the pairs tied in x, in y. Both are in [−1, 1] and undefined where a
variable does not vary.

The p-value is the share of random pairings whose ρ is at least as large as the observed one
(one-sided, positive). Ranks are doubled, so that all sums are whole numbers and a tie
with the found value is a tie. Up to `EXACT_UP_TO` values all n! permutations are counted; above,
`draws` random ones and p = (1 + hits) / (1 + draws), which is never 0 and whose standard error is
at most 1 / (2 √draws): .005 for 9,999, .002 where p is .05. The random permutations depend on the
seed and on how many values there are, on nothing else.
"""

from functools import cache, lru_cache
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from transforms.contingency_tables import Floats

EXACT_UP_TO = 9
"""9! = 362,880 permutations; 10! would be ten times as many."""

Whole = NDArray[np.int32]


def doubled_ranks(values: Floats) -> Whole:
    """Twice the mid-rank of each value: whole numbers from 2 to 2n.

    Examples:
        >>> doubled_ranks(np.array([0.3, 0.1, 0.3])).tolist()
        [5, 2, 5]
    """
    below = (values[:, None] > values[None, :]).sum(axis=1, dtype=np.int32)
    same = (values[:, None] == values[None, :]).sum(axis=1, dtype=np.int32)
    ranks: Whole = 2 * below + same + 1
    return ranks


def spearman_rho(x: Floats, y: Floats) -> float:
    """Spearman's ρ; NaN where a variable does not vary.

    Examples:
        >>> spearman_rho(np.array([1.0, 2.0, 3.0]), np.array([5.0, 9.0, 7.0]))
        0.5
    """
    a, b = doubled_ranks(x), doubled_ranks(y)
    middle = len(x) + 1  # twice the mean rank
    a, b = a - middle, b - middle
    spread = float((a * a).sum()) * float((b * b).sum())
    return float((a * b).sum()) / spread**0.5 if spread else float("nan")


def kendall_tau(x: Floats, y: Floats) -> float:
    """Kendall's τ_b; NaN where a variable does not vary.

    Examples:
        >>> round(kendall_tau(np.array([1.0, 2.0, 3.0]), np.array([5.0, 9.0, 7.0])), 6)
        0.333333
    """
    a, b = np.sign(x[:, None] - x[None, :]), np.sign(y[:, None] - y[None, :])
    spread = float((a * a).sum()) * float((b * b).sum())
    return float((a * b).sum()) / spread**0.5 if spread else float("nan")


def permutation_p_value(x: Floats, y: Floats, seed: int, draws: int) -> tuple[float, str]:
    """One-sided p-value of Spearman's ρ > 0.

    Args:
        x: Values, at least two.
        y: Their partners.
        seed: Seed of the random permutations.
        draws: Their number; not used up to `EXACT_UP_TO` values.

    Returns:
        p in (0, 1], and `exact` or `monte_carlo`.

    Examples:
        >>> permutation_p_value(np.arange(5.0), np.arange(5.0), seed=1, draws=99)  # 1 of 5!
        (0.008333333333333333, 'exact')
    """
    a, b = doubled_ranks(x), doubled_ranks(y)
    found = int((a * b).sum())
    if len(x) <= EXACT_UP_TO:
        sums = b[_every_order(len(x))] @ a
        return float((sums >= found).mean()), "exact"
    hits = int((b[_random_orders(len(x), seed, draws)] @ a >= found).sum())
    return (1 + hits) / (1 + draws), "monte_carlo"


@cache
def _every_order(n: int) -> NDArray[np.int8]:
    return np.array(list(permutations(range(n))), dtype=np.int8)


@lru_cache(maxsize=64)
def _random_orders(n: int, seed: int, draws: int) -> NDArray[np.int16]:
    orders = np.tile(np.arange(n, dtype=np.int16), (draws, 1))
    return np.random.default_rng([seed, n]).permuted(orders, axis=1)
