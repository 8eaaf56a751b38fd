"""Members of the state system by year: vertices of networks and items of portfolios."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from transforms.core.alliance_members import SOURCE_END

FIRST_YEAR = 1816
LAST_YEAR = SOURCE_END.year
"""Years in which both the state system and the alliances are known."""


def system_members(states: pl.DataFrame) -> pl.DataFrame:
    """Lists the members of the Correlates of War state system by year.

    Any-day rule: a state counts in a year in which it was a member on at least one day. In a
    year of succession a state and its successor both count (three Germanys in 1990).

    Args:
        states: `core.states` (ccode, region, valid_from, valid_to), one row per spell.

    Returns:
        year, ccode (Int16), region; one row per year and state, sorted so, for the years
        `FIRST_YEAR` to `LAST_YEAR` in which there are states.
    """
    years = pl.int_ranges(
        pl.max_horizontal(pl.col("valid_from").dt.year(), FIRST_YEAR),
        pl.min_horizontal(pl.col("valid_to").dt.year(), LAST_YEAR) + 1,
        dtype=pl.Int16,
    )
    return (
        states.select(pl.col("ccode").cast(pl.Int16), "region", years.alias("year"))
        .explode("year", empty_as_null=False)
        .unique(["year", "ccode"], keep="first", maintain_order=True)
        .select("year", "ccode", "region")
        .sort("year", "ccode")
    )


def positions(codes: pl.Series, ccodes: NDArray[np.int16], year: int) -> NDArray[np.int64]:
    """Finds states among the members of a year.

    Args:
        codes: COW codes.
        ccodes: Members of the state system in the year, ascending.
        year: The year, for the message.

    Returns:
        For each code its place in `ccodes`.

    Raises:
        ValueError: A code is no member's: obligations and states are not of one build.
    """
    wanted = codes.to_numpy()
    places = np.searchsorted(ccodes, wanted)
    known = np.append(ccodes, -1)[places] == wanted
    if not known.all():
        raise ValueError(
            f"core.obligations: {codes.name} {wanted[~known][0]} in {year} is marked as a member of"
            " the state system, but core.states does not have it then; build both anew from one"
            " state list"
        )
    return places
