"""`metrics.obligation_by_role`: written obligations of leaders and partners, before and from 1945.

Formality: the leader's commitments are written (hard); are the political ones of the partners?
ATOP has no item "votes with the leader" or "endorses it"; the nearest is DIPAID, which
includes support in international organisations, then CONSUL and the other political items. So
every item is counted by role: the share of alliance-phases in which the leader promises it, in
which at least one partner does, and in which every partner does.

References: Leeds, Ritter, Mitchell and Long 2002 (International Interactions 28: 237-260);
Istomin and Baykov 2019.
"""

from itertools import product

import polars as pl

from transforms.metrics.alliances.obligation_balance import ITEMS, PHASE
from transforms.step_result import StepResult

TABLE = "metrics.obligation_by_role"

SINCE = 1945  # phases that began in 1945 or later
ROLES = {
    "leader": pl.col("leader_value") > 0,
    "any_partner": pl.col("partner_mean") > 0,
    # pol is a mean over items: 1 for all partners only where all promise all four.
    "every_partner": pl.col("partner_mean") == 1,
}
SCOPES = {
    "all": pl.lit(True),
    "defense_or_offense": (pl.col("defense") == 1) | (pl.col("offense") == 1),
}
FORMED = ("before_1945", "from_1945")


def build_obligation_by_role(
    *, obligation_balance: pl.DataFrame, alliances: pl.DataFrame
) -> StepResult:
    """Counts the phases in which each role promises each item.

    Args:
        obligation_balance: `metrics.obligation_balance`.
        alliances: `core.alliances`: year_from, defense, offense.

    Returns:
        One row per item, time of formation, scope and role, all 180 of them; phases count
        where leader and partners are known. Share NULL (unit_not_in_source) where there is
        none. Nothing is lost.
    """
    formed = (
        pl.when(pl.col("year_from") < SINCE).then(pl.lit(FORMED[0])).otherwise(pl.lit(FORMED[1]))
    )
    known = obligation_balance.filter(pl.col("null_reason").is_null()).join(
        alliances.select(*PHASE, "defense", "offense", formed.alias("formed")),
        on=PHASE,
        how="inner",
        validate="m:1",
    )
    keys = ["item", "formed", "scope", "role"]
    blocks = [
        known.filter(in_scope)
        .group_by("item", "formed")
        .agg(
            pl.len().cast(pl.Int32).alias("n_phases"),
            promised.sum().cast(pl.Int32).alias("n_promised"),
        )
        .with_columns(pl.lit(scope).alias("scope"), pl.lit(role).alias("role"))
        for (scope, in_scope), (role, promised) in product(SCOPES.items(), ROLES.items())
    ]
    every = pl.DataFrame(list(product(ITEMS, FORMED, SCOPES, ROLES)), schema=keys, orient="row")
    counted = every.join(pl.concat(blocks), on=keys, how="left", validate="1:1").with_columns(
        pl.col("n_phases", "n_promised").fill_null(0)
    )
    has_phases = pl.col("n_phases") > 0
    table = counted.with_columns(
        pl.when(has_phases).then(pl.col("n_promised") / pl.col("n_phases")).alias("promised_share"),
        pl.when(~has_phases).then(pl.lit("unit_not_in_source")).alias("null_reason"),
    )
    return StepResult({TABLE: table.sort(keys)})
