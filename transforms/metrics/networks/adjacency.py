"""Defence promises as one adjacency matrix per year."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from transforms.core.obligations import owes
from transforms.coverage import Coverage
from transforms.metrics.networks.centralization import Ties
from transforms.metrics.system_members import covered_years, positions, system_members


@dataclass(frozen=True)
class YearPledges:
    """Defence promises of one year; matrices are promising state × partner.

    Attributes:
        year: Calendar year.
        ccodes: Members of the state system, ascending.
        regions: Their regions.
        pledges: Any promise.
        bilateral: Promises in alliances of two members.
        pacts: Number of bilateral alliances between two states in which either promises
            defence; symmetric.
    """

    year: int
    ccodes: NDArray[np.int16]
    regions: NDArray[np.str_]
    pledges: Ties
    bilateral: Ties
    pacts: NDArray[np.int64]


def year_pledges(
    obligations: pl.DataFrame,
    alliances: pl.DataFrame,
    states: pl.DataFrame,
    coverage: Mapping[str, Coverage],
) -> Iterator[YearPledges]:
    """Lays out the promises of defence of every year, whatever the order of the rows.

    Args:
        obligations: `core.obligations`; dyad-years outside the state system are left out.
        alliances: `core.alliances` (atopid, phase, is_bilateral).
        states: `core.states`.
        coverage: Of `atop` and `cow_states`.

    Yields:
        Years, ascending.

    Raises:
        ValueError: Obligations and states contradict each other.
    """
    promised = (
        obligations.filter(pl.col("is_cow_dyad") & owes("defense"))
        .join(
            alliances.select("atopid", "phase", "is_bilateral"),
            on=["atopid", "phase"],
            how="left",
            validate="m:1",
        )
        .sort("year", "atopid", "ccode_from", "ccode_to")
    )
    both = promised.filter("is_bilateral")
    tables = (promised, both, _either_way(both))
    by_year = [table.partition_by("year", as_dict=True) for table in tables]
    years = covered_years(coverage, obligations)
    members = system_members(states, years).partition_by("year", as_dict=True, maintain_order=True)
    for (key,), present in members.items():
        year, ccodes = int(key), present["ccode"].to_numpy()
        found = [rows.get((key,), both.clear()) for rows in by_year]
        pledges, bilateral, pacts = (_count(rows, ccodes, year) for rows in found)
        yield YearPledges(
            year=year,
            ccodes=ccodes,
            regions=present["region"].to_numpy().astype(np.str_),
            pledges=pledges > 0,
            bilateral=bilateral > 0,
            pacts=pacts,
        )


def _either_way(promised: pl.DataFrame) -> pl.DataFrame:
    """Each alliance of two states once in each direction, whichever of them promises."""
    ends = promised.select("year", "atopid", "ccode_from", "ccode_to")
    other = ends.select("year", "atopid", ccode_from="ccode_to", ccode_to="ccode_from")
    return pl.concat([ends, other]).unique(maintain_order=True)


def _count(rows: pl.DataFrame, ccodes: NDArray[np.int16], year: int) -> NDArray[np.int64]:
    """Number of rows per promising state and partner."""
    givers = positions(rows["ccode_from"], ccodes, year)
    takers = positions(rows["ccode_to"], ccodes, year)
    counts = np.zeros((len(ccodes), len(ccodes)), np.int64)
    np.add.at(counts, (givers, takers), 1)
    return counts
