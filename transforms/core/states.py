"""`core.states`: spells of membership in the state system, with other codes and regions.

The list has an end, and what it lists then does not end there. `counts_to` says until when a spell
counts; every other table and gate reads it, never `valid_to`, to ask who is a member.
"""

from collections.abc import Mapping

import polars as pl

from transforms.coverage import Coverage
from transforms.identity import dated_aliases
from transforms.step_result import StepResult

REGIONS = ("americas", "europe", "sub_saharan_africa", "middle_east_north_africa", "asia_pacific")
"""Regions by COW code: 2-199, 200-399, 400-599, 600-699, 700-999."""
_REGION_STARTS = (200, 400, 600, 700)


def build_states(
    *,
    stg_cow_states__spells: pl.DataFrame,
    state_aliases: pl.DataFrame,
    gw_codes: pl.DataFrame,
    region_exceptions: pl.DataFrame,
    coverage: Mapping[str, Coverage],
) -> StepResult:
    """Adds ISO 3166-1 and Gleditsch-Ward codes and the region to each spell of membership.

    Args:
        stg_cow_states__spells: One row per state and period.
        state_aliases: Reference; its scheme `iso3` is used.
        gw_codes: Reference; states whose Gleditsch-Ward number differs from COW's.
        region_exceptions: Reference; states outside the region of their number.
        coverage: Of `cow_states`. Spells that last to its end are carried forward to the day
            that it declares.

    Returns:
        `core.states`, one row per spell. `iso3` and `gwcode` are those in force on the spell's
        last day, so the Yugoslav spell that ended in 2006 has SCG and Serbia's has SRB.
        `counts_to` is `valid_to`, or the day to which the spell is carried forward.

    Raises:
        ValueError: A reference contradicts itself or names an unknown region.
    """
    latest = stg_cow_states__spells.select(pl.col("valid_to").max()).item()
    covered = coverage["cow_states"]
    at_end = pl.col("valid_to") >= covered.end(latest)
    spells = stg_cow_states__spells.with_columns(
        at_end.alias("is_in_system_at_source_end"),
        pl.when(at_end)
        .then(pl.max_horizontal("valid_to", pl.lit(covered.carried_to, dtype=pl.Date)))
        .otherwise("valid_to")
        .alias("counts_to"),
    )
    iso3 = dated_aliases(state_aliases, "iso3").rename({"code": "iso3"})
    gw = dated_aliases(
        gw_codes.with_columns(code=pl.col("gwcode"), scheme=pl.lit("gw")), "gw"
    ).select(pl.col("code").cast(pl.Int16).alias("gwcode"), "ccode", "valid_from", "valid_to")
    with_codes = _on_last_day(_on_last_day(spells, iso3, "iso3"), gw, "gwcode")
    with_region = with_codes.join(
        _exceptions(region_exceptions), on="ccode", how="left", validate="m:1"
    )
    states = with_region.select(
        "ccode",
        "state_abb",
        "state_name",
        "iso3",
        pl.coalesce("gwcode", "ccode").alias("gwcode"),
        pl.coalesce("region", region_of(pl.col("ccode"))).alias("region"),
        "valid_from",
        "valid_to",
        "is_in_system_at_source_end",
        "counts_to",
    )
    return StepResult({"core.states": states.sort("ccode", "valid_from")})


def region_of(ccode: pl.Expr) -> pl.Expr:
    """The region of a COW code, exceptions apart."""
    expr = pl.lit(REGIONS[0])
    for start, region in zip(_REGION_STARTS, REGIONS[1:], strict=True):
        expr = pl.when(ccode >= start).then(pl.lit(region)).otherwise(expr)
    return expr


def _on_last_day(spells: pl.DataFrame, codes: pl.DataFrame, name: str) -> pl.DataFrame:
    """Adds to each spell the code that is valid on its last day, the longest-lived of several."""
    valid = (
        spells.select("ccode", pl.col("valid_to").alias("_last"))
        .unique()
        .join(codes, on="ccode", how="inner")
        .filter(pl.col("_last").is_between("valid_from", "valid_to"))
        .sort("valid_to", name, descending=[True, False])
        .unique(["ccode", "_last"], keep="first", maintain_order=True)
        .select("ccode", "_last", name)
    )
    return spells.join(
        valid, left_on=["ccode", "valid_to"], right_on=["ccode", "_last"], how="left"
    )


def _exceptions(region_exceptions: pl.DataFrame) -> pl.DataFrame:
    if unknown := set(region_exceptions["region"]) - set(REGIONS):
        raise ValueError(f"region_exceptions.csv: {sorted(unknown)} are not among {REGIONS}")
    return region_exceptions.select(pl.col("ccode").cast(pl.Int16), "region")
