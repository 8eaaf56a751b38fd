"""`metrics.asymmetric_rise`, `metrics.asymmetric_rise_score`: the rise of asymmetry after 1945.

The estimate is the log odds ratio of being asymmetric (first to second by q or more), after 1945
against 1816-1944, ½ added to each count (Haldane 1956), over units of five kinds
(`transforms.metrics.asymmetry.asymmetry_units`). No rule on the leader's share: it falls by itself
as members are added.

Units of one leader repeat each other, whatever the treaty: the error is that of leaving out one
leader at a time (CV3), with t on the effective number of leaders − 1: sixty count as ten, since few
hold most alliance-years (`inference.cluster_jackknife`). The leader is the state with the most of
the variable in the unit's year; of a dyad, the larger state. In design `alliance_year_drawn`
leaders are drawn instead, 2,000 times, for comparison: percentiles. In `alliance_year_trend` the
estimate is the change of the share per decade.

Score of a leader, with no rise: Σ w·(d − d̄)·(y − ȳ), d after 1945, y asymmetric (for the trend, d
is time). Range of the estimate: any number; NULL where a period has no units (out_of_coverage) or
fewer than five leaders (n_below_min).

References: Bremer 1992 (JCR 36: 309-341); Gart and Zweifel 1967 (Biometrika 54: 181-187);
MacKinnon, Nielsen and Webb 2023 (J. Applied Econometrics 38: 671-694).
"""

from collections.abc import Iterator
from itertools import product

import numpy as np
import polars as pl

from transforms.contingency_tables import Floats
from transforms.inference.cluster_bootstrap import percentile_interval, two_sided_p
from transforms.inference.cluster_jackknife import Interval, jackknife
from transforms.metrics.asymmetry.asymmetry_grid import AT_LEAST, placed_in_periods
from transforms.metrics.asymmetry.asymmetry_units import UNITS, units
from transforms.metrics.asymmetry.capability_asymmetry import variable_values
from transforms.metrics.asymmetry.units_by_leader import Units, units_of, with_leaders
from transforms.metrics.claims.asymmetry_trend import BEFORE, KEY, PERIODS, log_odds_ratio
from transforms.metrics.claims.cell_tables import (
    Row,
    estimate_row,
    estimates_frame,
    of_all_alliances,
    score_rows,
    scores_frame,
)
from transforms.metrics.claims.resampling import MIN_CLUSTERS, cluster_draws
from transforms.step_result import StepResult

TABLE, SCORES = "metrics.asymmetric_rise", "metrics.asymmetric_rise_score"

CELL = {"design": pl.String, "variable": pl.String, "q": pl.Int16, "period": pl.String}
VARIABLES = ("cinc", "milex", "milper")
RATIOS = (2, 3, 5, 10)
DRAWN, TREND = "alliance_year_drawn", "alliance_year_trend"
ALL_YEARS = "1816-2018"
ORIGIN, DECADE = 1945, 10


def build_asymmetric_rise(
    *,
    capability_asymmetry: pl.DataFrame,
    alliance_members: pl.DataFrame,
    obligations: pl.DataFrame,
    capabilities: pl.DataFrame,
    gdp: pl.DataFrame,
) -> StepResult:
    """Estimates the rise over every unit, variable, ratio and period.

    Args:
        capability_asymmetry: `metrics.capability_asymmetry`.
        alliance_members: `core.alliance_members`.
        obligations: `core.obligations`.
        capabilities: `core.capabilities`.
        gdp: `core.gdp`.

    Returns:
        Estimates, one row per cell, and scores, one per cell and leader. Nothing is lost.
    """
    led = measured_units(
        capability_asymmetry=capability_asymmetry,
        alliance_members=alliance_members,
        obligations=obligations,
        capabilities=capabilities,
        gdp=gdp,
    )
    estimates: list[Row] = []
    scores: list[Row] = []
    for (unit, variable), rows in _by_unit(led):
        for cell, found, of_leader in cells_of(rows, unit, variable):
            estimates.append({**cell, **found})
            scores.extend(of_leader)
    return StepResult(
        {
            TABLE: estimates_frame(of_all_alliances(estimates), CELL),
            SCORES: scores_frame(of_all_alliances(scores), CELL),
        }
    )


def measured_units(
    *,
    capability_asymmetry: pl.DataFrame,
    alliance_members: pl.DataFrame,
    obligations: pl.DataFrame,
    capabilities: pl.DataFrame,
    gdp: pl.DataFrame,
) -> pl.DataFrame:
    """Units whose ratio is known, with their leaders; arguments as in `build_asymmetric_rise`."""
    counted = units(capability_asymmetry, alliance_members, obligations, capabilities, gdp)
    measured = placed_in_periods(counted).filter("is_measured", pl.col("variable").is_in(VARIABLES))
    return with_leaders(measured, capability_asymmetry, variable_values(capabilities, gdp))


def _by_unit(led: pl.DataFrame) -> Iterator[tuple[tuple[str, str], pl.DataFrame]]:
    for unit, variable in product(UNITS, VARIABLES):
        yield (
            (unit, variable),
            led.filter(pl.col("unit") == unit, pl.col("variable") == variable),
        )


