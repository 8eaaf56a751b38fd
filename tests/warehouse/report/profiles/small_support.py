"""A warehouse of three states and one leader, small enough to work out by hand."""

import duckdb
import polars as pl

from warehouse.db import Connection

SUPPORT = {
    "ccode_hegemon": pl.Int16,
    "ccode": pl.Int16,
    "session": pl.Int16,
    "vote_set": pl.String,
    "vote_class": pl.String,
    "n_votes_of_class": pl.Int32,
    "n_with_hegemon": pl.Int32,
    "n_abstained": pl.Int32,
}

Row = tuple[int, int, str, int, int, int]
"""ccode, session, class, votes, with the leader, abstained."""


def warehouse_of(
    *rows: Row, allies: tuple[tuple[int, int, bool], ...] = (), leader: int = 2
) -> Connection:
    """Support of the leader, and its allies as (ccode, year, is ally)."""
    connection = duckdb.connect()
    connection.execute("CREATE SCHEMA metrics; CREATE SCHEMA marts")
    full = [(leader, ccode, session, "final_only", *more) for ccode, session, *more in rows]
    support = pl.DataFrame(full, schema=SUPPORT, orient="row")
    connection.register("support", support.to_arrow())
    connection.execute("CREATE TABLE metrics.hegemon_support AS FROM support")
    tiers = pl.DataFrame(
        [(leader, ccode, year, ally, ally) for ccode, year, ally in allies],
        schema={
            "ccode_hegemon": pl.Int16,
            "ccode": pl.Int16,
            "year": pl.Int16,
            "tier_core": pl.Boolean,
            "tier_atop": pl.Boolean,
        },
        orient="row",
    )
    connection.register("tiers", tiers.to_arrow())
    connection.execute("CREATE TABLE marts.ally_tier AS FROM tiers")
    return connection
