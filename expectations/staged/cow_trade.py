"""Suites of `staging.stg_cow_trade__*`: imports and exports of states."""

from expectations.suite import Suite, row_count_between, rows_satisfy

STATE_YEARS = Suite(
    table="staging.stg_cow_trade__state_years",
    expectations=(
        row_count_between(100, 100_000, "no row of the file is lost or added in staging"),
        rows_satisfy(
            "amounts_are_in_millions",
            "imports_million_usd < 10000000 AND exports_million_usd < 10000000",
            "ten thousand billions in a year are more than any state has traded: another unit",
        ),
    ),
)

SUITES = (STATE_YEARS,)
