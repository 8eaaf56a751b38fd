"""Suite of `core.coalition_support`: support for coalitions."""

from expectations.suite import SqlRule, Suite, row_count_between, rows_satisfy

SUITES = (
    Suite(
        table="core.coalition_support",
        expectations=(
            row_count_between(10, 10_000, "lists of some dozens of states"),
            rows_satisfy(
                "unlisted_states_have_level_zero",
                "is_listed OR support_level = 0",
                "a state that was dropped from the list stays with level 0",
            ),
        ),
        rules=(
            SqlRule(
                "supporters_are_states_at_the_time",
                "SELECT DISTINCT c.coalition, c.ccode, c.as_of FROM core.coalition_support c"
                " WHERE NOT EXISTS (SELECT 1 FROM core.states s WHERE s.ccode = c.ccode"
                " AND c.as_of BETWEEN s.valid_from AND s.counts_to)",
                "hand-coded codes can be mistyped",
                ("core.coalition_support", "core.states"),
            ),
        ),
    ),
)
