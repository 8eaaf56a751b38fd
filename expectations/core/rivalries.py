"""Suite of `core.rivalries`: strategic rivalries."""

from expectations.suite import Suite, lower_code_comes_first, row_count_between, rows_satisfy

SUITES = (
    Suite(
        table="core.rivalries",
        expectations=(
            row_count_between(5, 2_000, "rivalries of the time since 1816"),
            lower_code_comes_first(),
            rows_satisfy(
                "a_rivalry_belongs_to_the_state_system",
                "year_from <= year_to AND year_to >= 1816",
                "earlier ones have no states to be joined with",
            ),
        ),
    ),
)
