"""Members of the state system by year: vertices of networks and items of portfolios."""

from collections.abc import Mapping

import numpy as np
import polars as pl
from numpy.typing import NDArray

from transforms.coverage import Coverage, end_of_year

COVERED_BY = ("atop", "cow_states")
"""Sources whose coverage decides which years alliances are measured in."""


def covered_years(coverage: Mapping[str, Coverage], obligations: pl.DataFrame) -> range:
    """Years in which both the state system and the alliances are known.

    The list of states is carried forward, so the alliances alone decide the last year.

    Args:
        coverage: Of `atop` and `cow_states`.
        obligations: `core.obligations`.
    """
    first = max(coverage[name].first.year for name in COVERED_BY)
    latest = obligations.select(pl.col("year").max()).item()
    return range(first, coverage["atop"].end(end_of_year(latest)).year + 1)


def system_members(states: pl.DataFrame, years: range) -> pl.DataFrame:
    """Lists the members of the Correlates of War state system by year.

    Any-day rule: a state counts in a year in which it was a member on at least one day. In a
    year of succession a state and its successor both count (three Germanys in 1990).

    Args:
        states: `core.states` (ccode, region, valid_from, counts_to), one row per spell.
        years: Years to list (`covered_years`).

    Returns:
        year, ccode (Int16), region; one row per year and state, sorted so, for the years in
        which there are states.
    """
    of_spell = pl.int_ranges(
        pl.max_horizontal(pl.col("valid_from").dt.year(), years.start),
        pl.min_horizontal(pl.col("counts_to").dt.year(), years.stop - 1) + 1,
        dtype=pl.Int16,
    )
    return (
        states.select(pl.col("ccode").cast(pl.Int16), "region", of_spell.alias("year"))
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
