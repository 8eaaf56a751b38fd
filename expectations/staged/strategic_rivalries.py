"""Suites of `staging.stg_strategic_rivalries__*`: rivalries of Thompson and Dreyer."""

from expectations.suite import Suite, lower_code_comes_first, row_count_between, rows_satisfy

RIVALRIES = Suite(
    table="staging.stg_strategic_rivalries__rivalries",
    expectations=(
        row_count_between(5, 2_000, "no row of the file is lost or added in staging"),
        lower_code_comes_first(),
        rows_satisfy(
            "a_rivalry_ends_after_it_begins",
            "year_from <= year_to",
            "a rivalry is looked up by a year between the two",
        ),
        rows_satisfy(
            "types_are_filled_in_order",
            "rivalry_type3 IS NULL OR rivalry_type2 IS NOT NULL",
            "the first is the main one",
        ),
    ),
)

SUITES = (RIVALRIES,)
