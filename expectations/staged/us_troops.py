"""Suites of `staging.stg_us_troops__*`: US troops abroad."""

from expectations.cross_checks import pairs_are_of_one_state
from expectations.suite import SqlRule, Suite, row_count_between, rows_satisfy

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
    rules=(
        pairs_are_of_one_state("staging.stg_us_troops__host_years", "host_code", "host_iso3"),
        SqlRule(
            "the_two_series_have_one_unit",
            "WITH compared AS (SELECT a.host_code, a.troops_persons AS n_old,"
            " b.troops_persons AS n_new FROM staging.stg_us_troops__host_years a"
            " JOIN staging.stg_us_troops_quarterly__host_quarters b ON b.host_code = a.host_code"
            " AND b.year = a.year AND b.quarter = 3 WHERE b.troops_persons IS NOT NULL)"
            " SELECT host_code, count(*) AS n_years, max(greatest(n_old, n_new)) AS n_most"
            " FROM compared GROUP BY host_code HAVING count(*) >= 3"
            " AND max(greatest(n_old, n_new)) >= 1000"
            " AND median(abs(ln((n_old + 1) / (n_new + 1)))) > ln(10)",
            "both count the same persons; known: the rebuilt series has some hosts twice",
            ("staging.stg_us_troops__host_years", "staging.stg_us_troops_quarterly__host_quarters"),
        ),
    ),
)

SUITES = (HOST_YEARS,)
