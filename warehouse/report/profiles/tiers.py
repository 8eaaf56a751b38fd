"""Whose ally a state is and was, by each definition, and since when."""

import polars as pl

from warehouse.db import Connection
from warehouse.report.profiles.leaders import TIERS

_YEARS = """
SELECT ccode_hegemon AS leader, ccode, year, tier_{tier} AS is_ally,
       CASE WHEN in_force_basis = 'treaty' AND '{tier}' <> 'atop' THEN in_force_from END AS since
FROM marts.ally_tier WHERE tier_{tier} IS NOT NULL
"""
_TREATIES = """
SELECT ccode_hegemon AS leader, ccode, treaty, tier, in_force_from, in_force_to, counts_to, atopid
FROM core.treaty_allies WHERE tier <> 'partner'
ORDER BY leader, ccode, in_force_from, treaty
"""


def tier_spells(connection: Connection) -> pl.DataFrame:
    """Unbroken years in which a state was a leader's ally, by each tier.

    Returns:
        One row per leader, state, tier and spell: year_from, year_to (its last year), known_to
        (the last year for which the tier is known of this leader), is_in_force_at_end (year_to is
        known_to, so no end is known), since (day on which a treaty of our list took effect).
    """
    spells = []
    for tier in TIERS:
        years = pl.DataFrame(connection.sql(_YEARS.format(tier=tier)).pl())
        known_to = years.group_by("leader").agg(pl.col("year").max().alias("known_to"))
        key = ["leader", "ccode"]
        spells.append(
            years.filter("is_ally")
            .sort(*key, "year")
            .with_columns(run=(pl.col("year").diff().over(key) > 1).fill_null(False))
            .with_columns(run=pl.col("run").cum_sum().over(key))
            .group_by(*key, "run", maintain_order=True)
            .agg(
                pl.col("year").min().alias("year_from"),
                pl.col("year").max().alias("year_to"),
                pl.col("since").min(),
            )
            .join(known_to, on="leader")
            .with_columns(
                tier=pl.lit(tier), is_in_force_at_end=pl.col("year_to") == pl.col("known_to")
            )
        )
    columns = ["leader", "ccode", "tier", "year_from", "year_to", "known_to"]
    frame = pl.concat(spells).select(*columns, "is_in_force_at_end", "since")
    return frame.sort("leader", "ccode", "tier", "year_from")


def treaties(connection: Connection) -> pl.DataFrame:
    """Dated treaties of the leaders with each state: our own list, but for partnerships.

    Returns:
        One row per leader, state, treaty and time in force: tier, in_force_from, in_force_to
        (NULL where none is known), counts_to (the end of the list at the latest), atopid.
    """
    return pl.DataFrame(connection.sql(_TREATIES).pl())
