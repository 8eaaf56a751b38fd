"""What must hold of roll calls with the great powers' votes."""

from expectations.suite import SqlRule, Suite, rows_satisfy

SUITES = (
    Suite(
        table="marts.roll_call",
        expectations=(
            rows_satisfy(
                "no_vote_date_before_session_58",
                "session >= 58 OR vote_date IS NULL",
                "in sessions 1-57 the day of the file's date is the weekday",
            ),
            rows_satisfy(
                "who_votes_with_the_us_is_among_those_who_vote",
                "n_with_usa <= n_beside_usa AND usa_support_share BETWEEN 0 AND 1",
                "support is a share of the states that vote beside the United States",
            ),
            rows_satisfy(
                "support_is_of_a_yes_or_a_no",
                "usa_support_share IS NULL OR choice_usa IN ('yes', 'no')",
                "where the United States abstained there is nothing to support",
            ),
        ),
        rules=(
            SqlRule(
                "as_many_roll_calls_as_in_core",
                "SELECT rcid FROM core.roll_calls ANTI JOIN marts.roll_call USING (rcid)"
                " UNION ALL"
                " SELECT rcid FROM marts.roll_call ANTI JOIN core.roll_calls USING (rcid)",
                "joining votes must neither multiply nor drop roll calls",
                ("marts.roll_call", "core.roll_calls"),
            ),
        ),
    ),
)
