"""`metrics.burden_elasticity`, `metrics.burden_elasticity_score`: burdens by size of the economy.

ln b_ait = α_at + ε·ln GDP_it + u_ait over the members i of asymmetric alliances a in the years t in
which `metrics.burden_sharing` can be measured (five members or more, four fifths observed, every
major power among them). b is military expenditure by gross domestic product; a state that spends
nothing has no logarithm and is left out. ε > 0: of two members the larger bears more, by ε per cent
for each per cent of product (Olson and Zeckhauser 1966: the exploitation of the great).

States are the units, alliances are not: the alliances that can be measured share members. A year of
a state counts once, spread evenly over its alliances (weights), and clusters are states. Designs:
`within_alliance_year` as above (primary), `within_alliance` and `within_year` with those effects
alone, `without_leader` without the member of the largest product, and `later_minus_cold_war`: the
change of ε from 1960-1991 to 1992-2018.

Error: CR1 (`inference.two_way_effects`) with t on G* − 1 degrees of freedom, G* the effective
number of clusters (`inference.cluster_jackknife`): few states hold most of what varies, so that t
on G − 1 would be too narrow. Score of a state: Σ w·x̃·ỹ at ε = 0.

Range: any number. NULL: no row (unit_not_in_source), fewer than five states (n_below_min), or a
product that the effects explain (no_variation).

References: Olson and Zeckhauser 1966 (Review of Economics and Statistics 48: 266-279); Sandler and
Forbes 1980 (Economic Inquiry 18: 425-444); Carter, Schnepel and Steigerwald 2017 (Review of
Economics and Statistics 99: 698-709).
"""

from collections.abc import Iterable, Iterator
from itertools import product

import numpy as np
import polars as pl

from transforms.inference.cluster_jackknife import effective_clusters, t_interval
from transforms.inference.two_way_effects import TwoWayDesign
from transforms.metrics.alliances.alliance_years import member_years
from transforms.metrics.claims.asymmetry_trend import AT_LEAST, alliance_years
from transforms.metrics.claims.cell_tables import (
    Row,
    estimate_row,
    estimates_frame,
    of_all_alliances,
    score_rows,
    scores_frame,
)
from transforms.metrics.claims.resampling import MIN_CLUSTERS
from transforms.step_result import StepResult

TABLE, SCORES = "metrics.burden_elasticity", "metrics.burden_elasticity_score"

CELL = {"design": pl.String, "q": pl.Int16, "period": pl.String}
PERIODS = {"1960-1991": (1960, 1991), "1992-2018": (1992, 2018), "1960-2018": (1960, 2018)}
COLD_WAR_ENDS = 1991
EFFECTS = {
    "within_alliance_year": ("alliance_year", "one"),
    "within_alliance": ("atopid", "one"),
    "within_year": ("year", "one"),
    "without_leader": ("alliance_year", "one"),
}
CHANGE = "later_minus_cold_war"
RATIOS = (1, 3, 10)


def build_burden_elasticity(
    *,
    burden_sharing: pl.DataFrame,
    capability_asymmetry: pl.DataFrame,
    alliance_members: pl.DataFrame,
    military_expenditure: pl.DataFrame,
    gdp: pl.DataFrame,
) -> StepResult:
    """Estimates the elasticity of burdens.

    Args:
        burden_sharing: `metrics.burden_sharing`: which alliances and years can be measured.
        capability_asymmetry: `metrics.capability_asymmetry`: their ratio by CINC.
        alliance_members: `core.alliance_members`.
        military_expenditure: `core.military_expenditure`: ccode, year, milex_usd.
        gdp: `core.gdp`: ccode, year, gdp_usd.

    Returns:
        Estimates, one row per cell, and scores, one per cell and state. Nothing is lost.
    """
    members = members_with_burdens(
        burden_sharing, capability_asymmetry, alliance_members, military_expenditure, gdp
    )
    return estimates_of(cells_of(members))


def estimates_of(cells: Iterable[tuple[Row, pl.DataFrame]]) -> StepResult:
    """Both tables for some cells.

    Args:
        cells: Key of each without the leader, and the members that it rests on.
    """
    estimates: list[Row] = []
    scores: list[Row] = []
    for cell, rows in cells:
        found, of_state = elasticity(rows, str(cell["design"]))
        estimates.append({**cell, **found})
        scores += [{**cell, **row} for row in of_state]
    return StepResult(
        {
            TABLE: estimates_frame(of_all_alliances(estimates), CELL),
            SCORES: scores_frame(of_all_alliances(scores), CELL),
        }
    )


