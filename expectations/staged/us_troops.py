"""Suites of `staging.stg_us_troops__*`: US troops abroad."""

from expectations.suite import Suite, row_count_between, rows_satisfy

_BRANCHES = ("army", "navy", "air_force", "marine_corps", "space_force", "coast_guard")
_SUM = " + ".join(f"coalesce({branch}_persons, 0)" for branch in _BRANCHES)

HOST_YEARS = Suite(
    table="staging.stg_us_troops__host_years",
    expectations=(
        row_count_between(50, 200_000, "no row of the file is lost or added in staging"),
        rows_satisfy(
            "branches_add_up_to_the_total",
            f"army_persons IS NULL OR {_SUM} = troops_persons",
            "the total is what the metrics use; known: two rows where a branch is missing",
            severity="warning",
        ),
        rows_satisfy(
            "troops_are_persons",
            "troops_persons < 4000000",
            "more than the armed forces ever had since 1950 means another unit",
        ),
    ),
)

SUITES = (HOST_YEARS,)
