"""Suites of `staging.stg_cow_capabilities__*`: National Material Capabilities."""

from expectations.suite import SqlRule, Suite, row_count_between, rows_satisfy

STATE_YEARS = Suite(
    table="staging.stg_cow_capabilities__state_years",
    expectations=(
        row_count_between(100, 100_000, "no row of the file is lost or added in staging"),
        rows_satisfy(
            "urban_population_is_a_part_of_the_total",
            "upop_thousand <= tpop_thousand",
            "known: Sweden 2001 and Singapore 1998 in release 7",
            severity="warning",
        ),
        rows_satisfy(
            "a_state_has_people",
            "tpop_thousand > 0",
            "shares of population are divided by it",
            severity="warning",
        ),
    ),
    rules=(
        SqlRule(
            "shares_of_a_year_sum_to_about_one",
            "SELECT year, sum(cinc) AS cinc_sum FROM staging.stg_cow_capabilities__state_years"
            " GROUP BY year HAVING abs(sum(cinc) - 1) > 0.1",
            "CINC is a mean of shares; sums of up to 1.08 before 1946 are known, more means that"
            " states are missing or counted twice",
            ("staging.stg_cow_capabilities__state_years",),
            severity="warning",
        ),
    ),
)

SUITES = (STATE_YEARS,)
