"""Sum of the coefficients on five lags, of support on goods or of goods on support.

The sum is one coefficient: in β₁x₁ + … + β₅x₅ = θ·x₁ + Σ_k≥2 β_k·(x_k − x₁) it is θ, so that its
error and score are those of one regressor. Rows need all five lags and, in designs with a lagged
outcome, that. See `support_returns`.
"""

from dataclasses import dataclass
from functools import partial

import numpy as np
import polars as pl

from transforms.inference.combined_effects import Bools, half_panel_jackknife
from transforms.inference.poisson_effects import poisson_effect
from transforms.inference.two_way_effects import Effect, two_way_effect
from transforms.metrics.exchange.allies import with_status
from transforms.metrics.exchange.co_movement import LAST_SESSION_OF_FIRST_ERA
from transforms.rollcall_matrix import SESSION_OFFSET

LAGS = (1, 2, 3, 4, 5)
POINTS = 0.1
"""Of g: what an estimate of goods is per. Fixed before anything was estimated."""

FORWARD, REVERSE = "support_to_goods", "goods_to_support"
DESIGNS = ("static", "lagged_outcome", "half_panel_jackknife")


@dataclass(frozen=True)
class Cell:
    """One estimate; as in the table."""

    direction: str = FORWARD
    good: str = "troops"
    estimator: str = "ppml"
    design: str = "static"
    tier: str = "core"
    sample: str = "wars_out"


def cell_rows(
    gaps: pl.DataFrame, good: pl.DataFrame, ally_tier: pl.DataFrame, cell: Cell, *, leader: int
) -> pl.DataFrame:
    """Allies' years with an outcome and all that the cell's regression needs.

    Args:
        gaps: `metrics.legitimation_gap` of the leader, popular control votes.
        good: A frame of `security_goods`.
        ally_tier: `marts.ally_tier`.
        cell: The cell.
        leader: COW code.

    Returns:
        ccode, session, outcome, before, lag_1 … lag_5, weight, cluster; by state and session.
    """
    kept = {
        "wars_out": ~pl.col("is_war"),
        "from_1991": ~pl.col("is_war"),
        "war_hosts_out": ~pl.col("is_war_host"),
    }.get(cell.sample, pl.lit(True))
    goods = good.filter(kept).select(
        "ccode", (pl.col("year") - SESSION_OFFSET).cast(pl.Int16).alias("session"), "good"
    )
    support = gaps.drop_nulls("gap").select("ccode", "session", "gap", "weight")
    log_good = pl.col("good").log1p()
    if cell.direction == FORWARD:
        outcome = goods.select("ccode", "session", outcome="good", weight=pl.lit(1.0))
        before = goods.select("ccode", "session", value=log_good)
        cause = support.select("ccode", "session", value=pl.col("gap") / POINTS)
    else:
        outcome = support.select("ccode", "session", "weight", outcome="gap")
        before = support.select("ccode", "session", value="gap")
        cause = goods.select("ccode", "session", value=log_good)
    rows = _with_lag(outcome, before, 1, "before")
    for lag in LAGS:
        rows = _with_lag(rows, cause, lag, f"lag_{lag}").drop_nulls(f"lag_{lag}")
    if cell.design != "static":
        rows = rows.drop_nulls("before")
    if cell.sample == "from_1991":
        rows = rows.filter(pl.col("session") > LAST_SESSION_OF_FIRST_ERA)
    clusters = gaps.select("ccode", "cluster").unique()
    return (
        with_status(rows, ally_tier, leader=leader, tier=cell.tier)
        .filter(pl.col("is_ally").fill_null(False))
        .join(clusters, on="ccode", how="left", validate="m:1")
        .sort("ccode", "session")
    )


def _with_lag(rows: pl.DataFrame, values: pl.DataFrame, lag: int, name: str) -> pl.DataFrame:
    later = values.select(
        "ccode",
        (pl.col("session") + lag).cast(pl.Int16).alias("session"),
        pl.col("value").alias(name),
    )
    return rows.join(later, on=["ccode", "session"], how="left", validate="1:1")


def sum_of_lags(rows: pl.DataFrame, cell: Cell) -> Effect | None:
    """The sum of the coefficients on the lags.

    Args:
        rows: As `cell_rows` returns them.
        cell: For estimator and design.

    Returns:
        The effect; None where nothing identifies it.
    """
    if rows.is_empty():
        return None
    everyone = np.ones(len(rows), bool)
    if cell.design != "half_panel_jackknife":
        return _fit(everyone, rows=rows, cell=cell)
    unit, period = rows["ccode"].to_numpy(), rows["session"].to_numpy()
    return half_panel_jackknife(partial(_fit, rows=rows, cell=cell), unit, period)


def _fit(kept: Bools, *, rows: pl.DataFrame, cell: Cell) -> Effect | None:
    rows = rows.filter(kept)
    first = pl.col("lag_1")
    columns = [pl.col(f"lag_{lag}") - first for lag in LAGS[1:]]
    if cell.design != "static":
        columns.append(pl.col("before"))
    outcome = rows["outcome"]
    terms = {
        "regressor": rows["lag_1"].to_numpy(),
        "unit": rows["ccode"].to_numpy(),
        "period": rows["session"].to_numpy(),
        "cluster": rows["cluster"].to_numpy(),
        "controls": rows.select(c.alias(str(k)) for k, c in enumerate(columns)).to_numpy(),
    }
    if cell.estimator == "ppml":
        return poisson_effect(outcome=outcome.to_numpy(), **terms)
    values = outcome if cell.direction == REVERSE else outcome.log1p()
    return two_way_effect(outcome=values.to_numpy(), weights=rows["weight"].to_numpy(), **terms)


def base_effect(rows: pl.DataFrame) -> Effect | None:
    """Effect of the mean gap on the number of bases, between states: without any effects.

    Args:
        rows: ccode, good, gap, cluster.
    """
    if rows.is_empty():
        return None
    same = np.zeros(len(rows), np.int64)
    return poisson_effect(
        outcome=rows["good"].to_numpy(),
        regressor=(rows["gap"] / POINTS).to_numpy(),
        unit=same,
        period=same,
        cluster=rows["cluster"].to_numpy(),
    )
