"""Suite of `marts.dyad_session`: dyads by session."""

from expectations.suite import SqlRule, Suite, lower_code_comes_first, rows_satisfy

SUITES = (
    Suite(
        table="marts.dyad_session",
        expectations=(
            lower_code_comes_first(),
            rows_satisfy(
                "joint_votes_add_up",
                "n_joint = n_same + n_partial + n_opposite AND n_joint <= n_both_member",
                "every joint vote is one of the three, and of members",
            ),
            rows_satisfy(
                "year_follows_from_session", "year = session + 1945", "ties are those of that year"
            ),
            rows_satisfy(
                "defense_obligations_make_allies",
                "is_allied OR NOT (is_defense_owed_1_to_2 OR is_defense_owed_2_to_1)",
                "defence is one of the obligations",
            ),
        ),
        rules=(
            SqlRule(
                "as_many_dyads_as_in_core",
                "SELECT m.n AS n_here, c.n AS n_in_core"
                " FROM (SELECT count(*) AS n FROM marts.dyad_session) m,"
                " (SELECT count(*) AS n FROM core.dyad_sessions) c WHERE m.n <> c.n",
                "joining names and ties must neither multiply nor drop dyads",
                ("marts.dyad_session", "core.dyad_sessions"),
            ),
        ),
    ),
)
