"""Suites of `staging.stg_gdp__*`: gross domestic product."""

from expectations.suite import Suite, row_count_between, rows_satisfy

ENTITY_YEARS = Suite(
    table="staging.stg_gdp__entity_years",
    expectations=(
        row_count_between(100, 200_000, "no row of the file is lost or added in staging"),
        rows_satisfy("gdp_is_positive", "gdp_usd > 0", "shares and logarithms are taken of it"),
        rows_satisfy(
            "gdp_is_in_dollars",
            "gdp_usd BETWEEN 1e3 AND 1e16",
            "a change of unit (thousands, millions) moves the figures out of this range",
        ),
    ),
)

SUITES = (ENTITY_YEARS,)
