"""`metrics.client_network`: how many clients a leader has, where, and how close they are to it.

One row per leader and year from 1946: allies of the tier core (a treaty in force on any day of the
year), in how many regions, how many are new since the year before or gone since, and the means over
them of Lake's two indices (`metrics.security_hierarchy`): independence without the European Union's
clause, and troops per inhabitant without wars and occupations. Description, not a test: no claim
says how many clients there have to be.

A client that ceased to exist has not left, nor has its successor entered: West Germany until 1990,
Germany since. So the change of the number is not always entries less exits.

A mean is NULL where no client's index is known; the numbers of those known stand beside it.
"""

import polars as pl

from transforms.metrics.claims.leaders import leaders_with_dated_allies
from transforms.step_result import StepResult

TABLE = "metrics.client_network"
FIRST_YEAR = 1946
TROOPS = "troops_per_capita"
INDEPENDENCE = "independence_index_without_eu"
DECIMALS = 9


def build_client_network(
    *, ally_tier: pl.DataFrame, states: pl.DataFrame, security_hierarchy: pl.DataFrame
) -> StepResult:
    """Counts clients by year.

    Args:
        ally_tier: `marts.ally_tier`.
        states: `core.states` (ccode, region).
        security_hierarchy: `metrics.security_hierarchy`.

    Returns:
        `metrics.client_network`.
    """
    leaders = leaders_with_dated_allies(ally_tier)
    parts = [_of(leader, ally_tier, states, security_hierarchy) for leader in leaders]
    return StepResult({TABLE: pl.concat(parts).sort("leader", "year")})


def _of(
    leader: int, ally_tier: pl.DataFrame, states: pl.DataFrame, hierarchy: pl.DataFrame
) -> pl.DataFrame:
    known = ally_tier.filter(
        pl.col("ccode_hegemon") == leader,
        pl.col("tier_core").is_not_null(),
        pl.col("year") >= FIRST_YEAR - 1,
    )
    clients = known.filter("tier_core").select("ccode", "year")
    on = ["ccode", "year"]
    later = (pl.col("year") + 1).cast(pl.Int16)
    next_year, existed = (f.with_columns(later) for f in (clients, known.select(on)))
    changes = [
        frame.group_by("year").agg(pl.len().cast(pl.Int16).alias(name))
        for name, frame in (
            ("n_clients_entered", _without(clients, next_year).join(existed, on=on, how="semi")),
            ("n_clients_left", _without(next_year, clients).join(known, on=on, how="semi")),
        )
    ]
    by_year = (
        clients.join(states.select("ccode", "region").unique("ccode"), on="ccode", how="left")
        .join(_indices(leader, hierarchy), on=on, how="left", validate="1:1")
        .sort("year", "ccode")
        .group_by("year")
        .agg(
            pl.len().cast(pl.Int16).alias("n_clients"),
            pl.col("region").n_unique().cast(pl.Int16).alias("n_client_regions"),
            pl.col(INDEPENDENCE).mean().round(DECIMALS),
            pl.col(TROOPS).mean().round(DECIMALS),
            pl.col(INDEPENDENCE).count().cast(pl.Int16).alias("n_independence_known"),
            pl.col(TROOPS).count().cast(pl.Int16).alias("n_troops_known"),
        )
    )
    years = known.filter(pl.col("year") >= FIRST_YEAR).select("year").unique()
    for frame in (by_year, *changes):
        years = years.join(frame, on="year", how="left", validate="1:1")
    return years.select(
        pl.lit(leader, pl.Int16).alias("leader"),
        "year",
        pl.col("^n_.*$").fill_null(0),
        INDEPENDENCE,
        TROOPS,
    )


def _without(rows: pl.DataFrame, others: pl.DataFrame) -> pl.DataFrame:
    return rows.join(others, on=["ccode", "year"], how="anti")


def _indices(leader: int, hierarchy: pl.DataFrame) -> pl.DataFrame:
    """Both indices of each other state and year; troops of wars and occupations left out."""
    return hierarchy.filter(pl.col("ccode_from") == leader).select(
        pl.col("ccode_to").alias("ccode"),
        "year",
        INDEPENDENCE,
        pl.when(~pl.col("is_occupation_or_war")).then(pl.col(TROOPS)).alias(TROOPS),
    )
