"""Covariates of LP5, measured before the tie.

| covariate | as it is matched on |
|---|---|
| log_gdp_per_head | ln of gross domestic product per head, less the year's mean over states |
| polyarchy, trade_share | as it is |
| trade_total_usd, aid_usd, trade_usd | asinh, less the year's mean over states: prices rise |
| distance_km | ln(1 + km), to the hegemon |
| colonial_tie, region_eu | 1 or 0 |

A state's covariates are those of the year before its first as an ally, and for all others those of
the year of the first session in the range in which it votes; the last value known then, if it is
no older than five years. Distance and colonial tie are taken from any year.

The sources have democracy, total trade and distance (`core.covariates`); aid, trade with the United
States, colonial ties and membership of the European Union are known from a user file alone. The
distance to another hegemon than the United States is that between the capitals.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from transforms.contingency_tables import Floats
from transforms.core.capitals import capital_distances
from transforms.metrics.covariate_coverage import MAX_AGE
from transforms.metrics.legitimation.panel import CROSS_TIERS, USA, Bools, Panel
from transforms.rollcall_matrix import SESSION_OFFSET

GDP_PER_HEAD = "log_gdp_per_head"
DISTANCE = "distance_km"
TO_ANOTHER = "distance_km_to_another"
"""The distance to the hegemon where it is not the United States; matched on as `distance_km`."""

OF_STATES = (GDP_PER_HEAD, "polyarchy", "trade_total_usd", "region_eu")
"""Covariates of states; those of dyads with the United States count only for ties to it."""

WITH_USA = ("aid_usd", "trade_usd", "trade_share", DISTANCE, "colonial_tie")
FIXED = (DISTANCE, TO_ANOTHER, "colonial_tie")
FIRST_YEAR, LAST_YEAR = 1800, 2100


@dataclass(frozen=True)
class Pool:
    """Covariates of the states of a panel, for one tier.

    Attributes:
        histories: Covariate to its last known value, states × years from 1800; NaN where none.
        ally_since: First year as an ally, by state; a high number for those who never were.
        blocks: Number of each state's region.
    """

    histories: dict[str, Floats]
    ally_since: NDArray[np.int64]
    blocks: NDArray[np.int64]

    def values(self, part: Panel, is_ally: Bools) -> dict[str, Floats]:
        """Covariates before the tie, by state.

        Args:
            part: The panel over a range of sessions.
            is_ally: Allies in it; all others are measured when they begin to vote.
        """
        first_seen = part.sessions[np.argmax(part.is_listed, axis=1)].astype(np.int64)
        year = np.where(is_ally, self.ally_since - 1, first_seen + SESSION_OFFSET)
        at = np.clip(year, FIRST_YEAR, LAST_YEAR) - FIRST_YEAR
        states = np.arange(len(part.ccodes))
        return {name: history[states, at] for name, history in self.histories.items()}


def histories_of(
    covariates: pl.DataFrame,
    gdp: pl.DataFrame,
    capabilities: pl.DataFrame,
    panel: Panel,
    capitals: pl.DataFrame | None = None,
) -> dict[str, Floats]:
    """Covariate to its last known value, states of the panel × years from 1800.

    Args:
        covariates: `core.covariates`.
        gdp: `core.gdp`.
        capabilities: `core.capabilities`; its tpop_thousand.
        panel: Whose states, and whose hegemon.
        capitals: `core.capitals`, for the distance to another hegemon than the United States.
    """
    heads = capabilities.select("ccode", "year", "tpop_thousand").filter(
        pl.col("tpop_thousand") > 0
    )
    joined = gdp.join(heads, on=["ccode", "year"])
    per_head = pl.col("gdp_usd") / (pl.col("tpop_thousand") * 1000)
    frames = {GDP_PER_HEAD: joined.select("ccode", "year", _relative(per_head.log()))}
    values = {
        "polyarchy": pl.col("polyarchy"),
        "region_eu": pl.col("region_eu").cast(pl.Float64),
        "aid_usd": _relative(pl.col("aid_usd").arcsinh()),
        "trade_usd": _relative(pl.col("trade_usd").arcsinh()),
        "trade_total_usd": _relative(pl.col("trade_total_usd").arcsinh()),
        "trade_share": pl.col("trade_share"),
        DISTANCE: pl.col(DISTANCE).log1p(),
        "colonial_tie": pl.col("colonial_tie").cast(pl.Float64),
    }
    for name, value in values.items():
        frames[name] = covariates.select("ccode", "year", value.alias("value"))
    if capitals is not None and panel.hegemon != USA:
        years = (FIRST_YEAR, int(panel.sessions.max(initial=0)) + SESSION_OFFSET)
        apart = capital_distances(capitals, ccode_to=panel.hegemon, years=years)
        frames[TO_ANOTHER] = apart.select("ccode", "year", pl.col(DISTANCE).log1p())
    return {
        name: _history(frame.rename({frame.columns[2]: "value"}), panel, name in FIXED)
        for name, frame in frames.items()
    }


def pool_of(
    histories: dict[str, Floats],
    ally_tier: pl.DataFrame,
    panel: Panel,
    tier: str,
    blocks: NDArray[np.int64],
) -> Pool:
    """The covariates that count for a tier.

    Args:
        histories: `histories_of`.
        ally_tier: `marts.ally_tier`, for the first year as an ally.
        panel: The hegemon's panel.
        tier: As in the panel; for `us_*` ties to the United States.
        blocks: Number of each state's region.
    """
    leader = USA if tier in CROSS_TIERS else panel.hegemon
    known = {name: histories[name] for name in OF_STATES}
    if leader == USA:
        known |= {name: histories[name] for name in WITH_USA}
    elif TO_ANOTHER in histories:
        known[DISTANCE] = histories[TO_ANOTHER]
    is_ally = pl.col(f"tier_{tier.removeprefix('us_')}")
    ties = ally_tier.filter(pl.col("ccode_hegemon") == leader, is_ally)
    since = dict(ties.group_by("ccode").agg(pl.col("year").min()).iter_rows())
    years = np.array([since.get(ccode, LAST_YEAR) for ccode in panel.ccodes.tolist()], np.int64)
    return Pool(known, years, blocks)


def _relative(value: pl.Expr) -> pl.Expr:
    return value - value.mean().over("year")


def _history(frame: pl.DataFrame, panel: Panel, is_fixed: bool) -> Floats:
    """Last known values, no older than `MAX_AGE` years; of any year where they do not change."""
    rows = frame.drop_nulls().filter(pl.col("ccode").is_in(panel.ccodes.tolist()))
    history: Floats = np.full((len(panel.ccodes), LAST_YEAR - FIRST_YEAR + 1), np.nan)
    rows = rows.sort("year", descending=True)
    at = np.searchsorted(panel.ccodes, rows["ccode"].to_numpy())
    if is_fixed:  # the earliest one, which comes last
        for state, value in zip(at.tolist(), rows["value"].to_list(), strict=True):
            history[state] = value
        return history
    on = rows["year"].to_numpy().astype(np.int64) - FIRST_YEAR
    history[at, on] = rows["value"].to_numpy()
    known = history.copy()
    for age in range(1, MAX_AGE + 1):
        gaps = np.isnan(history[:, age:])
        history[:, age:][gaps] = known[:, :-age][gaps]
    return history
