"""Tests of C1a: did asymmetric alliances become more frequent?

The estimate is the log odds ratio of being asymmetric, after 1945 against 1816-1944, each count
with ½ added (Haldane 1956). That is the logit of asymmetry on a dummy of the period.

* alliance_year: alliances in force, year by year; interval by drawing alliances, 2,000 times.
* formation_cohort: each alliance once, so exact counts: Fisher's p, and the logit interval.
* any other unit of `metrics.asymmetry_grid`: logit interval with counts scaled down to the number
  of alliances of the period, since a treaty's dyads and years repeat each other.
* alliance_year_trend: change of the share of asymmetric alliances per decade, least squares,
  drawing alliances.

References: Bremer 1992 (JCR 36: 309-341); Gart and Zweifel 1967 (Biometrika 54: 181-187).
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl
from scipy import stats

from transforms.contingency_tables import Floats
from transforms.metrics.claims.estimate import Z_95, Finding
from transforms.metrics.claims.resampling import MIN_CLUSTERS, cluster_draws, percentiles

BEFORE = (1816, 1944)
PERIODS = {"1946-1991": (1946, 1991), "from 1992": (1992, 9999), "from 1946": (1946, 9999)}
LEADER_SHARE_OF = {"none": 0.0}
AT_LEAST = 1 - 1e-12
KEY = 101

Cell = Mapping[str, Any]


def alliance_years(capability_asymmetry: pl.DataFrame, variable: str) -> pl.DataFrame:
    """Measured years of alliances with a defence or offence promise; an infinite ratio stays one.

    Args:
        capability_asymmetry: `metrics.capability_asymmetry`.
        variable: cinc, milex, milper or gdp.

    Returns:
        atopid, year, ratio, leader_share, leader_ccode.
    """
    ratio = pl.when("second_zero").then(float("inf")).otherwise("ratio_first_second")
    return (
        capability_asymmetry.filter(
            pl.col("variable") == variable,
            pl.col("has_defense_or_offense"),
            pl.col("null_reason").is_null(),
            pl.col("year") >= BEFORE[0],
        )
        .select("atopid", "year", "leader_share", "leader_ccode", ratio=ratio)
        .drop_nulls("ratio")
        .sort("atopid", "year")
    )


def log_odds_ratio(y1: Floats, n1: Floats, y0: Floats, n0: Floats) -> Floats:
    """log[(y1+½)(n0−y0+½) / ((n1−y1+½)(y0+½))]; NaN where a group is empty.

    Args:
        y1: Successes of the second group.
        n1: Its size.
        y0: Successes of the first group.
        n0: Its size.
    """
    found = np.log(y1 + 0.5) - np.log(n1 - y1 + 0.5) - np.log(y0 + 0.5) + np.log(n0 - y0 + 0.5)
    return np.where((n1 > 0) & (n0 > 0), found, np.nan)


def rise_by_alliance_year(
    cells: Sequence[Cell], capability_asymmetry: pl.DataFrame
) -> list[Finding]:
    """The contrast over alliance-years.

    Args:
        cells: variable, q, leader_share_rule, period.
        capability_asymmetry: `metrics.capability_asymmetry`.

    Returns:
        One finding per cell; n is the number of alliances.
    """
    found: dict[int, Finding] = {}
    for variable in dict.fromkeys(cell["variable"] for cell in cells):
        rows = alliance_years(capability_asymmetry, variable)
        if rows.is_empty():
            places = [i for i, c in enumerate(cells) if c["variable"] == variable]
            found |= dict.fromkeys(places, Finding(null_reason="capability_missing"))
            continue
        counts = _Counts(rows)
        for place, cell in enumerate(cells):
            if cell["variable"] == variable:
                found[place] = _contrast(cell, counts)
    return [found[place] for place in range(len(cells))]


def _is_asymmetric(rows: pl.DataFrame, cell: Cell) -> Floats:
    least = LEADER_SHARE_OF.get(str(cell["leader_share_rule"]))
    least = float(cell["leader_share_rule"]) if least is None else least
    ratio, leader_share = rows["ratio"].to_numpy(), rows["leader_share"].to_numpy()
    is_asymmetric = (ratio >= cell["q"] * AT_LEAST) & (leader_share >= least * AT_LEAST)
    return np.asarray(is_asymmetric, dtype=np.float64)


class _Counts:
    """Alliance-years of a span, and those that meet a rule: per alliance, and in every draw.

    Cells share most of their counts, so each count is cached.
    """

    def __init__(self, rows: pl.DataFrame) -> None:
        self.rows, self.year = rows, rows["year"].to_numpy()
        self.cluster = rows["atopid"].rank("dense").to_numpy().astype(np.int64) - 1
        self.draws = cluster_draws(int(self.cluster.max()) + 1, KEY)
        self.made: dict[tuple[Any, ...], tuple[Floats, Floats]] = {}

    def of(self, span: tuple[int, int], rule: Cell | None) -> tuple[Floats, Floats]:
        """Counts per alliance, and their sum in every draw; of all years without a rule."""
        key = (span, None if rule is None else (rule["q"], rule["leader_share_rule"]))
        if key not in self.made:
            inside = ((self.year >= span[0]) & (self.year <= span[1])).astype(np.float64)
            weights = inside if rule is None else inside * _is_asymmetric(self.rows, rule)
            counted = np.bincount(self.cluster, weights=weights, minlength=self.draws.shape[1])
            sums = counted.astype(np.float64)
            self.made[key] = sums, np.einsum("dc,c->d", self.draws, sums)
        return self.made[key]


def _contrast(cell: Cell, counts: _Counts) -> Finding:
    spans = (PERIODS[cell["period"]], BEFORE)
    parts = [counts.of(span, rule) for span in spans for rule in (cell, None)]
    sums, drawn = [part[0] for part in parts], [part[1] for part in parts]
    if min(sums[1].sum(), sums[3].sum()) == 0:
        return Finding(null_reason="out_of_coverage")
    n = int(((sums[1] + sums[3]) > 0).sum())
    if n < MIN_CLUSTERS:
        return Finding(null_reason="n_below_min")
    y1, n1, y0, n0 = (np.array(part.sum()) for part in sums)
    window = (int(counts.year.min()), int(counts.year.max()))
    return percentiles(
        float(log_odds_ratio(y1, n1, y0, n0)),
        log_odds_ratio(drawn[0], drawn[1], drawn[2], drawn[3]),
        n,
        window,
    )


def rise_by_unit(
    cells: Sequence[Cell], asymmetry_grid: pl.DataFrame, capability_asymmetry: pl.DataFrame
) -> list[Finding]:
    """The contrast over the other units, from their published counts.

    Args:
        cells: unit, variable, q, leader_share_rule, period.
        asymmetry_grid: `metrics.asymmetry_grid`.
        capability_asymmetry: `metrics.capability_asymmetry`, for the number of alliances.

    Returns:
        One finding per cell; n is the number of units, scaled down where they repeat alliances.
    """
    keys = ("unit", "variable", "q", "leader_share_rule", "period")
    counts = {
        tuple(str(v) for v in row[:5]): (row[5], row[6])
        for row in asymmetry_grid.select(*keys, "n_asymmetric", "n").iter_rows()
    }
    last = int(capability_asymmetry["year"].max() or 0)  # type: ignore[arg-type]
    alliances = {
        (variable, span): rows.filter(pl.col("year").is_between(*span))["atopid"].n_unique()
        for variable in dict.fromkeys(cell["variable"] for cell in cells)
        for rows in (alliance_years(capability_asymmetry, variable),)
        for span in (BEFORE, *PERIODS.values())
    }
    return [_from_counts(cell, counts, alliances, last) for cell in cells]


def _from_counts(
    cell: Cell,
    counts: Mapping[tuple[str, ...], tuple[float, int]],
    alliances: Mapping[tuple[str, tuple[int, int]], int],
    last: int,
) -> Finding:
    parts = ("1946-1991", "from 1992") if cell["period"] == "from 1946" else (cell["period"],)
    rule = (cell["unit"], cell["variable"], str(cell["q"]), str(cell["leader_share_rule"]))
    after = np.sum([counts.get((*rule, part), (0.0, 0)) for part in parts], axis=0)
    before = np.array(counts.get((*rule, "1816-1944"), (0.0, 0)), dtype=float)
    if min(after[1], before[1]) == 0:
        return Finding(null_reason="out_of_coverage")
    is_cohort = cell["unit"] == "formation_cohort"
    if not is_cohort:
        before = before * alliances[cell["variable"], BEFORE] / before[1]
        after = after * alliances[cell["variable"], PERIODS[cell["period"]]] / after[1]
    (y1, n1), (y0, n0) = after, before
    estimate = float(log_odds_ratio(*(np.array(v) for v in (y1, n1, y0, n0))))
    half = Z_95 * float(np.sqrt(sum(1 / (v + 0.5) for v in (y1, n1 - y1, y0, n0 - y0))))
    p_value = None
    if is_cohort:
        table = [[round(y1), round(n1 - y1)], [round(y0), round(n0 - y0)]]
        p_value = float(stats.fisher_exact(table).pvalue)
    n, first = round(n1 + n0), BEFORE[0]
    return Finding(estimate, estimate - half, estimate + half, p_value, n, first, last)


def decade_trend(cells: Sequence[Cell], capability_asymmetry: pl.DataFrame) -> list[Finding]:
    """Slope of asymmetry on time, per decade.

    Args:
        cells: variable, q, window_from, window_to.
        capability_asymmetry: `metrics.capability_asymmetry`.

    Returns:
        One finding per cell: change of the share per ten years; n is the number of alliances.
    """
    return [_trend(cell, alliance_years(capability_asymmetry, cell["variable"])) for cell in cells]


def _trend(cell: Cell, rows: pl.DataFrame) -> Finding:
    rows = rows.filter(pl.col("year").is_between(cell["window_from"], cell["window_to"]))
    if rows["atopid"].n_unique() < MIN_CLUSTERS:
        return Finding(null_reason="n_below_min" if rows.height else "out_of_coverage")
    y = _is_asymmetric(rows, {**cell, "leader_share_rule": "none"})
    decade = (rows["year"].to_numpy() - 1945) / 10
    cluster = rows["atopid"].rank("dense").to_numpy().astype(np.int64) - 1
    n_clusters = int(cluster.max()) + 1
    sums = np.stack(
        [
            np.bincount(cluster, weights=weights, minlength=n_clusters)
            for weights in (np.ones(len(y)), decade, decade**2, y, decade * y)
        ],
        axis=1,
    )
    draws = np.einsum("dc,ck->dk", cluster_draws(n_clusters, KEY + 1), sums)
    year = rows["year"].to_numpy()
    window = (int(year.min()), int(year.max()))
    estimate = float(_slope(sums.sum(axis=0)[None])[0])
    return percentiles(estimate, _slope(draws), n_clusters, window)


def _slope(sums: Floats) -> Floats:
    n, x, xx, y, xy = sums.T
    return np.asarray((xy - x * y / n) / (xx - x * x / n))
