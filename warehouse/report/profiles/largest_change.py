"""The largest change of a state's agreement with a leader from one session to the next."""

import numpy as np
import polars as pl

from warehouse.db import Connection
from warehouse.report.profiles.agreement import agreement_by_session
from warehouse.report.profiles.vote_classes import MIN_VOTES_TO_COMPARE

WITHOUT_VOTES = 1964
"""The session of that year took a single roll call: 1963 and 1965 follow each other."""


def largest_changes(connection: Connection) -> pl.DataFrame:
    """The largest change of each state, between sessions that follow each other.

    Both have ten votes of the class or more. The interval is Newcombe's (1998), of the difference
    of two shares by their Wilson intervals; it does not know that the largest of many was chosen.

    Returns:
        One row per leader, state and class of votes with such a pair of sessions: year_before,
        year_after, n_before, n_after, agreement_before, agreement_after, change, ci_low, ci_high.
    """
    key = ["leader", "ccode", "vote_class"]
    columns = ["year", "n_votes", "agreement", "ci_low", "ci_high"]
    year = pl.col("year")
    ordinal = year - (year > WITHOUT_VOTES).cast(pl.Int16)
    rows = (
        agreement_by_session(connection)
        .filter(pl.col("n_votes") >= MIN_VOTES_TO_COMPARE)
        .filter(year != WITHOUT_VOTES)
        .sort(*key, "year")
        .with_columns(follows=ordinal.diff().over(key) == 1)
        .with_columns(pl.col(columns).shift(1).over(key).name.suffix("_before"))
        .filter("follows")
        .with_columns(change=(pl.col("agreement") - pl.col("agreement_before")).round(9))
        .with_columns(size=pl.col("change").abs())
        # the earliest of equal ones
        .sort(*key, "size", "year", descending=[False, False, False, True, False])
        .unique(key, keep="first", maintain_order=True)
    )
    before, after = rows["agreement_before"].to_numpy(), rows["agreement"].to_numpy()
    change = rows["change"].to_numpy()
    down = np.hypot(after - rows["ci_low"].to_numpy(), rows["ci_high_before"].to_numpy() - before)
    up = np.hypot(rows["ci_high"].to_numpy() - after, before - rows["ci_low_before"].to_numpy())
    return rows.select(
        *key,
        "year_before",
        pl.col("year").alias("year_after"),
        pl.col("n_votes_before").alias("n_before"),
        pl.col("n_votes").alias("n_after"),
        "agreement_before",
        pl.col("agreement").alias("agreement_after"),
        "change",
        pl.Series("ci_low", np.round(change - down, 9)),
        pl.Series("ci_high", np.round(change + up, 9)),
    )
