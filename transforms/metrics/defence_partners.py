"""Defence partners of every state in a year, and which of them a leading state does not share."""

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from transforms.core.obligations import owes

_TIES = {
    "ccode_from": pl.Int16(),
    "ccode_to": pl.Int16(),
    "year": pl.Int16(),
    "is_defense_partner": pl.Boolean(),
    "n_independent_alliances": pl.Int16(),
}


def defence_partners(
    obligations: pl.DataFrame, years: Sequence[int], leaders: tuple[int, ...]
) -> pl.DataFrame:
    """Counts partners by year, from the view of each leading state.

    Args:
        obligations: `core.obligations`: ccode_from, ccode_to, year, defense, not_owed,
            is_cow_dyad.
        years: Years to count.
        leaders: COW codes of the leading states.

    Returns:
        ccode_from (the leading state), ccode_to, year, is_defense_partner (either promises the
        other defence on at least one day of the year) and n_independent_alliances: states that
        ccode_to has as partners and the leading state has not. Only states with ties.
    """
    pledges = obligations.filter(pl.col("is_cow_dyad") & owes("defense"))
    by_year = {year: frame for (year,), frame in pledges.group_by("year")}
    blocks = [_partners(by_year.get(year, pledges.clear()), year, leaders) for year in years]
    return pl.concat([pl.DataFrame(schema=_TIES), *blocks])


def _partners(pledges: pl.DataFrame, year: int, leaders: tuple[int, ...]) -> pl.DataFrame:
    """Partners in one year, from the view of each leading state; only states with ties."""
    ends = [pledges["ccode_from"].to_numpy(), pledges["ccode_to"].to_numpy()]
    codes = np.unique(np.concatenate([*ends, np.array(leaders, np.int16)]))
    tie: NDArray[np.bool_] = np.zeros((len(codes), len(codes)), np.bool_)
    first, second = (np.searchsorted(codes, end) for end in ends)
    tie[first, second] = tie[second, first] = True
    blocks = []
    for leader in leaders:
        row = int(np.searchsorted(codes, leader))
        not_shared = ~tie[row]
        not_shared[row] = False
        block = {
            "ccode_to": codes,
            "is_defense_partner": tie[row],
            "n_independent_alliances": (tie & not_shared).sum(axis=1).astype(np.int16),
        }
        blocks.append(pl.DataFrame(block).with_columns(pl.lit(leader).alias("ccode_from")))
    return pl.concat(blocks).select(
        pl.col("ccode_from").cast(pl.Int16),
        pl.col("ccode_to").cast(pl.Int16),
        pl.lit(year, dtype=pl.Int16).alias("year"),
        "is_defense_partner",
        "n_independent_alliances",
    )
