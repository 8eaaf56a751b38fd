"""`metrics.network_null`: ties among a hub's partners compared with the configuration model.

Each graph of `metrics.alliance_network` is compared with `DRAWS` networks in which every state has
as many partners as observed, but random ones (`configuration_model`). In such a network the
partners of a state with many partners are often tied to each other, since they have many ties; a
hub with spokes is one whose partners are tied *less* than that.

| statistic | definition | hub and spokes |
|---|---|---|
| spoke_density | ties among the hub's partners / possible ones | less than by chance |
| hubness | 1 − spoke_density | greater |
| lone_spoke_share | partners tied to no other partner / partners | greater |
| transitivity | 3 × triangles / paths of two ties, whole graph | less |

p = (1 + draws at least as extreme) / (1 + DRAWS), one-sided in the direction of the table;
`p_value_opposite` in the other: partners tied more than by chance, as in a treaty of many.
Degrees are the same in every draw, so what follows from them alone (the hub's degree, degree
centralisation, its share of bilateral pacts) cannot vary and is not tested.

Isolates have nothing to rewire and are left out. Graphs with the same ties (consecutive years; a
region to which no hub has a tie from outside) are drawn once: the seed is a hash of the ties.
Graphs are distributed over chunks, whose number changes no figure. Counts are whole numbers, and
means and standard deviations (n − 1) come from exact sums.

Null rules: `not_member`, the hub was not in the system; `n_below_min`, fewer than two partners
or no path of two ties; `no_variation`, all draws have one value, so that there is no `z_score`
(a star, a clique: null and observed are the same, and p is 1).

References: Maslov and Sneppen 2002 (Science 296: 910-913); Cha 2016 (Powerplay); Watts and
Strogatz 1998 (Nature 393: 440-442) and Newman 2003 (SIAM Review 45: 167-256) on transitivity.
"""

import math
from collections.abc import Iterator, Mapping

import numpy as np
import polars as pl

from transforms.coverage import Coverage
from transforms.metrics.networks.adjacency import year_pledges
from transforms.metrics.networks.alliance_network import GRAPHS, HUBS
from transforms.metrics.networks.configuration_model import (
    Counts,
    as_one_draw,
    lone_spokes,
    rewire,
    spoke_ties,
    triangles,
)
from transforms.metrics.networks.graphs import Graph, graphs_of
from transforms.step_result import StepResult

TABLE = "metrics.network_null"
DRAWS = 1000

LESS, GREATER = "less", "greater"
STATISTICS = {
    "spoke_density": LESS,
    "hubness": GREATER,
    "lone_spoke_share": GREATER,
    "transitivity": LESS,
}
"""Statistic → direction in which hub and spokes differ from chance."""

_OF_GRAPH = 0
"""Value of the hub in the rows of a statistic of the whole graph."""

Row = dict[str, object]


def rewire_graphs(
    *,
    chunk: int,
    n_chunks: int,
    obligations: pl.DataFrame,
    alliances: pl.DataFrame,
    states: pl.DataFrame,
    coverage: Mapping[str, Coverage],
) -> pl.DataFrame:
    """Compares some of the graphs with chance: those of one chunk.

    Args:
        chunk: Which chunk, from 0.
        n_chunks: Of how many.
        obligations: `core.obligations`; dyad-years outside the state system are left out.
        alliances: `core.alliances` (atopid, phase, is_bilateral).
        states: `core.states`.
        coverage: Of `atop` and `cow_states`.

    Returns:
        One row per distinct graph, hub in it and statistic, sorted by seed.
    """
    graphs: dict[int, Graph] = {}
    for year in year_pledges(obligations, alliances, states, coverage):
        graphs |= {graph.seed: graph for _, _, graph in graphs_of(year)}
    # the large ones first, so that every chunk has its share of them
    in_order = sorted(graphs.values(), key=lambda g: (-len(g.ccodes), g.seed))
    rows = [row for graph in in_order[chunk::n_chunks] for row in compare(graph)]
    return pl.DataFrame(rows, schema=_CHUNK_SCHEMA).sort(_CHUNK_KEY)


