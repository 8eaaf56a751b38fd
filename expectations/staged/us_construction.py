"""Suites of `staging.stg_us_construction__*`: US military construction."""

from expectations.suite import Suite, row_count_between, rows_satisfy

PROJECTS = Suite(
    table="staging.stg_us_construction__projects",
    expectations=(
        row_count_between(20, 100_000, "no row of the file is lost or added in staging"),
        rows_satisfy(
            "amounts_are_dollars",
            "abs(construction_usd) < 2.5e9",
            "no project costs more: the unit would be another",
        ),
        rows_satisfy(
            "only_corrections_are_negative",
            "construction_usd >= 0 OR place_code IS NULL",
            "a state cannot be built less than nothing; known: a correction without a place",
        ),
    ),
)

SUITES = (PROJECTS,)
