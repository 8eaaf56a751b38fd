"""`metrics.alliance_network`: the network of defence promises by year, hub and spokes.

Vertices are the members of the state system on at least one day of the year; two are tied when
either promises the other defence (ATOP). Measures are defined in
`transforms.metrics.networks.centralization`.

| graph | vertices | ties |
|---|---|---|
| all | all members | any defence promise |
| bilateral | all members | promises in alliances of two members only |
| a region | members of the region, and the hub wherever it lies | as in `all` |

A regional graph has the hub in it because the spokes of a hub may all lie in another region:
among the partners of the United States the density is 1 in Europe and .36 in Asia-Pacific in
1955, which one global density hides. The bilateral graph distinguishes hubs from members of a large
treaty: the highest cores of `all` are the cliques of the OAS, the Arab League and ECOWAS.

Centralisation is computed over all vertices and (`_noniso`) over those with a tie; they differ
since states without a defence pact are many.

Null rules: a hub that was not in the system that year has no measures of its own, those of the
graph stand (`not_member`); otherwise a NULL means that there are too few vertices (3 for
centralisation), partners (2 for a density), promises or pacts (1 for a share): `n_below_min`.

References: Cha 2016 (Powerplay); Freeman 1979 (Social Networks 1: 215-239); Seidman 1983 (Social
Networks 5: 269-287); Leeds et al. 2002 (ATOP).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from transforms.contingency_tables import Floats
from transforms.core.states import REGIONS
from transforms.coverage import Coverage
from transforms.metrics.networks.adjacency import YearPledges, year_pledges
from transforms.metrics.networks.centralization import (
    Ties,
    betweenness_centralization,
    degree_centralization,
    density,
    largest_betweenness,
    ties_among,
    vertex_measures,
)
from transforms.step_result import StepResult

TABLE = "metrics.alliance_network"

HUBS = (2, 365, 200, 220, 710)
"""The United States, and as comparison Russia, the United Kingdom, France and China."""

GRAPHS = ("all", "bilateral", *REGIONS)

Row = dict[str, object]
Positions = NDArray[np.int64]


@dataclass(frozen=True)
class Network:
    """One graph with the measures that do not depend on a hub.

    Attributes:
        members: Positions of its vertices among the year's states, ascending.
        pledges: Promises, vertices × vertices.
        ties: The same, symmetric.
        between: Betweenness of each vertex.
        cores: Core number of each vertex.
        n_pacts: Bilateral alliances between its vertices.
        row: The columns that do not depend on the hub.
    """

    members: Positions
    pledges: Ties
    ties: Ties
    between: Floats
    cores: NDArray[np.int64]
    n_pacts: int
    row: Row


def build_alliance_network(
    *,
    obligations: pl.DataFrame,
    alliances: pl.DataFrame,
    states: pl.DataFrame,
    coverage: Mapping[str, Coverage],
) -> StepResult:
    """Measures the network of defence promises around each hub.

    Args:
        obligations: `core.obligations`; dyad-years outside the state system are left out.
        alliances: `core.alliances` (atopid, phase, is_bilateral).
        states: `core.states`.
        coverage: Of `atop` and `cow_states`.

    Returns:
        `metrics.alliance_network`, one row per (year, graph, ccode_hub), for all `GRAPHS` and
        `HUBS` in every year that both sources cover and in which there are states. Nothing is lost.

    Raises:
        ValueError: Obligations and states contradict each other.
    """
    years = year_pledges(obligations, alliances, states, coverage)
    rows = [row for year in years for row in measure_year(year)]
    return StepResult({TABLE: pl.DataFrame(rows, schema=_SCHEMA, orient="row")})


def measure_year(year: YearPledges) -> Iterator[Row]:
    """The rows of one year, graph by graph and hub by hub."""
    everyone = np.arange(len(year.ccodes))
    whole = {
        "all": _network(year, everyone, year.pledges),
        "bilateral": _network(year, everyone, year.bilateral),
    }
    for graph in GRAPHS:
        home = np.flatnonzero(year.regions == graph)
        at_home = None if graph in whole else _network(year, home, year.pledges)
        for ccode in HUBS:
            hub = np.flatnonzero(year.ccodes == ccode)
            if at_home is None:
                network = whole[graph]
            elif all(year.regions[hub] == graph):
                network = at_home
            else:
                network = _network(year, np.sort(np.append(home, hub)), year.pledges)
            yield {
                "year": year.year,
                "graph": graph,
                "ccode_hub": ccode,
                "is_hub_from_outside": at_home is not None and network is not at_home,
                **network.row,
                **_hub_row(year, network, hub),
            }


def _network(year: YearPledges, members: Positions, pledges: Ties) -> Network:
    """Cuts a graph out of a year and measures what does not depend on the hub."""
    square = np.ix_(members, members)
    pledges = pledges[square]
    ties = pledges | pledges.T
    degrees = ties.sum(axis=1).astype(np.int64)
    linked = degrees > 0
    between, cores = vertex_measures(ties)
    n_pledges = int(pledges.sum())
    n_pacts = int(year.pacts[square].sum()) // 2
    one_way = int((pledges & ~pledges.T).sum())
    row: Row = {
        "n_states": len(members),
        "n_states_noniso": int(linked.sum()),
        "n_ties": int(degrees.sum()) // 2,
        "n_pledges": n_pledges,
        "n_bilateral_pacts": n_pacts,
        "one_way_share": one_way / n_pledges if n_pledges else None,
        "degree_centralization": degree_centralization(degrees),
        "degree_centralization_noniso": degree_centralization(degrees[linked]),
        "betweenness_centralization": betweenness_centralization(between),
        "betweenness_centralization_noniso": betweenness_centralization(between[linked]),
        "k_core_max": int(cores.max()) if len(cores) else None,
    }
    return Network(members, pledges, ties, between, cores, n_pacts, row)


def _hub_row(year: YearPledges, network: Network, hub: Positions) -> Row:
    """The columns of a hub at its position in the year (empty if it was not in the system)."""
    if not len(hub):
        return {**dict.fromkeys(_HUB_COLUMNS), "null_reason": "not_member"}
    place = int(np.searchsorted(network.members, hub[0]))
    n = len(network.members)
    partners = np.flatnonzero(network.ties[place])
    promised, received = network.pledges[place], network.pledges[:, place]
    n_spoke_ties = ties_among(network.ties, partners)
    spoke_density = density(n_spoke_ties, len(partners))
    n_pacts = int(year.pacts[hub[0], network.members].sum())
    row: Row = {
        "degree_hub": len(partners),
        "betweenness_hub": (
            float(network.between[place]) / largest_betweenness(n) if n >= 3 else None
        ),
        "n_spoke_ties": n_spoke_ties,
        "spoke_density": spoke_density,
        "hubness": None if spoke_density is None else 1.0 - spoke_density,
        "k_core_hub": int(network.cores[place]),
        "n_bilateral_pacts_hub": n_pacts,
        "bilateral_hub_share": n_pacts / network.n_pacts if network.n_pacts else None,
        "n_one_way_from_hub": int((promised & ~received).sum()),
        "n_one_way_to_hub": int((received & ~promised).sum()),
    }
    is_short = any(value is None for value in (*row.values(), *network.row.values()))
    return row | {"null_reason": "n_below_min" if is_short else None}


_HUB_COLUMNS = {
    "degree_hub": pl.Int16,
    "betweenness_hub": pl.Float64,
    "n_spoke_ties": pl.Int32,
    "spoke_density": pl.Float64,
    "hubness": pl.Float64,
    "k_core_hub": pl.Int16,
    "n_bilateral_pacts_hub": pl.Int16,
    "bilateral_hub_share": pl.Float64,
    "n_one_way_from_hub": pl.Int16,
    "n_one_way_to_hub": pl.Int16,
}
_SCHEMA = {
    "year": pl.Int16,
    "graph": pl.String,
    "ccode_hub": pl.Int16,
    "is_hub_from_outside": pl.Boolean,
    "n_states": pl.Int16,
    "n_states_noniso": pl.Int16,
    "n_ties": pl.Int32,
    "n_pledges": pl.Int32,
    "n_bilateral_pacts": pl.Int16,
    "one_way_share": pl.Float64,
    "degree_centralization": pl.Float64,
    "degree_centralization_noniso": pl.Float64,
    "betweenness_centralization": pl.Float64,
    "betweenness_centralization_noniso": pl.Float64,
    "k_core_max": pl.Int16,
    **_HUB_COLUMNS,
    "null_reason": pl.String,
}
