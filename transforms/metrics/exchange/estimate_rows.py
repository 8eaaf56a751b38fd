"""Rows of the tables of estimates, and of their scores."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from transforms.inference.two_way_effects import Effect

DECIMALS = 9
"""Decimals kept: coarser than what the order of summation can change."""

FIGURES: dict[str, Any] = {
    **dict.fromkeys(("estimate", "std_error", "ci_low", "ci_high", "p_value"), pl.Float64),
    **{"n": pl.Int64, "n_states": pl.Int16, "n_clusters": pl.Int32, "n_switchers": pl.Int16},
    "inference": pl.String,
    "null_reason": pl.String,
}
SCORE_KEY: dict[str, Any] = {"cluster": pl.String}
SCORE: dict[str, Any] = {"score": pl.Float64}

Row = Mapping[str, Any]


def figures(effect: Effect | None, *, inference: str = "cluster_t") -> dict[str, Any]:
    """The figures of an effect; `no_variation` where there is none.

    Args:
        effect: The effect.
        inference: Where its error comes from.
    """
    if effect is None:
        return {"inference": "none", "null_reason": "no_variation"}
    return {
        "estimate": round(effect.estimate, DECIMALS),
        "std_error": round(effect.std_error, DECIMALS),
        "ci_low": round(effect.ci_low, DECIMALS),
        "ci_high": round(effect.ci_high, DECIMALS),
        "p_value": round(effect.p_value, DECIMALS),
        "n": effect.n,
        "n_clusters": len(effect.clusters),
        "inference": inference,
    }


def score_rows(key: Row, effect: Effect | None) -> list[Row]:
    """One row per cluster.

    Args:
        key: Values of the key columns of the cell.
        effect: Its effect; without one there is no row.
    """
    if effect is None:
        return []
    clusters, scores = effect.clusters.tolist(), effect.scores.tolist()
    return [
        {**key, "cluster": cluster, "score": round(score, DECIMALS)}
        for cluster, score in zip(clusters, scores, strict=True)
    ]


def table_of(
    rows: Sequence[Row], key: Mapping[str, Any], values: Mapping[str, Any]
) -> pl.DataFrame:
    """A table in the order of its key.

    Args:
        rows: Rows; a value that one does not have is NULL.
        key: Key columns with their types.
        values: Further columns with theirs.
    """
    schema = {**key, **values}
    return pl.DataFrame(
        [{**dict.fromkeys(schema), **row} for row in rows], schema=schema, orient="row"
    ).sort(list(key))
