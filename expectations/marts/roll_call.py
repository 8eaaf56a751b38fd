"""Suite of `marts.roll_call`: roll calls with the votes of the great powers."""

from expectations.suite import SqlRule, Suite, rows_satisfy
from expectations.vote_dates import NO_DATE_BEFORE_SESSION_58

SUITES = (
    Suite(
        table="marts.roll_call",
        expectations=(
            NO_DATE_BEFORE_SESSION_58,
            rows_satisfy(
                "votes_with_the_us_are_among_votes_cast",
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
