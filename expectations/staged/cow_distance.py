"""Suites of `staging.stg_cow_distance__*`: minimum distances of dyads."""

from expectations.suite import Suite, lower_code_comes_first, row_count_between, rows_satisfy

DYAD_YEARS = Suite(
    table="staging.stg_cow_distance__dyad_years",
    expectations=(
        row_count_between(100, 5_000_000, "no row of the file is lost or added in staging"),
        lower_code_comes_first(),
        rows_satisfy(
            "no_distance_is_longer_than_half_the_earth",
            "distance_km_min <= 20040",
            "more is another unit",
        ),
    ),
)

SUITES = (DYAD_YEARS,)