def build_network_null(
    *,
    obligations: pl.DataFrame,
    alliances: pl.DataFrame,
    states: pl.DataFrame,
    coverage: Mapping[str, Coverage],
    chunks: pl.DataFrame,
) -> StepResult:
    """Lays out the comparisons by year, graph and hub.

    Args:
        obligations: `core.obligations`.
        alliances: `core.alliances`.
        states: `core.states`.
        coverage: Of `atop` and `cow_states`.
        chunks: What `rewire_graphs` made of all graphs.

    Returns:
        `metrics.network_null`, one row per (year, graph, ccode_hub, statistic), for the graphs,
        hubs and years of `metrics.alliance_network`. Nothing is lost.
    """
    rows: list[Row] = []
    for year in year_pledges(obligations, alliances, states, coverage):
        for name, ccode, graph in graphs_of(year):
            rows.append(
                {
                    "year": year.year,
                    "graph": name,
                    "ccode_hub": ccode,
                    "degree_hub": graph.degree(ccode),
                    "n_ties": int(graph.ties.sum()) // 2,
                    "seed": graph.seed,
                }
            )
    measured = pl.DataFrame(rows, schema=_PLACE_SCHEMA)
    years = pl.DataFrame({"year": measured["year"].unique().sort()})
    by_direction = pl.DataFrame(
        {"statistic": STATISTICS.keys(), "alternative": STATISTICS.values()}
    )
    every = (
        years.join(pl.DataFrame({"graph": GRAPHS}), how="cross")
        .join(pl.DataFrame({"ccode_hub": HUBS}, {"ccode_hub": pl.Int16}), how="cross")
        .join(by_direction, how="cross")
        .join(measured, on=["year", "graph", "ccode_hub"], how="left", validate="m:1")
    )
    whose = pl.when(statistic="transitivity").then(_OF_GRAPH).otherwise("ccode_hub")
    table = every.with_columns(whose.cast(pl.Int16).alias("whose")).join(
        chunks, left_on=["seed", "whose", "statistic"], right_on=_CHUNK_KEY, how="left"
    )
    is_missing = pl.col("observed").is_null()
    return StepResult(
        {
            TABLE: table.with_columns(
                pl.when(is_missing).then(0).otherwise(DRAWS).cast(pl.Int32).alias("n_draws"),
                pl.when(~is_missing).then("seed").alias("seed"),
                pl.when(pl.col("degree_hub").is_null())
                .then(pl.lit("not_member"))
                .when(is_missing)
                .then(pl.lit("n_below_min"))
                .when(pl.col("z_score").is_null())
                .then(pl.lit("no_variation"))
                .alias("null_reason"),
            )
            .select(_COLUMNS)
            .sort("year", "graph", "ccode_hub", "statistic")
        }
    )


def compare(graph: Graph) -> Iterator[Row]:
    """Rows of one graph: the statistics of every hub in it, and that of the graph."""
    degrees = graph.ties.sum(axis=0).astype(np.int64)
    hubs = [ccode for ccode in HUBS if graph.degree(ccode) >= 2]
    n_paths = int((degrees * (degrees - 1)).sum()) // 2
    if not hubs and not n_paths:
        return
    one, many = as_one_draw(graph.ties), rewire(graph.ties, DRAWS, graph.seed)
    base: Row = {"seed": graph.seed, "swaps_per_tie": many.swaps_per_tie}
    for ccode in hubs:
        place = int(np.searchsorted(graph.ccodes, ccode))
        degree = int(degrees[place])
        possible = degree * (degree - 1) // 2
        held, drawn = (spoke_ties(networks, place) for networks in (one, many))
        inverse = possible - held, possible - drawn
        yield base | {"ccode_hub": ccode} | _figures("spoke_density", held, drawn, possible)
        yield base | {"ccode_hub": ccode} | _figures("hubness", *inverse, possible)
        held, drawn = (lone_spokes(networks, place) for networks in (one, many))
        yield base | {"ccode_hub": ccode} | _figures("lone_spoke_share", held, drawn, degree)
    if n_paths:
        held, drawn = (3 * triangles(networks) for networks in (one, many))
        yield base | {"ccode_hub": _OF_GRAPH} | _figures("transitivity", held, drawn, n_paths)


def _figures(statistic: str, held: Counts, drawn: Counts, possible: int) -> Row:
    """One comparison; `held` and `drawn` are counts out of `possible`."""
    observed, n = int(held[0]), len(drawn)
    total, squares = int(drawn.sum()), int((drawn * drawn).sum())
    sd = math.sqrt((n * squares - total * total) / (n * (n - 1))) / possible
    mean = total / (n * possible)
    low, high = np.quantile(drawn, [0.025, 0.975]) / possible
    tails = {
        LESS: (1 + int((drawn <= observed).sum())) / (n + 1),
        GREATER: (1 + int((drawn >= observed).sum())) / (n + 1),
    }
    alternative = STATISTICS[statistic]
    return {
        "statistic": statistic,
        "observed": observed / possible,
        "null_mean": mean,
        "null_sd": sd,
        "null_low": float(low),
        "null_high": float(high),
        "z_score": (observed / possible - mean) / sd if sd else None,
        "p_value": tails[alternative],
        "p_value_opposite": tails[GREATER if alternative == LESS else LESS],
    }


_PLACE_SCHEMA = {
    "year": pl.Int16,
    "graph": pl.String,
    "ccode_hub": pl.Int16,
    "degree_hub": pl.Int16,
    "n_ties": pl.Int32,
    "seed": pl.Int64,
}
_FIGURES = ("observed", "null_mean", "null_sd", "null_low", "null_high", "z_score", "p_value",
            "p_value_opposite", "swaps_per_tie")  # fmt: skip
_CHUNK_SCHEMA = {
    "seed": pl.Int64,
    "ccode_hub": pl.Int16,
    "statistic": pl.String,
    **dict.fromkeys(_FIGURES, pl.Float64),
}
_CHUNK_KEY = ["seed", "ccode_hub", "statistic"]
_COLUMNS = ("year", "graph", "ccode_hub", "statistic", "alternative", "degree_hub", "n_ties",
            *_FIGURES, "n_draws", "seed", "null_reason")  # fmt: skip
