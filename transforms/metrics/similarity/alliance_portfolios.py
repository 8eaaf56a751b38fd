"""Alliance portfolios: ranked ties of each state to all states.

The rank v_ij of a tie (Chiba, Johnson and Leeds 2015) is the strongest promise in it:

| rank | promise of i to j |
|---|---|
| 3 | defence or offence |
| 2 | neutrality or consultation, no more |
| 1 | non-aggression only |
| 0 | none; also an ATOP alliance whose five promises are all absent (`unranked`) |

A state's portfolio is its row of ranks over all members of the system, itself (v_ii = 3) and
the other state of the dyad included. A tie counts for both states with the stronger of the two
promises, unless portfolios are directed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from transforms.contingency_tables import Floats
from transforms.core.obligations import owes
from transforms.coverage import Coverage
from transforms.metrics.system_members import covered_years, positions, system_members

DEFENSE_OR_OFFENSE, NEUTRALITY_OR_CONSULTATION, NONAGGRESSION, NO_TIE = 3, 2, 1, 0
N_RANKS = 4

Ranks = NDArray[np.int8]


@dataclass(frozen=True)
class YearPortfolios:
    """All portfolios of one year.

    Attributes:
        year: Calendar year.
        ccodes: Members of the state system on at least one day of the year, ascending.
        regions: Their regions.
        cinc: Their CINC; NaN where it is not known.
        ranks: States × states, 0 … 3; row i is the portfolio of state i.
        unranked: States × states; whether the two share an alliance and all of its ranks are 0.
    """

    year: int
    ccodes: NDArray[np.int16]
    regions: NDArray[np.str_]
    cinc: Floats
    ranks: Ranks
    unranked: NDArray[np.bool_]


def tie_ranks(obligations: pl.DataFrame) -> pl.DataFrame:
    """Ranks the promises of each directed dyad in a year, over all its alliances.

    Args:
        obligations: `core.obligations`; dyad-years outside the state system are left out.

    Returns:
        year, ccode_from, ccode_to, rank; one row per directed dyad-year with an alliance.
    """
    rank = (
        pl.when(owes("defense", "offense"))
        .then(DEFENSE_OR_OFFENSE)
        .when(owes("neutral", "consul"))
        .then(NEUTRALITY_OR_CONSULTATION)
        .when(owes("nonagg"))
        .then(NONAGGRESSION)
        .otherwise(NO_TIE)
    )
    return (
        obligations.filter("is_cow_dyad")
        .group_by("year", "ccode_from", "ccode_to")
        .agg(rank.max().cast(pl.Int8).alias("rank"))
        .sort("year", "ccode_from", "ccode_to")
    )


def year_portfolios(
    obligations: pl.DataFrame,
    states: pl.DataFrame,
    capabilities: pl.DataFrame,
    coverage: Mapping[str, Coverage],
    *,
    directed: bool = False,
) -> Iterator[YearPortfolios]:
    """Builds the portfolios of every year, whatever the order of the rows.

    Args:
        obligations: `core.obligations`.
        states: `core.states`.
        capabilities: `core.capabilities` (ccode, year, cinc).
        coverage: Of `atop` and `cow_states`.
        directed: Whether row i holds only what i promises; otherwise a tie has the stronger
            of both promises.

    Yields:
        Years, ascending.

    Raises:
        ValueError: Obligations and states contradict each other.
    """
    members = system_members(states, covered_years(coverage, obligations)).join(
        capabilities.select("ccode", "year", "cinc"),
        on=["ccode", "year"],
        how="left",
        validate="1:1",
        maintain_order="left",
    )
    ties = tie_ranks(obligations).partition_by("year", as_dict=True)
    none = pl.DataFrame(schema={"ccode_from": pl.Int16, "ccode_to": pl.Int16, "rank": pl.Int8})
    for (year,), present in members.partition_by("year", as_dict=True, maintain_order=True).items():
        ccodes = present["ccode"].to_numpy()
        ranks, allied = _matrices(ccodes, ties.get((year,), none), int(year), directed=directed)
        yield YearPortfolios(
            year=int(year),
            ccodes=ccodes,
            regions=present["region"].to_numpy().astype(np.str_),
            cinc=present["cinc"].cast(pl.Float64).fill_null(np.nan).to_numpy(),
            ranks=ranks,
            unranked=allied & (np.maximum(ranks, ranks.T) == NO_TIE),
        )


def _matrices(
    ccodes: NDArray[np.int16], ties: pl.DataFrame, year: int, *, directed: bool
) -> tuple[Ranks, NDArray[np.bool_]]:
    """Ranks, and whether two states share an alliance, states × states."""
    givers = positions(ties["ccode_from"], ccodes, year)
    takers = positions(ties["ccode_to"], ccodes, year)
    ranks = np.zeros((len(ccodes), len(ccodes)), np.int8)
    ranks[givers, takers] = ties["rank"].to_numpy()
    allied = np.zeros(ranks.shape, bool)
    allied[givers, takers] = True
    if not directed:
        ranks = np.maximum(ranks, ranks.T)
    np.fill_diagonal(ranks, DEFENSE_OR_OFFENSE)
    return ranks, allied | allied.T