def cells_of(rows: pl.DataFrame, unit: str, variable: str) -> Iterator[tuple[Row, Row, list[Row]]]:
    """Cells of one kind of unit and variable, with estimates and scores.

    Args:
        rows: Its measured units: ratio, weight, year, period, leader.
        unit: Kind of unit.
        variable: Variable of the ratio.
    """
    for period, (first, last) in PERIODS.items():
        inside = pl.col("year").is_between(*BEFORE) | pl.col("year").is_between(first, last)
        part = units_of(rows.filter(inside), first)
        for q in RATIOS:
            cell = {"design": unit, "variable": variable, "q": q, "period": period}
            found, of_leader = rise(part, q)
            yield cell, found, score_rows(cell, _names(part, of_leader), of_leader)
            if unit == "alliance_year":
                yield {**cell, "design": DRAWN}, rise_drawn(part, q), []
    if unit == "alliance_year":
        part = units_of(rows, ORIGIN + 1)
        for q in RATIOS:
            cell = {"design": TREND, "variable": variable, "q": q, "period": ALL_YEARS}
            found, of_leader = trend(part, q)
            yield cell, found, score_rows(cell, _names(part, of_leader), of_leader)


def _names(part: Units, scores: Floats) -> list[str]:
    return [f"leader {code}" for code in part.leaders.tolist()][: len(scores)]


def _sums(part: Units, q: float) -> Floats:
    """Leaders × (asymmetric after, all after, asymmetric before, all before)."""
    y = (part.ratio >= q * AT_LEAST).astype(np.float64)
    later, earlier = part.weight * part.after, part.weight * (1 - part.after)
    columns = (y * later, later, y * earlier, earlier)
    n = len(part.leaders)
    return np.stack([np.bincount(part.leader, c, n).astype(np.float64) for c in columns], axis=1)


def rise(part: Units, q: float) -> tuple[Row, Floats]:
    """Log odds ratio of one rule, with the scores of the leaders.

    Args:
        part: Units of both periods.
        q: Ratio from which a unit is asymmetric.

    Returns:
        Values of the cell, and a score per leader (none where there is no estimate).
    """
    sums = _sums(part, q)
    if reason := _why_not(part, sums):
        return {"n": len(part.year), "null_reason": reason}, np.zeros(0)
    total = sums.sum(axis=0)
    estimate = float(log_odds_ratio(*total))
    without = log_odds_ratio(*(total - sums).T)
    share, later = (total[0] + total[2]) / (total[1] + total[3]), total[1] / (total[1] + total[3])
    # Σ (d − d̄)(y − ȳ) over the rows of a leader, from its sums
    scores = (1 - later) * (sums[:, 0] - share * sums[:, 1]) - later * (
        sums[:, 2] - share * sums[:, 3]
    )
    return _found(part, estimate, without, scores, part.after - later)


def _why_not(part: Units, sums: Floats) -> str | None:
    if not len(part.year) or min(sums[:, 1].sum(), sums[:, 3].sum()) == 0:
        return "out_of_coverage"
    return "n_below_min" if len(part.leaders) < MIN_CLUSTERS else None


def _found(
    part: Units, estimate: float, without: Floats, scores: Floats, centred: Floats
) -> tuple[Row, Floats]:
    """Values and scores of a cell; neither where one leader alone has a period, or none matters."""
    n, n_clusters = len(part.year), len(part.leaders)
    loads = np.bincount(part.leader, (part.weight * centred) ** 2, n_clusters)
    found = jackknife(estimate, without, loads.astype(np.float64))
    if found is not None:
        return estimate_row(estimate, found, n, n_clusters, "cluster_jackknife"), scores
    reason = "no_variation" if np.isfinite(without).all() else "n_below_min"
    return {"n": n, "n_clusters": n_clusters, "null_reason": reason}, np.zeros(0)


def rise_drawn(part: Units, q: float) -> Row:
    """The same log odds ratio, with the interval of drawing leaders.

    Args:
        part: Units of both periods.
        q: Ratio from which a unit is asymmetric.
    """
    sums = _sums(part, q)
    n, n_clusters = len(part.year), len(part.leaders)
    if reason := _why_not(part, sums):
        return {"n": n, "null_reason": reason}
    drawn = np.einsum("dg,gk->dk", cluster_draws(n_clusters, KEY), sums)
    draws = log_odds_ratio(*drawn.T)
    known = draws[np.isfinite(draws)]
    low, high = percentile_interval(known)
    found = Interval(float(known.std(ddof=1)), low, high, two_sided_p(known))
    estimate = float(log_odds_ratio(*sums.sum(axis=0)))
    return estimate_row(estimate, found, n, n_clusters, "cluster_bootstrap")


def trend(part: Units, q: float) -> tuple[Row, Floats]:
    """Change of the share of asymmetric units per decade, least squares.

    Args:
        part: Units of all years.
        q: Ratio from which a unit is asymmetric.

    Returns:
        Values of the cell, and a score per leader (none where there is no estimate).
    """
    n_clusters = len(part.leaders)
    if n_clusters < MIN_CLUSTERS:
        return {"n": len(part.year), "null_reason": "n_below_min"}, np.zeros(0)
    y, x = (part.ratio >= q * AT_LEAST).astype(np.float64), (part.year - ORIGIN) / DECADE
    columns = [c * part.weight for c in (np.ones(len(y)), x, x * x, y, x * y)]
    sums = np.stack([np.bincount(part.leader, c, n_clusters) for c in columns], axis=1)
    total = sums.sum(axis=0)
    estimate = float(_slope(total[None])[0])
    without = _slope(total - sums)
    mean_x, mean_y = total[1] / total[0], total[3] / total[0]
    scores = sums[:, 4] - mean_x * sums[:, 3] - mean_y * sums[:, 1] + mean_x * mean_y * sums[:, 0]
    return _found(part, estimate, without, scores, x - mean_x)


def _slope(sums: Floats) -> Floats:
    n, x, xx, y, xy = sums.T
    return np.asarray((xy - x * y / n) / (xx - x * x / n))
