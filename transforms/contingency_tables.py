"""Joint tables of all pairs of actors: items by the categories that both actors chose.

Matrix products count all pairs at once: a self-join of the votes would take fifty times as long.
Integer counts are exact, so the result does not depend on the number of threads.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_WEIGHT_BITS = 42
# 120 kB per array: a block fits into the cache, and its memory is reused for the next block
_CELLS_PER_BLOCK = 15_000


def joint_tables(
    categories: NDArray[np.int8], *, n_categories: int, weights: Floats | None = None
) -> Floats:
    """Counts, for every two actors, the items by the categories that both chose.

    Args:
        categories: Actors × items, values 1 … K; any other value is missing.
        n_categories: K.
        weights: One weight ≥ 0 per item, on any scale; without it each item counts 1.

    Returns:
        Array (K, K, actors, actors); `[a, b, i, j]` is the (weighted) number of items that
        i puts in category a + 1 and j in category b + 1. Integers, exactly, without weights.

    Raises:
        ValueError: The weights are not one finite number ≥ 0 per item.
    """
    chosen, weighed = _indicators(categories, n_categories, weights)
    n_actors = len(categories)
    tables = np.empty((n_categories, n_categories, n_actors, n_actors))
    for a in range(n_categories):
        for b in range(a, n_categories):
            tables[a, b] = weighed[a] @ chosen[b].T
            tables[b, a] = tables[a, b].T
    return tables


def pair_tables(
    categories: NDArray[np.int8], *, n_categories: int, weights: Floats | None = None
) -> Iterator[Floats]:
    """The joint tables of the pairs i < j alone, in blocks that a cache holds.

    Args:
        categories: As in `joint_tables`.
        n_categories: As there.
        weights: As there.

    Yields:
        Arrays (K, K, pairs); concatenated they equal `pairs(joint_tables(…))`, in half of
        the time and with far less memory. A real session has up to three blocks. There is
        always at least one block, which may have no pair.

    Raises:
        ValueError: As there.
    """
    chosen, weighed = _indicators(categories, n_categories, weights)
    n_actors = len(categories)
    start = 0
    while start == 0 or start < n_actors:
        n_columns = n_actors - start  # j > i: what lies before the block is in earlier ones
        rows = slice(start, start + max(1, _CELLS_PER_BLOCK // max(1, n_columns)))
        above = np.flatnonzero(np.triu(np.ones((len(categories[rows]), n_columns), bool), 1))
        tables = np.empty((n_categories, n_categories, len(above)))
        for a, b in np.ndindex(n_categories, n_categories):
            tables[a, b] = (weighed[a][rows] @ chosen[b][start:].T).ravel().take(above)
        yield tables
        start = rows.stop


def _indicators(
    categories: NDArray[np.int8], n_categories: int, weights: Floats | None
) -> tuple[list[NDArray[Any]], list[NDArray[Any]]]:
    """Per category, the actors who chose it by item: as 0 and 1, and as 0 and the weight."""
    n_items = categories.shape[1]
    if weights is not None and (
        weights.shape != (n_items,) or not np.all(np.isfinite(weights) & (weights >= 0))
    ):
        raise ValueError(f"weights must be {n_items} finite numbers ≥ 0, one per item")
    # Counts below 2²⁴ are exact in single precision, and take half the time.
    precision = np.float32 if weights is None else np.float64
    chosen = [(categories == k + 1).astype(precision) for k in range(n_categories)]
    return chosen, chosen if weights is None else [c * weights for c in chosen]


def whole_weights(weights: Floats) -> Floats:
    """Scales weights to whole numbers up to 2^42, the largest to at least 2^41.

    Sums of whole numbers are exact in any order (here of up to 680 items), and so the same
    whatever the number of threads; a weighted S has no unit of weight. A weight is off by at
    most 2^-42 of the largest.

    Args:
        weights: Finite numbers ≥ 0, or NaN, which becomes 0.
    """
    known = np.nan_to_num(weights, nan=0.0)
    _, exponent = np.frexp(known.max(initial=0.0))
    scaled: Floats = np.rint(np.ldexp(known, _WEIGHT_BITS - int(exponent)))
    return scaled


def joint_counts(choices: NDArray[np.int8]) -> dict[str, Floats]:
    """Counts joint, equal, partial and opposite votes of yes (1), abstain (2) and no (3).

    Four matrix products suffice where the whole joint table takes six. With v = 1 for a vote,
    z = 1 for yes or no and x = ±1 for yes or no (else 0), zz′ counts the joint votes without
    abstention, of which (zz′ − xx′) / 2 are opposite, and zv′ + vz′ − 2zz′ those with just one.

    Args:
        choices: Actors × items; any value but 1, 2 and 3 is missing.

    Returns:
        `n_joint`, `n_same`, `n_partial` and `n_opposite` for the pairs (i, j), i < j, in the
        order of `triu_indices`; exact integers.
    """
    voted = ((choices >= 1) & (choices <= 3)).astype(np.float32)
    decided = ((choices == 1) | (choices == 3)).astype(np.float32)
    side = (choices == 1).astype(np.float32) - (choices == 3).astype(np.float32)
    both_decided = decided @ decided.T
    one_decided = decided @ voted.T
    grids = np.stack([voted @ voted.T, both_decided, one_decided + one_decided.T, side @ side.T])
    joint, firm, mixed, balance = pairs(grids)
    opposite, partial = (firm - balance) / 2, mixed - 2 * firm
    return {
        "n_joint": joint,
        "n_same": joint - partial - opposite,
        "n_partial": partial,
        "n_opposite": opposite,
    }


def pairs(tables: NDArray[np.floating[Any]]) -> Floats:
    """The entries of the pairs i < j, shape (…, pairs), in the order of `triu_indices`."""
    *outer, n_actors, _ = tables.shape
    upper = np.flatnonzero(np.triu(np.ones((n_actors, n_actors), bool), 1))
    flat = tables.reshape(*outer, n_actors * n_actors)
    taken: Floats = flat.take(upper, axis=-1).astype(np.float64, copy=False)
    return taken
