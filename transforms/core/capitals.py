"""`core.capitals`: capitals of states, dated; and great-circle distances between them."""

from collections.abc import Mapping
from datetime import date

import polars as pl

from transforms.core.known_states import split_unknown_codes
from transforms.coverage import Coverage
from transforms.step_result import StepResult, count_losses

TABLE = "core.capitals"
FROM = "staging.stg_cow_capitals__capitals"

EARTH_RADIUS_KM = 6371.0088
"""Mean radius (IUGG)."""


def build_capitals(
    *, capitals: pl.DataFrame, states: pl.DataFrame, coverage: Mapping[str, Coverage]
) -> StepResult:
    """Tells which capitals were still capitals when the list ended.

    Args:
        capitals: `staging.stg_cow_capitals__capitals`.
        states: `core.states`.
        coverage: Of `cow_capitals`: its end, and to when the last capitals are carried forward.

    Returns:
        One row per state and capital. `counts_to` is the last day of the row or, for capitals at
        the end of the list, the day to which they are carried forward. Lost rows: `unknown_code`.
    """
    covered = coverage["cow_capitals"]
    latest = capitals["valid_to"].max()
    end = covered.end(latest if isinstance(latest, date) else None)
    known, lost = split_unknown_codes(capitals, states)
    at_end = pl.col("valid_to") >= end
    rows = known.select(
        "ccode",
        "state_name",
        "capital_name",
        "latitude",
        "longitude",
        "valid_from",
        "valid_to",
        pl.when(at_end)
        .then(pl.lit(covered.carried_to or end))
        .otherwise("valid_to")
        .alias("counts_to"),
        at_end.alias("is_capital_at_source_end"),
    ).sort("ccode", "valid_from")
    losses = count_losses(lost, from_table=FROM, to_table=TABLE, key=("ccode", "valid_from"))
    return StepResult({TABLE: rows}, losses)


def capital_distances(
    capitals: pl.DataFrame, *, ccode_to: int, years: tuple[int, int]
) -> pl.DataFrame:
    """Great-circle distance of each state's capital to that of one state, by year.

    Haversine on a sphere: d = 2R·asin √(sin²(Δφ/2) + cos φ₁ cos φ₂ sin²(Δλ/2)), at most half a per
    cent from the distance on the ellipsoid. The capitals are those of 31 December.

    Args:
        capitals: `core.capitals`.
        ccode_to: The one state; it has no row itself.
        years: First and last year.

    Returns:
        ccode, year (Int16), distance_km. No row where either has no capital in the list.
    """
    of_year = (
        capitals.with_columns(
            pl.int_ranges(
                pl.max_horizontal(pl.col("valid_from").dt.year(), pl.lit(years[0])),
                pl.min_horizontal(pl.col("counts_to").dt.year(), pl.lit(years[1])) + 1,
            ).alias("year")
        )
        .explode("year")
        .filter(
            pl.date(pl.col("year"), 12, 31).is_between("valid_from", "counts_to"),
        )
        .select(
            "ccode",
            pl.col("year").cast(pl.Int16),
            pl.col("latitude").radians(),
            pl.col("longitude").radians(),
        )
    )
    there = of_year.filter(ccode=ccode_to).drop("ccode")
    here = of_year.filter(pl.col("ccode") != ccode_to)
    half_lat = (pl.col("latitude") - pl.col("latitude_right")) / 2
    half_lng = (pl.col("longitude") - pl.col("longitude_right")) / 2
    across = (
        half_lat.sin() ** 2
        + pl.col("latitude").cos() * pl.col("latitude_right").cos() * half_lng.sin() ** 2
    )
    km = 2 * EARTH_RADIUS_KM * across.clip(0, 1).sqrt().arcsin()
    return (
        here.join(there, on="year")
        .select("ccode", "year", km.alias("distance_km"))
        .sort("ccode", "year")
    )
