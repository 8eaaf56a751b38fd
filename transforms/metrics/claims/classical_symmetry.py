"""Tests of C1b and C1c: symmetry of classical alliances, and preponderance of the hegemon.

* Classical alliances: the median over alliances of log(ratio / 3), each alliance with the median
  of its years in the window; exact interval of order statistics, sign test against 3. One value
  per alliance, since a sign test needs independent signs.
* Preponderance: the share of partner-years in which the hegemon has at least q times the
  partner's capability, minus .8; interval for a share among clusters, which are partners.

References: Bremer 1992 (JCR 36: 309-341); Korn and Graubard 1998 (Survey Methodology 24:
193-201); Singer 1988 (International Interactions 14: 115-132).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl

from transforms.metrics.claims.asymmetry_trend import BEFORE, alliance_years
from transforms.metrics.claims.estimate import Finding
from transforms.metrics.claims.resampling import (
    MIN_CLUSTERS,
    median_against_zero,
    share_of_clusters,
)

RATIO = 3
EXPECTED_SHARE = 0.8

Cell = Mapping[str, Any]


def classical_ratio(cells: Sequence[Cell], capability_asymmetry: pl.DataFrame) -> list[Finding]:
    """Median log(ratio / 3) of the alliances of a window.

    Args:
        cells: variable, measure (ratio_first_second or ratio_leader_median), window_from,
            window_to.
        capability_asymmetry: `metrics.capability_asymmetry`.

    Returns:
        One finding per cell; n is the number of alliances.
    """
    return [_classical(cell, capability_asymmetry) for cell in cells]


def _classical(cell: Cell, capability_asymmetry: pl.DataFrame) -> Finding:
    first, last = cell["window_from"], cell["window_to"]
    if cell["measure"] == "ratio_first_second":
        rows = alliance_years(capability_asymmetry, cell["variable"])
    else:
        rows = capability_asymmetry.filter(
            pl.col("variable") == cell["variable"],
            pl.col("has_defense_or_offense"),
            pl.col("year") >= BEFORE[0],
        ).select("atopid", "year", ratio=cell["measure"])
        rows = rows.drop_nulls("ratio")
    per_alliance = (
        rows.filter(pl.col("year").is_between(first, last))
        .group_by("atopid")
        .agg(pl.col("ratio").median())
        .sort("atopid")
    )
    if per_alliance.is_empty():
        return Finding(null_reason="out_of_coverage")
    values = np.log(per_alliance["ratio"].to_numpy() / RATIO)
    names = [f"alliance {atopid}" for atopid in per_alliance["atopid"].to_list()]
    scores = dict(zip(names, np.sign(values).tolist(), strict=True))  # of a median, at 0
    return replace(median_against_zero(values, (first, last)), scores=scores)


def preponderance(
    cells: Sequence[Cell], ally_tier: pl.DataFrame, state_year: pl.DataFrame
) -> list[Finding]:
    """Share of partner-years with a ratio of at least q, minus .8.

    Args:
        cells: hegemon, tier, variable (a column of marts.state_year), q, window_from, window_to.
        ally_tier: `marts.ally_tier`.
        state_year: `marts.state_year`.

    Returns:
        One finding per cell; n is the number of partners.
    """
    return [_preponderance(cell, ally_tier, state_year) for cell in cells]


def _preponderance(cell: Cell, ally_tier: pl.DataFrame, state_year: pl.DataFrame) -> Finding:
    variable = cell["variable"]
    values = state_year.select("ccode", "year", pl.col(variable).alias("x")).drop_nulls()
    own = values.filter(pl.col("ccode") == cell["hegemon"]).select("year", hegemon="x")
    rows = (
        ally_tier.filter(
            pl.col("ccode_hegemon") == cell["hegemon"],
            pl.col(f"tier_{cell['tier']}"),
            pl.col("year").is_between(cell["window_from"], cell["window_to"]),
        )
        .select("ccode", "year")
        .join(values, on=["ccode", "year"], how="inner", validate="1:1")
        .join(own, on="year", how="inner", validate="m:1")
        .sort("ccode", "year")
    )
    n_partners = rows["ccode"].n_unique()
    if n_partners < MIN_CLUSTERS:
        return Finding(null_reason="n_below_min" if rows.height else "capability_missing")
    exceeds = (rows["hegemon"] >= cell["q"] * rows["x"]).to_numpy().astype(float)
    partner = rows["ccode"].rank("dense").to_numpy().astype(np.int64) - 1
    years = rows["year"].to_numpy()
    positive = np.bincount(partner, weights=exceeds).astype(np.float64)
    total = np.bincount(partner).astype(np.float64)
    found = share_of_clusters(positive, total, EXPECTED_SHARE, (int(years.min()), int(years.max())))
    names = [f"state {ccode}" for ccode in rows["ccode"].unique(maintain_order=True)]
    scores = (positive - EXPECTED_SHARE * total).tolist()  # of a share, at the value without effect
    return replace(found, scores=dict(zip(names, scores, strict=True)))
