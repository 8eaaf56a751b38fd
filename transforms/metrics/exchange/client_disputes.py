"""Whether two clients of one leader have disputes with each other less than other neighbours.

y_dt = α_d + δ_t + τ·both_dt + φ·one_dt + ε_dt over dyads d of states that are contiguous (COW, by
land or across up to 400 miles of water) and years t: y is 1 in a year with a militarised dispute
between them (Gibler, Miller and Little), `both` that each is an ally of the tier core, `one` that
exactly one is. The leader's own dyads are left out. Least squares, all dyad-years alike: τ is a
difference of probabilities.

Clusters: the day on which the later of two allies entered; a dyad that never were both allies is
its own.

Reference: Gibler, Miller and Little 2016 (International Studies Quarterly 60: 719-730).
"""

import numpy as np
import polars as pl

from transforms.inference.two_way_effects import Effect, two_way_effect
from transforms.metrics.exchange.allies import core_waves

FIRST_YEAR = 1946
DYAD = ["ccode1", "ccode2"]
PLACES = 1000
"""A COW code has three digits: one number for a dyad."""


def dyad_years(
    *,
    contiguity: pl.DataFrame,
    disputes: pl.DataFrame,
    ally_tier: pl.DataFrame,
    leader: int,
    last_year: int,
) -> pl.DataFrame:
    """The rows of the regression.

    Args:
        contiguity: `core.contiguity`.
        disputes: `core.disputes`.
        ally_tier: `marts.ally_tier`.
        leader: COW code.
        last_year: Last year that disputes cover.

    Returns:
        ccode1, ccode2, year, is_disputed, n_clients (0, 1, 2), cluster; by dyad and year.
    """
    first = pl.max_horizontal(pl.col("valid_from").dt.year(), FIRST_YEAR)
    last = pl.min_horizontal(pl.col("valid_to").dt.year(), last_year)
    rows = (
        contiguity.filter(pl.col("ccode1") != leader, pl.col("ccode2") != leader)
        .select(*DYAD, pl.int_ranges(first, last + 1, dtype=pl.Int16).alias("year"))
        .explode("year", empty_as_null=False)
        .drop_nulls("year")
        .unique()
    )
    core = ally_tier.filter(pl.col("ccode_hegemon") == leader, pl.col("tier_core"))
    disputed = disputes.select(*DYAD, "year").unique().with_columns(is_disputed=pl.lit(True))
    rows = rows.join(disputed, on=[*DYAD, "year"], how="left", validate="1:1")
    waves = core_waves(ally_tier, leader)
    for k in (1, 2):
        code = pl.col("ccode").alias(f"ccode{k}")
        own = core.select(code, "year", pl.lit(1).alias(f"is_{k}"))
        rows = rows.join(own, on=[f"ccode{k}", "year"], how="left", validate="m:1")
        day = pl.col(f"ccode{k}").replace_strict(waves, default=None, return_dtype=pl.String)
        rows = rows.with_columns(day.alias(f"entry_{k}"))
    both_entered = pl.col("entry_1").is_not_null() & pl.col("entry_2").is_not_null()
    return rows.select(
        *DYAD,
        "year",
        pl.col("is_disputed").fill_null(False),
        (pl.col("is_1").fill_null(0) + pl.col("is_2").fill_null(0)).alias("n_clients"),
        pl.when(both_entered)
        .then(pl.max_horizontal("entry_1", "entry_2"))
        .otherwise(pl.format("dyad {}-{}", *DYAD))
        .alias("cluster"),
    ).sort(*DYAD, "year")


def dispute_effect(rows: pl.DataFrame) -> Effect | None:
    """The effect of both being clients.

    Args:
        rows: As `dyad_years` returns them.
    """
    return two_way_effect(
        outcome=rows["is_disputed"].cast(pl.Float64).to_numpy(),
        regressor=(rows["n_clients"] == 2).cast(pl.Float64).to_numpy(),
        weights=np.ones(len(rows)),
        unit=(rows["ccode1"].cast(pl.Int64) * PLACES + rows["ccode2"]).to_numpy(),
        period=rows["year"].to_numpy(),
        cluster=rows["cluster"].to_numpy(),
        controls=(rows["n_clients"] == 1).cast(pl.Float64).to_numpy()[:, None],
    )
