"""Tests of C4: are alliances hubs and spokes with a hierarchy, and who is the hub?

* against_chance: the mean over years of a statistic of the network minus its mean over rewired
  networks. Years are dependent, so the interval is the mean of the yearly intervals: it assumes
  that all years are one observation.
* yearly: a yearly series, or the difference of two, minus a value, averaged over the years of the
  window; interval by a block bootstrap of years. It measures variation over time, not sampling of
  states.

Series: spoke_density, hubness, bilateral_hub_share (of `metrics.alliance_network`), independence
and troops_per_capita (means over the hub's defence partners, `metrics.security_hierarchy`).

References: Cha 2016 (Powerplay); Lake 2009 (Hierarchy in International Relations); Politis and
Romano 1992 (circular block bootstrap).
"""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from transforms.metrics.asymmetry.group_means import group_means
from transforms.metrics.claims.estimate import Finding
from transforms.metrics.claims.resampling import mean_over_years

KEY = 131

Cell = Mapping[str, Any]


def against_chance(cells: Sequence[Cell], network_null: pl.DataFrame) -> list[Finding]:
    """Mean over years of observed minus expected by chance.

    Args:
        cells: hub, graph, statistic, window_from, window_to.
        network_null: `metrics.network_null`.

    Returns:
        One finding per cell; n is the number of years.
    """
    return [_excess(cell, network_null) for cell in cells]


def _excess(cell: Cell, network_null: pl.DataFrame) -> Finding:
    rows = network_null.filter(
        pl.col("ccode_hub") == cell["hub"],
        pl.col("graph") == cell["graph"],
        pl.col("statistic") == cell["statistic"],
        pl.col("year").is_between(cell["window_from"], cell["window_to"]),
        pl.col("observed").is_not_null(),
    ).sort("year")
    if rows.is_empty():
        return Finding(null_reason="unit_not_in_source")
    columns = ("observed", "null_mean", "null_low", "null_high")
    observed, expected, low, high = (float(rows[name].to_numpy().mean()) for name in columns)
    if high == low:
        return Finding(null_reason="no_variation")
    years = rows["year"].to_list()
    excess = observed - expected
    # the interval contains the excess, as the percentiles of the rewired mean contain that mean
    low, high = min(observed - high, excess), max(observed - low, excess)
    return Finding(excess, low, high, None, len(years), years[0], years[-1], rows["seed"][0])


def yearly_series(
    cells: Sequence[Cell], alliance_network: pl.DataFrame, security_hierarchy: pl.DataFrame
) -> list[Finding]:
    """Mean over years of a series, less another or a value.

    Args:
        cells: series, hub, graph, minus_hub and minus_graph (or "none"), less (a value),
            window_from, window_to.
        alliance_network: `metrics.alliance_network`.
        security_hierarchy: `metrics.security_hierarchy`.

    Returns:
        One finding per cell; n is the number of years.
    """
    return [_yearly(cell, alliance_network, security_hierarchy) for cell in cells]


def _yearly(cell: Cell, network: pl.DataFrame, hierarchy: pl.DataFrame) -> Finding:
    rows = _series(cell["series"], cell["hub"], cell["graph"], network, hierarchy)
    if cell.get("minus_hub", "none") != "none":
        graph = cell.get("minus_graph", cell["graph"])
        other = _series(cell["series"], cell["minus_hub"], graph, network, hierarchy)
        rows = rows.join(other, on="year", how="inner", suffix="_other").select(
            "year", value=pl.col("value") - pl.col("value_other")
        )
    rows = rows.filter(pl.col("year").is_between(cell["window_from"], cell["window_to"]))
    rows = rows.sort("year")
    if rows.is_empty():
        return Finding(null_reason="unit_not_in_source")
    years = rows["year"].to_list()
    values = rows["value"].to_numpy() - float(cell.get("less", 0.0))
    return mean_over_years(values, KEY, (years[0], years[-1]))


def _series(
    name: str, hub: int, graph: str, network: pl.DataFrame, hierarchy: pl.DataFrame
) -> pl.DataFrame:
    """Year and value, without the years that have none."""
    if name in {"independence", "troops_per_capita"}:
        column = "independence_index" if name == "independence" else name
        partners = hierarchy.filter(
            (pl.col("ccode_from") == hub)
            & pl.col("is_defense_partner")
            & ~pl.col("is_occupation_or_war").fill_null(False)
        )
        found = group_means(partners, ["year"], column, ["ccode_to"], "value")
    else:
        of_hub = network.filter(pl.col("ccode_hub") == hub, pl.col("graph") == graph)
        found = of_hub.select("year", value=name)
    return found.drop_nulls().sort("year")
