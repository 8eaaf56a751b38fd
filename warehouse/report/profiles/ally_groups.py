"""How a leader's allies and all others side with it, and where a state stands among them."""

import polars as pl

from warehouse.db import Connection
from warehouse.report.profiles.agreement import agreement_by_session
from warehouse.report.profiles.leaders import ALLY_TIERS
from warehouse.report.profiles.vote_classes import MIN_VOTES_TO_COMPARE

_ALLIES = "SELECT ccode_hegemon AS leader, ccode, year, tier_core, tier_atop FROM marts.ally_tier"
_KEY = ["leader", "session", "year", "vote_class"]
MIN_STATES = 3
"""States below which a mean of a group is no group's."""


def agreement_with_status(connection: Connection) -> pl.DataFrame:
    """Agreement by session, from ten votes on, of states known to be allies or not.

    Returns:
        Columns of `agreement_by_session`, and group: `ally` or `other`, by the leader's tier of
        `ALLY_TIERS` in the session's year.
    """
    allies = connection.sql(_ALLIES).pl()
    uses_core = pl.col("leader").is_in([c for c, tier in ALLY_TIERS.items() if tier == "core"])
    is_ally = pl.when(uses_core).then("tier_core").otherwise("tier_atop")
    status = allies.select("leader", "ccode", "year", is_ally.alias("is_ally")).drop_nulls()
    group = pl.when("is_ally").then(pl.lit("ally")).otherwise(pl.lit("other")).alias("group")
    return (
        agreement_by_session(connection)
        .filter(pl.col("n_votes") >= MIN_VOTES_TO_COMPARE)
        .join(status, on=["leader", "ccode", "year"])
        .with_columns(group)
        .drop("is_ally")
    )


def group_means(connection: Connection) -> pl.DataFrame:
    """Mean agreement of allies and of other states, each state counting the same.

    Returns:
        One row per leader, session, class of votes and group (`ally`, `other`) of three states or
        more: n_states, agreement, lower_quarter and upper_quarter of the states.
    """
    return (
        agreement_with_status(connection)
        .sort(*_KEY, "group", "ccode")
        .group_by(*_KEY, "group", maintain_order=True)
        .agg(
            pl.len().alias("n_states"),
            pl.col("agreement").mean().round(9),
            pl.col("agreement").quantile(0.25, "linear").round(9).alias("lower_quarter"),
            pl.col("agreement").quantile(0.75, "linear").round(9).alias("upper_quarter"),
        )
        .filter(pl.col("n_states") >= MIN_STATES)
    )


def ranks(connection: Connection) -> pl.DataFrame:
    """Where each state stands by agreement: among the leader's allies, and among all states.

    Returns:
        One row per leader, session, class of votes and state with ten votes: group, rank_in_group
        and n_in_group (an ally among allies, any other among others), rank_of_all and n_of_all; 1
        sides most, and equal states share the better rank.
    """
    rank = pl.col("agreement").rank("min", descending=True)
    return (
        agreement_with_status(connection)
        .with_columns(
            rank.over(*_KEY, "group").cast(pl.Int16).alias("rank_in_group"),
            pl.len().over(*_KEY, "group").cast(pl.Int16).alias("n_in_group"),
            rank.over(*_KEY).cast(pl.Int16).alias("rank_of_all"),
            pl.len().over(*_KEY).cast(pl.Int16).alias("n_of_all"),
        )
        .select(
            *("leader", "ccode", "session", "year", "vote_class", "group"),
            *("rank_in_group", "n_in_group", "rank_of_all", "n_of_all"),
        )
        .sort("leader", "ccode", "session", "vote_class")
    )