def members_with_burdens(
    burden_sharing: pl.DataFrame,
    capability_asymmetry: pl.DataFrame,
    alliance_members: pl.DataFrame,
    military_expenditure: pl.DataFrame,
    gdp: pl.DataFrame,
) -> pl.DataFrame:
    """Members of measured alliances by year; arguments as in `build_burden_elasticity`.

    Returns:
        atopid, year, ccode, ratio (of the alliance), log_product, log_burden, is_leader (the
        largest product).
    """
    ratios = alliance_years(capability_asymmetry, "cinc").select("atopid", "year", "ratio")
    measured = burden_sharing.drop_nulls("spearman_rho").join(
        ratios, on=["atopid", "year"], how="inner", validate="1:1"
    )
    spending = military_expenditure.select("ccode", "year", "milex_usd").drop_nulls()
    product_of = gdp.select("ccode", "year", "gdp_usd").drop_nulls()
    return (
        measured.select("atopid", "year", "ratio", "leader_ccode")
        .join(member_years(alliance_members), on=["atopid", "year"], how="inner", validate="1:m")
        .join(spending, on=["ccode", "year"], how="inner", validate="m:1")
        .join(product_of, on=["ccode", "year"], how="inner", validate="m:1")
        .filter((pl.col("milex_usd") > 0) & (pl.col("gdp_usd") > 0))
        .select(
            *("atopid", "year", "ccode", "ratio"),
            pl.col("gdp_usd").log().alias("log_product"),
            (pl.col("milex_usd") / pl.col("gdp_usd")).log().alias("log_burden"),
            (pl.col("ccode") == pl.col("leader_ccode")).alias("is_leader"),
        )
        .sort("atopid", "year", "ccode")
    )


def cells_of(members: pl.DataFrame) -> Iterator[tuple[Row, pl.DataFrame]]:
    """All cells with their members.

    Args:
        members: What `members_with_burdens` returns.
    """
    for q, (period, (first, last)) in product(RATIOS, PERIODS.items()):
        rows = members.filter(
            pl.col("ratio") >= q * AT_LEAST, pl.col("year").is_between(first, last)
        )
        both = first <= COLD_WAR_ENDS < last
        for design in [*EFFECTS, CHANGE] if both else EFFECTS:
            yield {"design": design, "q": q, "period": period}, rows


def elasticity(rows: pl.DataFrame, design: str) -> tuple[Row, list[Row]]:
    """The elasticity of one design, with the scores of the states.

    Args:
        rows: Members with burdens (`members_with_burdens`).
        design: A key of `EFFECTS`, or `later_minus_cold_war`.

    Returns:
        Values of the cell; cluster and score of each state, none where there is no estimate.
    """
    if design == "without_leader":
        rows = rows.filter(~pl.col("is_leader"))
    if rows.is_empty():
        return {"n": 0, "null_reason": "unit_not_in_source"}, []
    n, n_states = rows.height, rows["ccode"].n_unique()
    counts: Row = {"n": n, "n_clusters": n_states}
    if n_states < MIN_CLUSTERS:
        return {**counts, "null_reason": "n_below_min"}, []
    rows = rows.with_columns(
        (1 / pl.len().over("ccode", "year")).alias("weight"),
        (pl.col("atopid").cast(pl.Int64) * 10_000 + pl.col("year")).alias("alliance_year"),
        pl.lit(0).alias("one"),
    )
    log_product = rows["log_product"].to_numpy()
    later = (rows["year"] > COLD_WAR_ENDS).cast(pl.Float64).to_numpy()
    unit, period = EFFECTS.get(design, EFFECTS["within_alliance_year"])
    weights = rows["weight"].to_numpy()
    states = rows["ccode"].to_numpy()
    fitted = TwoWayDesign(
        regressor=log_product * later if design == CHANGE else log_product,
        weights=weights,
        unit=rows[unit].to_numpy(),
        period=rows[period].to_numpy(),
        cluster=states,
        controls=log_product[:, None] if design == CHANGE else None,
    )
    effect = fitted.effect(rows["log_burden"].to_numpy())
    if effect is None:
        return {**counts, "null_reason": "no_variation"}, []
    place = np.unique(states, return_inverse=True)[1]
    loads = np.bincount(place, (weights * fitted.regressor) ** 2).astype(np.float64)
    freedom = effective_clusters(loads) - 1
    if freedom < 1:
        return {**counts, "null_reason": "n_below_min"}, []
    found = t_interval(effect.estimate, effect.std_error, freedom)
    values = estimate_row(effect.estimate, found, n, n_states, "cluster_effective_t")
    names = (f"state {code}" for code in effect.clusters.tolist())
    return values, score_rows({}, names, effect.scores)
