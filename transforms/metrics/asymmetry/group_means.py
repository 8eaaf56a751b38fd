"""Means of groups that are the same to the last bit, however many threads Polars has.

A sum of floats depends on the order of its terms, and Polars splits groups among threads. Here rows
are sorted first and added one after the other.
"""

from collections.abc import Sequence

import numpy as np
import polars as pl


def group_means(
    rows: pl.DataFrame, group: Sequence[str], column: str, order: Sequence[str], name: str
) -> pl.DataFrame:
    """The mean of a column in each group, over the rows where it has a value.

    Args:
        rows: Rows.
        group: Columns that name the groups.
        column: What is averaged.
        order: Columns that, with the group's, fix the order of its rows.
        name: Name of the mean.

    Returns:
        The group's columns and `name`; groups without a value have no row.
    """
    known = rows.drop_nulls(column).sort(*group, *order)
    groups = known.select(group).unique(maintain_order=True).with_row_index("place")
    place = known.select(group).join(groups, on=list(group), how="left", maintain_order="left")
    at, n = place["place"].to_numpy(), groups.height
    sums = np.bincount(at, weights=known[column].to_numpy(), minlength=n)
    means = sums / np.bincount(at, minlength=n)
    return groups.drop("place").with_columns(pl.Series(name, means, dtype=pl.Float64))
