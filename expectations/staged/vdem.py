"""Suites of `staging.stg_vdem__*`: electoral democracy by country and year."""

from expectations.suite import Suite, row_count_between, rows_satisfy

COUNTRY_YEARS = Suite(
    table="staging.stg_vdem__country_years",
    expectations=(
        row_count_between(100, 100_000, "no row of the file is lost or added in staging"),
        rows_satisfy(
            "the_interval_holds_the_index",
            "polyarchy BETWEEN polyarchy_low AND polyarchy_high",
            "low and high are the ends of the interval of the same posterior",
        ),
        rows_satisfy(
            "index_and_interval_are_known_together",
            "(polyarchy IS NULL) = (polyarchy_low IS NULL)"
            " AND (polyarchy IS NULL) = (polyarchy_high IS NULL)",
            "an index without its uncertainty is another series",
        ),
    ),
)

SUITES = (COUNTRY_YEARS,)
