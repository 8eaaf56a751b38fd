"""Regime and trade of a state before it was an ally.

The value of the year before the state first was a core ally, for all others that of the year of
their first session in the panel: the last one known then, not older than five years. Values after
the treaty may be its effects, so they are not used.
"""

import polars as pl

from transforms.metrics.covariate_coverage import MAX_AGE
from transforms.rollcall_matrix import SESSION_OFFSET

REGIME, TRADE = "polyarchy_before", "log_trade_before"
COVARIATES = {"regime": (REGIME,), "trade": (TRADE,), "regime_trade": (REGIME, TRADE)}
"""Set of covariates to its columns."""


def with_covariates(
    panel: pl.DataFrame,
    regimes: pl.DataFrame,
    trade: pl.DataFrame,
    ally_tier: pl.DataFrame,
    *,
    leader: int,
) -> pl.DataFrame:
    """Adds both, one value per state.

    Args:
        panel: Rows with ccode and session.
        regimes: `core.regimes` (ccode, year, polyarchy).
        trade: `core.trade` (ccode, year, imports_million_usd, exports_million_usd).
        ally_tier: `marts.ally_tier`.
        leader: COW code.

    Returns:
        The rows with `polyarchy_before` and `log_trade_before`; NULL where no value is known.
    """
    allied = ally_tier.filter(pl.col("ccode_hegemon") == leader, pl.col("tier_core"))
    entry = allied.group_by("ccode").agg((pl.col("year").min() - 1).alias("entry"))
    first = panel.group_by("ccode").agg((pl.col("session").min() + SESSION_OFFSET).alias("first"))
    base = first.join(entry, on="ccode", how="left", validate="1:1").select(
        "ccode", pl.coalesce("entry", "first").cast(pl.Int16).alias("year")
    )
    total = (pl.col("imports_million_usd") + pl.col("exports_million_usd")).log()
    values = {
        REGIME: regimes.select("ccode", "year", pl.col("polyarchy").alias(REGIME)),
        TRADE: trade.select("ccode", "year", total.alias(TRADE))
        .filter(pl.col(TRADE).is_finite())
        .with_columns(pl.col(TRADE) - pl.col(TRADE).mean().over("year")),
    }
    for name, frame in values.items():
        known = base.sort("year").join_asof(
            frame.drop_nulls().sort("year"),
            on="year",
            by="ccode",
            strategy="backward",
            tolerance=MAX_AGE,
            check_sortedness=False,
        )
        panel = panel.join(known.select("ccode", name), on="ccode", how="left", validate="m:1")
    return panel
