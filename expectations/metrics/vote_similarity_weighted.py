"""Suite of `metrics.vote_similarity_weighted`: weighted voting similarity."""

from expectations.suite import SqlRule, Suite, lower_code_comes_first, rows_satisfy

_TABLE = "metrics.vote_similarity_weighted"

SUITES = (
    Suite(
        table=_TABLE,
        expectations=(
            lower_code_comes_first(),
            rows_satisfy(
                "joint_votes_are_of_members", "n_joint <= n_both_member", "only members vote"
            ),
            rows_satisfy(
                "every_null_has_a_reason",
                "(s_abs IS NULL) = (n_joint = 0) AND (null_reason IS NULL) = (n_joint > 0)",
                "readers need to know why a measure is missing",
            ),
        ),
        rules=(
            SqlRule(
                "weighted_votes_are_among_all",
                "SELECT w.ccode1, w.ccode2, w.session, w.vote_set, w.weighting, w.n_joint"
                " FROM metrics.vote_similarity_weighted w LEFT JOIN metrics.vote_similarity m"
                " USING (ccode1, ccode2, session, vote_set)"
                " WHERE coalesce(w.n_joint > m.n_joint, true)",
                "a weight does not make a vote",
                (_TABLE, "metrics.vote_similarity"),
            ),
            SqlRule(
                "full_agreement_holds_under_any_weight",
                "SELECT w.ccode1, w.ccode2, w.session, w.vote_set, w.weighting, w.s_abs"
                " FROM metrics.vote_similarity_weighted w JOIN metrics.vote_similarity m"
                " USING (ccode1, ccode2, session, vote_set)"
                " WHERE abs(m.s_abs) = 1 AND w.s_abs <> m.s_abs",
                "full agreement and full opposition have no weaker part",
                (_TABLE, "metrics.vote_similarity"),
            ),
        ),
    ),
)
