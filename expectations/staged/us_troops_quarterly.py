"""Suites of `staging.stg_us_troops_quarterly__*`: US troops by quarter."""

from expectations.cross_checks import pairs_are_of_one_state
from expectations.suite import Suite, row_count_between, rows_satisfy

_TABLE = "staging.stg_us_troops_quarterly__host_quarters"

HOST_QUARTERS = Suite(
    table=_TABLE,
    expectations=(
        row_count_between(100, 500_000, "no row of the file is lost or added in staging"),
        rows_satisfy(
            "a_count_is_missing_where_no_report_has_the_host",
            "(troops_persons IS NULL) = (count_status = 'not_in_report')",
            "the file writes 0 for what is in no report",
        ),
        rows_satisfy(
            "troops_are_persons",
            "troops_persons < 4000000",
            "more than the armed forces ever had since 1950 means another unit",
        ),
    ),
    rules=(pairs_are_of_one_state(_TABLE, "host_code", "host_iso3"),),
)

SUITES = (HOST_QUARTERS,)
