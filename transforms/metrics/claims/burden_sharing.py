"""Tests of C6: do large members bear a larger burden in asymmetric alliances?

Each alliance counts once, with the mean of its years in the window, and Student's t is taken over
alliances (Ibragimov and Müller 2010): its years are dependent, and alliances of five members or
more are too few for a bootstrap. With a second window, the estimate is the mean of the
first minus that of the second, over alliances that are measured in both.

References: Olson and Zeckhauser 1966 (Review of Economics and Statistics 48: 266-279); Ibragimov
and Müller 2010 (Journal of Business and Economic Statistics 28: 453-468).
"""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from transforms.metrics.asymmetry.group_means import group_means
from transforms.metrics.claims.asymmetry_trend import AT_LEAST, alliance_years
from transforms.metrics.claims.estimate import Finding
from transforms.metrics.claims.resampling import t_of_cluster_means

Cell = Mapping[str, Any]


def burden_correlation(
    cells: Sequence[Cell], burden_sharing: pl.DataFrame, capability_asymmetry: pl.DataFrame
) -> list[Finding]:
    """Mean correlation of product and burden, or mean gap of the leader.

    Args:
        cells: column (of metrics.burden_sharing), q, window_from, window_to; optionally
            minus_from and minus_to, the second window.
        burden_sharing: `metrics.burden_sharing`.
        capability_asymmetry: `metrics.capability_asymmetry`.

    Returns:
        One finding per cell; n is the number of alliances.
    """
    ratios = alliance_years(capability_asymmetry, "cinc").select("atopid", "year", "ratio")
    rows = burden_sharing.join(ratios, on=["atopid", "year"], how="inner", validate="1:1")
    return [_burden(cell, rows) for cell in cells]


def _burden(cell: Cell, rows: pl.DataFrame) -> Finding:
    rows = rows.filter(pl.col("ratio") >= cell["q"] * AT_LEAST).drop_nulls(cell["column"])
    first = _means(rows, cell["column"], cell["window_from"], cell["window_to"])
    last = cell["window_to"]
    if "minus_from" in cell:
        second = _means(rows, cell["column"], cell["minus_from"], cell["minus_to"])
        first = first.join(second, on="atopid", how="inner", suffix="_other").with_columns(
            pl.col("value") - pl.col("value_other")
        )
        last = cell["minus_to"]
    if first.is_empty():
        return Finding(null_reason="unit_not_in_source")
    window = (cell["window_from"], last)
    return t_of_cluster_means(first.sort("atopid")["value"].to_numpy(), window)


def _means(rows: pl.DataFrame, column: str, first: int, last: int) -> pl.DataFrame:
    within = rows.filter(pl.col("year").is_between(first, last))
    return group_means(within, ["atopid"], column, ["year"], "value")
