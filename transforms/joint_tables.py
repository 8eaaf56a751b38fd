"""Joint tables: for every two actors, their items by the categories that both chose.

They are made of matrix products, for all pairs of actors at once: a self-join of the votes
would take fifty times as long. With integer counts the result is exact, and so the same
whatever the number of threads.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


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
    n_actors, n_items = categories.shape
    if weights is not None and (
        weights.shape != (n_items,) or not np.all(np.isfinite(weights) & (weights >= 0))
    ):
        raise ValueError(f"weights must be {n_items} finite numbers ≥ 0, one per item")
    chosen = [(categories == k + 1).astype(np.float64) for k in range(n_categories)]
    weighed = chosen if weights is None else [c * weights for c in chosen]
    tables = np.empty((n_categories, n_categories, n_actors, n_actors))
    for a in range(n_categories):
        for b in range(a, n_categories):
            tables[a, b] = weighed[a] @ chosen[b].T
            tables[b, a] = tables[a, b].T
    return tables


def pairs(tables: Floats) -> Floats:
    """The tables of the pairs i < j, shape (K, K, pairs), in the order of `triu_indices`."""
    size, n_actors = tables.shape[1:3]
    upper = np.flatnonzero(np.triu(np.ones((n_actors, n_actors), bool), 1))
    flat = tables.reshape(size * size, n_actors * n_actors)
    return flat.take(upper, axis=1).reshape(size, size, len(upper))
