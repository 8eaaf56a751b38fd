"""What must hold of UN voting similarity: identities, ranges, reasons."""

from expectations.suite import SqlRule, Suite, rows_satisfy

_CHANCE_CORRECTED = ("pi_abs", "pi_sq", "pi_nominal", "kappa_abs", "kappa_sq")
_ALL_NULL = " AND ".join(f"{column} IS NULL" for column in (*_CHANCE_CORRECTED, "tau_b"))

SUITES = (
    Suite(
        table="metrics.vote_similarity",
        key=("ccode1", "ccode2", "session", "vote_set"),
        expectations=(
            rows_satisfy(
                "the_lower_code_comes_first", "ccode1 < ccode2", "an undirected pair has one row"
            ),
            rows_satisfy(
                "joint_votes_are_of_members", "n_joint <= n_both_member", "only members vote"
            ),
            rows_satisfy(
                "s_abs_is_twice_agreement_less_one",
                "abs(s_abs - (2 * agreement - 1)) <= 1e-9",
                "the two are one measure on two scales (Signorino and Ritter; Lijphart)",
            ),
            rows_satisfy(
                "agreement_is_null_without_joint_votes",
                "(agreement IS NULL) = (n_joint = 0) AND (s_abs IS NULL) = (n_joint = 0)"
                " AND (s_sq IS NULL) = (n_joint = 0)",
                "no joint vote is not disagreement",
            ),
            rows_satisfy(
                "every_null_has_a_reason",
                "(null_reason IS NOT NULL) = (agreement IS NULL OR kappa_sq IS NULL"
                " OR pi_sq IS NULL OR tau_b IS NULL)",
                "readers are told why a measure is missing",
            ),
            rows_satisfy(
                "the_reason_fits_the_votes",
                f"(n_joint > 0 OR ({_ALL_NULL}))"
                " AND (n_joint > 0 OR null_reason <> 'no_variation')"
                " AND (n_joint = 0 OR coalesce(null_reason, 'no_variation') = 'no_variation')"
                " AND (n_both_member > 0 OR n_joint = 0)",
                "not a member, absent and without variation are three things",
            ),
        ),
        rules=(
            SqlRule(
                "joint_votes_are_at_most_the_roll_calls",
                "WITH held AS (SELECT session,"
                " count(*) FILTER (in_final_only AND NOT is_unanimous) AS n_final,"
                " count(*) FILTER (NOT is_unanimous) AS n_all"
                " FROM core.roll_calls GROUP BY session)"
                " SELECT m.ccode1, m.ccode2, m.session, m.vote_set, m.n_both_member"
                " FROM metrics.vote_similarity m LEFT JOIN held h USING (session)"
                " WHERE m.n_both_member >"
                " CASE m.vote_set WHEN 'final_only' THEN h.n_final ELSE h.n_all END",
                "more joint votes than roll calls mean that rows have been multiplied",
                ("metrics.vote_similarity", "core.roll_calls"),
            ),
            SqlRule(
                "joint_votes_equal_those_of_core",
                "SELECT m.ccode1, m.ccode2, m.session, m.n_joint, d.n_joint AS n_joint_in_core,"
                " m.agreement FROM metrics.vote_similarity m"
                " FULL JOIN core.dyad_sessions d USING (ccode1, ccode2, session)"
                " WHERE coalesce(m.vote_set, 'final_only') = 'final_only'"
                " AND (m.n_joint IS DISTINCT FROM d.n_joint OR (d.n_joint > 0 AND"
                " abs(m.agreement - (d.n_same + d.n_partial / 2) / d.n_joint) > 1e-9))",
                "two independent counts of the same votes",
                ("metrics.vote_similarity", "core.dyad_sessions"),
            ),
        ),
    ),
)
