"""Tables of estimates (one row per cell of a claim) and of scores (one per cell and cluster).

Both have the cell's key: the leader, and what the estimate was chosen by. A score is that of the
model with the coefficient of interest at 0; cells whose estimator has none have no rows. Figures
are rounded to nine decimals, so that sums in another order are the same numbers.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from transforms.contingency_tables import Floats
from transforms.inference.cluster_jackknife import Interval
from transforms.metrics.claims.leaders import PAPER_LEADER

Row = dict[str, Any]
Key = Mapping[str, Any]

DECIMALS = 9
_LEADER = {"leader": pl.Int16}
_VALUES = {
    **dict.fromkeys(("estimate", "std_error", "ci_low", "ci_high", "p_value"), pl.Float64),
    "n": pl.Int64,
    "n_clusters": pl.Int32,
    "inference": pl.String,
    "null_reason": pl.String,
}
_SCORES = {"cluster": pl.String, "score": pl.Float64}


def estimate_row(estimate: float, found: Interval, n: int, n_clusters: int, inference: str) -> Row:
    """The values of a cell that could be estimated.

    Args:
        estimate: The estimate.
        found: Its error, interval and p-value.
        n: Rows behind it.
        n_clusters: Their clusters.
        inference: How the interval was made, as the contract names it.
    """
    return {
        "estimate": estimate,
        "std_error": found.std_error,
        "ci_low": found.ci_low,
        "ci_high": found.ci_high,
        "p_value": found.p_value,
        "n": n,
        "n_clusters": n_clusters,
        "inference": inference,
    }


def score_rows(key: Key, clusters: Iterable[str], scores: Floats) -> list[Row]:
    """Rows of the table of scores for one cell.

    Args:
        key: The cell's key.
        clusters: Names of the clusters.
        scores: Their scores, in the same order.
    """
    return [
        {**key, "cluster": cluster, "score": score}
        for cluster, score in zip(clusters, scores.tolist(), strict=True)
    ]


def of_all_alliances(rows: Iterable[Row]) -> list[Row]:
    """Rows that concern all alliances, whoever leads them: kept once, under the paper's leader."""
    return [{"leader": PAPER_LEADER, **row} for row in rows]


def estimates_frame(
    rows: Iterable[Row], key: Mapping[str, Any], more: Mapping[str, Any] | None = None
) -> pl.DataFrame:
    """The table of estimates, sorted by its key.

    Args:
        rows: Key and values of each cell.
        key: Column to type of the key, without the leader.
        more: Column to type of further values, which stand before the null reason.
    """
    values = dict(_VALUES)
    reason = values.pop("null_reason")
    schema = {**_LEADER, **key, **values, **(more or {}), "null_reason": reason}
    frame = pl.DataFrame(list(rows), schema=schema, orient="row")
    known = frame.with_columns(pl.col("inference").fill_null("none"))
    return _rounded(known, [*_LEADER, *key])


def scores_frame(rows: Iterable[Row], key: Mapping[str, Any]) -> pl.DataFrame:
    """The table of scores, sorted by its key and the cluster.

    Args:
        rows: Key, cluster and score.
        key: Column to type of the key, without the leader.
    """
    schema = {**_LEADER, **key, **_SCORES}
    frame = pl.DataFrame(list(rows), schema=schema, orient="row")
    return _rounded(frame, [*_LEADER, *key, "cluster"])


def _rounded(frame: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    return frame.with_columns(pl.col(pl.Float64).round(DECIMALS)).sort(key)
