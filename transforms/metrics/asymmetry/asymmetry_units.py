"""The five units that `metrics.asymmetry_grid` counts.

================  ==============================================  ==============================
unit              what one is                                     ratio and leader share
================  ==============================================  ==============================
alliance_year     an alliance in a year                           metrics.capability_asymmetry
formation_cohort  an alliance once, at its first measured year    the same, of that year
dyad_year         two states, one of which promises the other     the larger value by the smaller
                  defence or offence in the year
leader_specific   the leader of an alliance and one partner, in   the leader's value by the
                  a year                                          partner's
state_weighted    a state in a year, spread evenly over its       that of each alliance
                  measured alliances
================  ==============================================  ==============================

Several treaties between the same two states make one dyad-year. A long-lived alliance is many
alliance-years and one cohort; a large one is one alliance-year and many dyads and states.
"""

import polars as pl

from transforms.core.obligations import owes
from transforms.metrics.alliances.alliance_years import member_years
from transforms.metrics.asymmetry.capability_asymmetry import variable_values

COHORT = "formation_cohort"
UNITS = ("alliance_year", COHORT, "dyad_year", "leader_specific", "state_weighted")
VARIABLES = ("cinc", "milex", "milper", "gdp")

SCHEMA = {
    "unit": pl.String,
    "variable": pl.String,
    "key1": pl.Int32,
    "key2": pl.Int32,
    "year": pl.Int16,
    "formed_in": pl.Int16,
    "weight": pl.Float64,
    "ratio": pl.Float64,
    "leader_share": pl.Float64,
    "is_measured": pl.Boolean,
}


def units(
    capability_asymmetry: pl.DataFrame,
    alliance_members: pl.DataFrame,
    obligations: pl.DataFrame,
    capabilities: pl.DataFrame,
    gdp: pl.DataFrame,
) -> pl.DataFrame:
    """All units of all kinds, measured or not.

    Args:
        capability_asymmetry: `metrics.capability_asymmetry`.
        alliance_members: `core.alliance_members`.
        obligations: `core.obligations`.
        capabilities: `core.capabilities`.
        gdp: `core.gdp`.

    Returns:
        `SCHEMA`: unit, variable, key1 and key2 (alliance, or states), year, formed_in (first
        year of an alliance as a defence or offence pact; only for cohorts), weight (1, or a
        state's part), ratio (infinite where the second has 0) and leader_share (both NULL
        where not measured), is_measured.
    """
    pacts = _pacts(capability_asymmetry)
    members = member_years(alliance_members).select("atopid", "year", "ccode")
    values = variable_values(capabilities, gdp)
    kinds = {
        "alliance_year": _alliance_years(pacts),
        COHORT: _cohorts(pacts),
        "dyad_year": _dyad_years(obligations, values),
        "leader_specific": _leader_dyads(pacts, members, values),
        "state_weighted": _state_years(pacts, members),
    }
    optional = {"formed_in": pl.lit(None, dtype=pl.Int16), "weight": pl.lit(1.0)}
    frames = [
        frame.with_columns(
            pl.lit(name).alias("unit"),
            pl.col("ratio").is_not_null().alias("is_measured"),
            *(e.alias(c) for c, e in optional.items() if c not in frame.columns),
        )
        .select(SCHEMA.keys())
        .cast(pl.Schema(SCHEMA))
        for name, frame in kinds.items()
    ]
    return pl.concat(frames)


def _pacts(capability_asymmetry: pl.DataFrame) -> pl.DataFrame:
    """Years of alliances of two or more with a promise of defence or offence."""
    ratio = pl.when("second_zero").then(float("inf")).otherwise("ratio_first_second")
    return capability_asymmetry.filter(
        pl.col("has_defense_or_offense") & (pl.col("n_members") > 1)
    ).select("atopid", "year", "variable", "leader_ccode", ratio.alias("ratio"), "leader_share")


def _alliance_years(pacts: pl.DataFrame) -> pl.DataFrame:
    return pacts.select(
        *("variable", "year", "ratio", "leader_share"),
        key1="atopid",
        key2=pl.lit(0),
    )


def _cohorts(pacts: pl.DataFrame) -> pl.DataFrame:
    by_measured_first = pl.col("ratio").is_null()
    return (
        _alliance_years(pacts)
        .with_columns(pl.col("year").min().over("key1").alias("formed_in"))
        .sort("key1", "variable", by_measured_first, "year")
        .unique(["key1", "variable"], keep="first", maintain_order=True)
    )


def _dyad_years(obligations: pl.DataFrame, values: pl.DataFrame) -> pl.DataFrame:
    pairs = (
        obligations.filter(pl.col("is_cow_dyad") & owes("defense", "offense"))
        .select(
            pl.min_horizontal("ccode_from", "ccode_to").alias("key1"),
            pl.max_horizontal("ccode_from", "ccode_to").alias("key2"),
            "year",
        )
        .unique()
    )
    both = _two_values(pairs, values)
    first, second = pl.max_horizontal("x1", "x2"), pl.min_horizontal("x1", "x2")
    return _compare(both, first, second)


def _leader_dyads(pacts: pl.DataFrame, members: pl.DataFrame, values: pl.DataFrame) -> pl.DataFrame:
    """An alliance that has no leader (not measured) has no such dyads."""
    pairs = (
        pacts.drop_nulls("leader_ccode")
        .join(members, on=["atopid", "year"], how="inner")
        .filter(pl.col("ccode") != pl.col("leader_ccode"))
        .select("variable", "year", key1="leader_ccode", key2="ccode")
        .unique()
    )
    both = _two_values(pairs, values)
    return _compare(both, pl.col("x1"), pl.col("x2"))


def _state_years(pacts: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    """A state's alliances share its weight; unmeasured ones only where it has no others."""
    state_year = ["ccode", "year", "variable"]
    measured = pl.col("ratio").is_not_null()
    joined = pacts.join(members, on=["atopid", "year"], how="inner").with_columns(
        n_measured=measured.sum().over(state_year), n_all=pl.len().over(state_year)
    )
    counts = measured | (pl.col("n_measured") == 0)
    shared_by = pl.when(pl.col("n_measured") > 0).then("n_measured").otherwise("n_all")
    return joined.filter(counts).select(
        *("variable", "year", "ratio", "leader_share"),
        key1="ccode",
        key2="atopid",
        weight=1.0 / shared_by,
    )


def _two_values(pairs: pl.DataFrame, values: pl.DataFrame) -> pl.DataFrame:
    """Both states' values, x1 and x2, of every variable (or of the pair's own)."""
    if "variable" not in pairs.columns:
        pairs = pairs.join(pl.DataFrame({"variable": VARIABLES}), how="cross")
    on = ["year", "variable"]
    for number in ("1", "2"):
        own = values.rename({"ccode": f"key{number}", "x": f"x{number}"})
        pairs = pairs.join(own, on=[f"key{number}", *on], how="left", validate="m:1")
    return pairs


def _compare(pairs: pl.DataFrame, first: pl.Expr, second: pl.Expr) -> pl.DataFrame:
    """Ratio and leader share of two values; NULL where one is not known or both are 0."""
    known = pl.col("x1").is_not_null() & pl.col("x2").is_not_null() & (first + second > 0)
    ratio = pl.when(second == 0).then(float("inf")).otherwise(first / second)
    return pairs.select(
        *("variable", "year", "key1", "key2"),
        pl.when(known).then(ratio).alias("ratio"),
        pl.when(known).then(first / (first + second)).alias("leader_share"),
    )
