"""`metrics.capability_asymmetry`: asymmetry of alliances by year and variable.

Members: a member counts in a year in which its obligations were in force on at least one
day. In a year of succession both a state and its successor may count (the two Germanys in
NATO, 1990); `has_successor_pair` says so.

Variables: `cinc` (primary), `milex`, `milper` (National Material Capabilities) and `gdp`
(current US dollars). Zero is a value, not a gap: Iceland spends nothing on its military.

Rules, in this order, each with its `null_reason`:

1. one member: no measure (`single_member`);
2. a year outside the variable's source: none (`out_of_coverage`);
3. fewer than 80 % of the members observed, or a major power among those that are not: none
   (`capability_missing`); above that, the measures are those of the observed members;
4. all observed members at zero: none (`no_variation`).

The leader is the member with the largest value; of equals the one with the higher military
expenditure, then the one with the lower code (`leader_tie`).

Classes: asymmetric where the first has at least 3 times the second, overwhelming from 10 times
(Bremer 1992); by status where exactly one member is a major power (Morrow 1991). The leader's
share defines no class: it falls mechanically as members are added.

References: Morrow 1991 (AJPS 35: 904-933); Bremer 1992 (JCR 36: 309-341); Bennett 1997 (AJPS 41:
846-878); Singer 1988 and National Material Capabilities; formulas in
`transforms.metrics.asymmetry.inequality`.
"""

import numpy as np
import polars as pl

from transforms.core.major_powers import major_power_years
from transforms.metrics.alliances.alliance_years import alliance_years, member_years
from transforms.metrics.asymmetry.inequality import MEASURES, group_measures
from transforms.step_result import StepResult

TABLE = "metrics.capability_asymmetry"

NMC_VARIABLES = {"cinc": "cinc", "milex": "milex_thousand", "milper": "milper_thousand"}
OBSERVED_IN_FIVE = 4  # at least four of five members, in whole numbers
ASYMMETRIC_RATIO = 3.0
OVERWHELMING_RATIO = 10.0
GROUP = ["atopid", "year", "variable"]


def build_capability_asymmetry(
    *,
    alliance_members: pl.DataFrame,
    capabilities: pl.DataFrame,
    gdp: pl.DataFrame,
    major_powers: pl.DataFrame,
    states: pl.DataFrame,
) -> StepResult:
    """Measures every alliance in every year of its life.

    Args:
        alliance_members: `core.alliance_members`: atopid, ccode, year_from, year_to and the
            promises defense, offense, neutral, consul, nonagg.
        capabilities: `core.capabilities`.
        gdp: `core.gdp`.
        major_powers: `core.major_powers`.
        states: `core.states`, for successions within a year.

    Returns:
        One row per alliance, year and variable, measured or with its `null_reason`. Nothing
        is lost.
    """
    members = member_years(alliance_members)
    alliances = alliance_years(members, major_powers, states)
    values = variable_values(capabilities, gdp)
    observed = _observe(members, values, major_powers, capabilities)
    groups = _judge(_group(observed), alliances, values)
    measured = _measure(observed, groups.filter(pl.col("null_reason").is_null()))
    return StepResult({TABLE: _classify(groups.join(measured, on=GROUP, how="left"))})


def variable_values(capabilities: pl.DataFrame, gdp: pl.DataFrame) -> pl.DataFrame:
    """All variables in one long table.

    Args:
        capabilities: `core.capabilities`.
        gdp: `core.gdp`.

    Returns:
        ccode, year, variable, x: one row per value that is not NULL.
    """
    nmc = [
        capabilities.select("ccode", "year", pl.lit(name).alias("variable"), x=pl.col(column))
        for name, column in NMC_VARIABLES.items()
    ]
    dollars = gdp.select("ccode", "year", pl.lit("gdp").alias("variable"), x=pl.col("gdp_usd"))
    return pl.concat([*nmc, dollars]).drop_nulls("x")


