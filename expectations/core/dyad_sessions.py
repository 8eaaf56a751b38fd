"""Suite of `core.dyad_sessions`: joint votes of two states."""

from expectations.suite import SqlRule, Suite, lower_code_comes_first, rows_satisfy

SUITES = (
    Suite(
        table="core.dyad_sessions",
        expectations=(
            lower_code_comes_first(),
            rows_satisfy(
                "joint_votes_add_up",
                "n_joint = n_same + n_partial + n_opposite",
                "every joint vote is one of the three",
            ),
            rows_satisfy(
                "joint_votes_are_of_members",
                "n_joint <= n_both_member",
                "only members vote",
            ),
        ),
        rules=(
            SqlRule(
                "joint_votes_are_at_most_the_roll_calls",
                "WITH held AS (SELECT session, count(*) AS n FROM core.roll_calls"
                " WHERE in_final_only AND NOT is_unanimous GROUP BY session)"
                " SELECT d.ccode1, d.ccode2, d.session, d.n_both_member, coalesce(h.n, 0) AS n"
                " FROM core.dyad_sessions d LEFT JOIN held h USING (session)"
                " WHERE d.n_both_member > coalesce(h.n, 0)",
                "more joint votes than roll calls mean that a join has multiplied rows",
                ("core.dyad_sessions", "core.roll_calls"),
            ),
        ),
    ),
)
