"""Editions of the claims, and the part of a key that says whose and which an estimate is.

Every table of claims and of the premium has `leader` and `edition` in its key, so that rows of
several tables can be put under each other. Tables that were there before leaders were a dimension
call the leader `ccode_hegemon`; that column stays, and is equal to `leader` (their suites say so).
"""

import polars as pl

FIRST_EDITION, SECOND_EDITION = 1, 2


def with_leader_and_edition(table: pl.DataFrame, edition: int) -> pl.DataFrame:
    """Adds `leader` and `edition` as the first columns.

    Args:
        table: Rows with `ccode_hegemon`, or with `leader`, which then stays as it is.
        edition: The edition of the claims whose estimand the rows are of.

    Returns:
        The same rows in the same order.
    """
    if "leader" in table.columns:
        leader, rest = pl.col("leader"), pl.exclude("leader")
    else:
        leader, rest = pl.col("ccode_hegemon").alias("leader"), pl.all()
    return table.select(leader, pl.lit(edition, pl.Int16).alias("edition"), rest)
