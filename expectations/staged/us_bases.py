"""Suites of `staging.stg_us_bases__*`: US bases."""

from expectations.suite import Suite, row_count_between, rows_satisfy

SITES = Suite(
    table="staging.stg_us_bases__sites",
    expectations=(
        row_count_between(20, 5_000, "no row of the file is lost or added in staging"),
        rows_satisfy(
            "a_site_is_of_a_kind",
            "is_base OR is_lilypad OR is_us_funded",
            "a site of no kind would be counted as none",
        ),
        rows_satisfy(
            "both_coordinates_are_known_or_none",
            "(latitude IS NULL) = (longitude IS NULL)",
            "half a place is none",
        ),
    ),
)

SUITES = (SITES,)