def _observe(
    members: pl.DataFrame,
    values: pl.DataFrame,
    major_powers: pl.DataFrame,
    capabilities: pl.DataFrame,
) -> pl.DataFrame:
    """Members × variables with their value, from largest to smallest, leader first."""
    variables = pl.DataFrame({"variable": [*NMC_VARIABLES, "gdp"]})
    majors = major_power_years(major_powers).select("ccode", "year", is_major=pl.lit(True))
    milex = capabilities.select("ccode", "year", tie_breaker="milex_thousand")
    return (
        members.select("atopid", "year", "ccode")
        .join(variables, how="cross")
        .join(values, on=["ccode", "year", "variable"], how="left", validate="m:1")
        .join(majors, on=["ccode", "year"], how="left", validate="m:1")
        .join(milex, on=["ccode", "year"], how="left", validate="m:1")
        .sort(
            *GROUP,
            "x",
            "tie_breaker",
            "ccode",
            descending=[False, False, False, True, True, False],
            nulls_last=True,
        )
    )


def _group(observed: pl.DataFrame) -> pl.DataFrame:
    x = pl.col("x")
    return observed.group_by(GROUP, maintain_order=True).agg(
        x.count().cast(pl.Int16).alias("n_observed"),
        (pl.col("is_major").fill_null(False) & x.is_null()).any().alias("lacks_major"),
        x.sum().alias("total"),
        pl.col("ccode").first().alias("leader_ccode"),
        ((x == x.max()).sum() > 1).alias("leader_tie"),
        (x.sort(descending=True, nulls_last=True).slice(1, 1).first() == 0).alias("second_zero"),
    )


def _judge(groups: pl.DataFrame, alliances: pl.DataFrame, values: pl.DataFrame) -> pl.DataFrame:
    """Adds the alliance-year and the null reason where nothing is measured."""
    coverage = values.group_by("variable").agg(
        pl.col("year").min().alias("first_year"), pl.col("year").max().alias("last_year")
    )
    too_few = 5 * pl.col("n_observed").cast(pl.Int32) < OBSERVED_IN_FIVE * pl.col("n_members")
    covered = pl.col("year").is_between("first_year", "last_year").fill_null(False)
    reason = (
        pl.when(pl.col("n_members") == 1)
        .then(pl.lit("single_member"))
        .when(~covered)
        .then(pl.lit("out_of_coverage"))
        .when(too_few | pl.col("lacks_major"))
        .then(pl.lit("capability_missing"))
        .when(pl.col("total") == 0)
        .then(pl.lit("no_variation"))
    )
    return (
        groups.join(alliances, on=["atopid", "year"], how="left", validate="m:1")
        .join(coverage, on="variable", how="left", validate="m:1")
        .with_columns(reason.alias("null_reason"))
    )


def _measure(observed: pl.DataFrame, groups: pl.DataFrame) -> pl.DataFrame:
    """Measures all groups at once, each a row of one matrix."""
    rows = groups.select(GROUP).with_row_index("row")
    cells = (
        observed.drop_nulls("x")
        .join(rows, on=GROUP, how="inner", validate="m:1")
        .with_columns(pl.int_range(pl.len()).over("row").alias("place"))
    )
    width = 1 + int(cells.select(pl.col("place").max()).item() or 0)
    matrix = np.full((rows.height, width), np.nan)
    matrix[cells["row"].to_numpy(), cells["place"].to_numpy()] = cells["x"].to_numpy()
    measures = pl.DataFrame(group_measures(matrix)) if rows.height else _no_measures()
    return pl.concat([rows.select(GROUP), measures.fill_nan(None)], how="horizontal")


def _no_measures() -> pl.DataFrame:
    return pl.DataFrame(schema=dict.fromkeys(MEASURES, pl.Float64))


def _classify(groups: pl.DataFrame) -> pl.DataFrame:
    measured = pl.col("null_reason").is_null()
    ratio = pl.col("ratio_first_second")
    return groups.select(
        *GROUP,
        "n_members",
        "n_observed",
        "atop_class",
        "has_defense_or_offense",
        *(pl.when(measured).then(c) for c in ("leader_ccode", "leader_tie")),
        *MEASURES,
        pl.when(measured).then("second_zero"),
        (ratio >= ASYMMETRIC_RATIO).alias("is_asymmetric"),
        (ratio >= OVERWHELMING_RATIO).alias("is_overwhelming"),
        "n_major_powers",
        pl.when(pl.col("n_members") > 1)
        .then(pl.col("n_major_powers") == 1)
        .alias("is_status_asymmetric"),
        "is_major_carried_forward",
        "has_successor_pair",
        "null_reason",
    ).sort(GROUP)
