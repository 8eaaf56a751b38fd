"""`metrics.asymmetry_grid`: asymmetric alliances under every rule and every unit of counting.

A unit is asymmetric where the first has at least q times the second's capability and, under a
leader-share rule, at least that share of the total. The count depends on both thresholds, on the
variable and on the unit, so all combinations are published:

* q ∈ {1, 2, 3, 5, 10}; 3 is primary, 10 overwhelming (Bremer 1992);
* leader share: none (primary), .5, .6, .667, .75, .8, .9;
* variables: cinc (primary), milex, milper, gdp;
* periods: 1816-1944, 1946-1991, from 1992. 1945 is in none;
* units: see `transforms.metrics.asymmetry.asymmetry_units`.

Only alliances in which a member promises defence or offence count, and only units of at least two
states. Where the second has 0, every ratio is exceeded: such a unit is asymmetric for every q
(`n_second_zero` says how many there are). Units that cannot be measured are not in n but in
n_unmeasured.

Ratios of alliances are those of `metrics.capability_asymmetry`, so that an alliance has one ratio
in the whole warehouse.

References: Bremer 1992 (JCR 36: 309-341); Morrow 1991 (AJPS 35: 904-933); Istomin and Baykov 2019.
"""

from itertools import product

import numpy as np
import polars as pl

from transforms.metrics.asymmetry.asymmetry_units import COHORT, UNITS, VARIABLES, units
from transforms.step_result import StepResult

TABLE = "metrics.asymmetry_grid"

RATIOS = (1, 2, 3, 5, 10)
LEADER_SHARES = {
    "none": 0.0,
    "0.5": 0.5,
    "0.6": 0.6,
    "0.667": 0.667,
    "0.75": 0.75,
    "0.8": 0.8,
    "0.9": 0.9,
}
PERIODS = {"1816-1944": (1816, 1944), "1946-1991": (1946, 1991), "from 1992": (1992, 9999)}
AT_LEAST = 1 - 1e-12  # a share of exactly 3/4 must not fail by its last digit
GROUP = ["unit", "variable", "period"]


def build_asymmetry_grid(
    *,
    capability_asymmetry: pl.DataFrame,
    alliance_members: pl.DataFrame,
    obligations: pl.DataFrame,
    capabilities: pl.DataFrame,
    gdp: pl.DataFrame,
) -> StepResult:
    """Counts asymmetric units under every rule.

    Args:
        capability_asymmetry: `metrics.capability_asymmetry`.
        alliance_members: `core.alliance_members`.
        obligations: `core.obligations`.
        capabilities: `core.capabilities`.
        gdp: `core.gdp`.

    Returns:
        One row per unit, variable, q, leader-share rule and period, all 2,100 of them: those
        without a measured unit have share NULL and a `null_reason` (out_of_coverage where the
        variable has no value in the period, capability_missing where its values are of others,
        unit_not_in_source where there is no such unit at all). Nothing is lost.
    """
    counted = units(capability_asymmetry, alliance_members, obligations, capabilities, gdp)
    placed = placed_in_periods(counted)
    cells = _cells(placed)
    return StepResult({TABLE: _count(placed, cells)})


def placed_in_periods(counted: pl.DataFrame) -> pl.DataFrame:
    """Assigns units to periods; units of no period are dropped."""
    period, formed = pl.lit(None, dtype=pl.String), pl.lit(None, dtype=pl.String)
    for name, (first, last) in PERIODS.items():
        within = pl.col("year").is_between(first, last)
        period = pl.when(within).then(pl.lit(name)).otherwise(period)
        # an alliance formed before the data begin counts from their first year on
        since = pl.col("formed_in").clip(lower_bound=PERIODS["1816-1944"][0])
        formed = pl.when(since.is_between(first, last)).then(pl.lit(name)).otherwise(formed)
    is_cohort = pl.col("unit") == COHORT
    # an alliance first measured after the period of its formation is unmeasured in that period
    in_time = ~is_cohort | (period == formed)
    return (
        counted.with_columns(
            pl.when(is_cohort).then(formed).otherwise(period).alias("period"),
            (pl.col("is_measured") & in_time.fill_null(False)).alias("is_measured"),
        )
        .drop_nulls("period")
        .sort(*GROUP, "key1", "key2", "year")
    )


def _cells(placed: pl.DataFrame) -> pl.DataFrame:
    """Every unit, variable and period with its number of units, measured or not."""
    names = (UNITS, VARIABLES, PERIODS)
    every = pl.DataFrame(list(product(*names)), schema=GROUP, orient="row")
    found = placed.group_by(GROUP).agg(
        pl.col("weight").filter("is_measured").sum().round().cast(pl.Int64).alias("n"),
        pl.col("weight").filter(~pl.col("is_measured")).sum().round().cast(pl.Int64).alias("rest"),
    )
    has_values = (pl.col("n") > 0).any().over("variable", "period")
    return (
        every.join(found, on=GROUP, how="left", validate="1:1")
        .with_columns(pl.col("n", "rest").fill_null(0))
        .with_columns(
            pl.when(pl.col("n") > 0)
            .then(None)
            .when(~has_values)
            .then(pl.lit("out_of_coverage"))
            .when(pl.col("rest") == 0)
            .then(pl.lit("unit_not_in_source"))
            .otherwise(pl.lit("capability_missing"))
            .alias("null_reason")
        )
        .rename({"rest": "n_unmeasured"})
        .with_row_index("cell")
    )


def _count(placed: pl.DataFrame, cells: pl.DataFrame) -> pl.DataFrame:
    """One block of rows per pair of thresholds."""
    measured = placed.filter("is_measured").join(
        cells.select(*GROUP, "cell"), on=GROUP, how="left", maintain_order="left"
    )
    cell, weight = measured["cell"].to_numpy(), measured["weight"].to_numpy()
    ratio, leader_share = measured["ratio"].to_numpy(), measured["leader_share"].to_numpy()

    def total(chosen: np.ndarray) -> pl.Series:
        # In the order of the sorted rows, so that parts add up to the same number every time.
        return pl.Series(np.bincount(cell, weights=weight * chosen, minlength=cells.height))

    n_second_zero = total(np.isinf(ratio))
    blocks = []
    for q, (rule, minimum) in product(RATIOS, LEADER_SHARES.items()):
        chosen = (ratio >= q * AT_LEAST) & (leader_share >= minimum * AT_LEAST)
        n_asymmetric = pl.col("n_asymmetric")
        blocks.append(
            cells.with_columns(
                pl.lit(q, dtype=pl.Int16).alias("q"),
                pl.lit(rule).alias("leader_share_rule"),
                n_second_zero.alias("n_second_zero"),
                total(chosen).alias("n_asymmetric"),
            ).with_columns(
                pl.when(pl.col("n") > 0)
                .then((n_asymmetric / pl.col("n")).clip(0.0, 1.0))
                .alias("share")
            )
        )
    return pl.concat(blocks).drop("cell")
