"""What a leader gives its allies, by state and year: troops, construction, bases.

Each has the columns ccode, year, good (the amount), is_war (troops of the year fight or occupy) and
is_war_host (they ever did).
"""

import polars as pl

from transforms.metrics.exchange.allies import with_status
from transforms.rollcall_matrix import SESSION_OFFSET

PER = 100  # tpop is in thousands: per 100,000 inhabitants
SESSIONS_BEFORE = 5


def troops_of(
    us_troops: pl.DataFrame,
    capabilities: pl.DataFrame,
    wartime_deployments: pl.DataFrame,
    *,
    leader: int,
) -> dict[str, pl.DataFrame]:
    """Troops in persons, and per 100,000 inhabitants.

    Args:
        us_troops: `core.us_troops`.
        capabilities: `core.capabilities`: ccode, year, tpop_thousand.
        wartime_deployments: Reference `wartime_deployments`.
        leader: COW code of the sending state.
    """
    deployed = wartime_deployments.filter(pl.col("ccode_from").cast(pl.Int16) == leader).select(
        pl.col("ccode_to").cast(pl.Int16).alias("ccode"),
        pl.int_ranges(
            pl.col("year_from").cast(pl.Int64),
            pl.col("year_to").cast(pl.Int64) + 1,
            dtype=pl.Int16,
        ).alias("year"),
    )
    at_war = (
        deployed.explode("year", empty_as_null=False).unique().with_columns(is_war=pl.lit(True))
    )
    hosts = at_war["ccode"].unique().implode()
    troops = (
        us_troops.filter(pl.col("ccode_from") == leader)
        .select(
            pl.col("ccode_to").alias("ccode"),
            "year",
            pl.col("troops_persons").cast(pl.Float64).alias("good"),
        )
        .drop_nulls()
        .join(at_war, on=["ccode", "year"], how="left", validate="1:1")
        .with_columns(
            pl.col("is_war").fill_null(False), pl.col("ccode").is_in(hosts).alias("is_war_host")
        )
    )
    heads = capabilities.filter(pl.col("tpop_thousand") > 0).select(
        "ccode", "year", "tpop_thousand"
    )
    per_head = troops.join(heads, on=["ccode", "year"], how="inner", validate="1:1")
    per_head = per_head.with_columns(pl.col("good") * PER / pl.col("tpop_thousand"))
    return {"troops": troops, "troops_per_capita": per_head.drop("tpop_thousand")}


def construction_of(us_construction: pl.DataFrame, *, leader: int) -> pl.DataFrame:
    """Military construction in US dollars, of years with a disclosed project.

    Args:
        us_construction: `core.us_construction`.
        leader: COW code.
    """
    return us_construction.filter(pl.col("ccode_from") == leader).select(
        pl.col("ccode_to").alias("ccode"),
        "year",
        pl.col("construction_usd").alias("good"),
        pl.lit(False).alias("is_war"),
        pl.lit(False).alias("is_war_host"),
    )


def bases_of(
    us_bases: pl.DataFrame, gaps: pl.DataFrame, ally_tier: pl.DataFrame, *, leader: int, year: int
) -> pl.DataFrame:
    """Number of bases of the core allies of a year, and the mean of their gaps before it.

    Args:
        us_bases: `core.us_bases`; a state without a row has none.
        gaps: `metrics.legitimation_gap` of the leader, popular control votes.
        ally_tier: `marts.ally_tier`.
        leader: COW code.
        year: First year of the list.

    Returns:
        ccode, good, gap, cluster; allies without a gap in any of the five sessions are left out.
    """
    last = year - 1 - SESSION_OFFSET
    means = (
        gaps.filter(pl.col("session").is_between(last - SESSIONS_BEFORE + 1, last))
        .drop_nulls("gap")
        .sort("session")
        .group_by("ccode", "cluster")
        .agg(pl.col("gap").mean())
        .with_columns(pl.lit(year - SESSION_OFFSET, pl.Int16).alias("session"))
    )
    counts = (
        us_bases.filter(pl.col("ccode_from") == leader)
        .group_by(pl.col("ccode_to").alias("ccode"))
        .agg(pl.len().cast(pl.Float64).alias("good"))
    )
    return (
        with_status(means, ally_tier, leader=leader, tier="core")
        .filter(pl.col("is_ally").fill_null(False))
        .join(counts, on="ccode", how="left", validate="1:1")
        .with_columns(pl.col("good").fill_null(0))
        .select("ccode", "good", "gap", "cluster")
        .sort("ccode")
    )
