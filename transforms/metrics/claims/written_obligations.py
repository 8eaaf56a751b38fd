"""Tests of C3: are security obligations written and political ones not?

Over asymmetric alliances with a defence or offence promise, each once, by its first phase with a
known leader:

* balance_sign: of the alliances in which leader and partners differ in an item, the share in
  which the balance is positive, minus ½; exact. Positive: the leader is bound more (military
  items), or the partners are (territory, politics).
* balance_mean: the mean balance, interval by drawing alliances; 0 is no written asymmetry.
* promised_share: share of the alliances in which at least one partner promises an item, minus
  ½; exact.
* ally_supply: mean residual of the hegemon's allies, support beyond shared preferences: Student's
  t over states.

References: Leeds, Ritter, Mitchell and Long 2002 (International Interactions 28: 237-260).
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from transforms.metrics.claims.asymmetry_trend import AT_LEAST, alliance_years
from transforms.metrics.claims.estimate import Finding
from transforms.metrics.claims.resampling import (
    MIN_CLUSTERS,
    cluster_draws,
    percentiles,
    sign_share,
    t_of_cluster_means,
)
from transforms.rollcall_matrix import SESSION_OFFSET

SINCE = 1945
FORMED = {"all": (0, 9999), "before 1945": (0, SINCE - 1), "from 1945": (SINCE, 9999)}
KEY = 121

Cell = Mapping[str, Any]


def balances(
    cells: Sequence[Cell],
    obligation_balance: pl.DataFrame,
    capability_asymmetry: pl.DataFrame,
) -> list[Finding]:
    """Signs, means and shares of what is written.

    Args:
        cells: statistic (sign, mean, share), item, q, formed.
        obligation_balance: `metrics.obligation_balance`.
        capability_asymmetry: `metrics.capability_asymmetry`.

    Returns:
        One finding per cell; n is the number of alliances that count.
    """
    by_year = alliance_years(capability_asymmetry, "cinc").select("atopid", "year", "ratio")
    known = obligation_balance.filter(pl.col("null_reason").is_null()).join(
        by_year, left_on=["atopid", "leader_year"], right_on=["atopid", "year"], how="inner"
    )
    first = known.sort("atopid", "phase", "item").group_by("atopid", "item", maintain_order=True)
    return [_balance(cell, first.first()) for cell in cells]


def _balance(cell: Cell, known: pl.DataFrame) -> Finding:
    low, high = FORMED[cell["formed"]]
    rows = known.filter(
        pl.col("item") == cell["item"],
        pl.col("ratio") >= cell["q"] * AT_LEAST,
        pl.col("leader_year").is_between(low, high),
    )
    if rows.height < MIN_CLUSTERS:
        return Finding(null_reason="n_below_min")
    years = rows["leader_year"].to_numpy()
    window = (int(years.min()), int(years.max()))
    balance = rows["balance"].to_numpy()
    if cell["statistic"] == "sign":
        return sign_share(int((balance > 0).sum()), int((balance != 0).sum()), window)
    if cell["statistic"] == "share":
        return sign_share(int((rows["partner_mean"] > 0).sum()), rows.height, window)
    if not balance.any():
        # no alliance differs, so every draw gives the same mean
        return Finding(0.0, 0.0, 0.0, 1.0, rows.height, *window)
    drawn = np.einsum("dc,c->d", cluster_draws(rows.height, KEY), balance) / rows.height
    return percentiles(float(balance.mean()), drawn, rows.height, window)


def ally_supply(cells: Sequence[Cell], legitimation_supply: pl.DataFrame) -> list[Finding]:
    """Mean residual of allies.

    Args:
        cells: hegemon, tier, window_name, vote_class.
        legitimation_supply: `metrics.legitimation_supply`.

    Returns:
        One finding per cell; n is the number of allied states.
    """
    return [_supply(cell, legitimation_supply) for cell in cells]


def _supply(cell: Cell, legitimation_supply: pl.DataFrame) -> Finding:
    rows = legitimation_supply.filter(
        pl.col("ccode_hegemon") == cell["hegemon"],
        pl.col("window_name") == cell["window_name"],
        pl.col("vote_class") == cell["vote_class"],
        pl.col(f"was_ally_{cell['tier']}"),
        pl.col("residual").is_not_null(),
    ).sort("ccode")
    if rows.is_empty():
        return Finding(null_reason="unit_not_in_source")
    sessions = (
        int(rows["session_first"].to_numpy().min()),
        int(rows["session_last"].to_numpy().max()),
    )
    window = (sessions[0] + SESSION_OFFSET, sessions[1] + SESSION_OFFSET)
    return t_of_cluster_means(rows["residual"].to_numpy(), window)
