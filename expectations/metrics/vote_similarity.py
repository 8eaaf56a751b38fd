"""Suite of `metrics.vote_similarity`: identities, ranges and null reasons."""

from expectations.joint_votes import JOINT_VOTES, at_most_the_roll_calls
from expectations.suite import SqlRule, Suite

SUITES = (
    Suite(
        table="metrics.vote_similarity",
        expectations=JOINT_VOTES,
        rules=(
            at_most_the_roll_calls("metrics.vote_similarity", "session"),
            SqlRule(
                "joint_votes_equal_those_of_core",
                "WITH measured AS (SELECT ccode1, ccode2, session, n_joint, agreement"
                " FROM metrics.vote_similarity WHERE vote_set = 'final_only')"
                " SELECT ccode1, ccode2, session, m.n_joint, d.n_joint AS n_joint_in_core,"
                " m.agreement FROM measured m"
                " FULL JOIN core.dyad_sessions d USING (ccode1, ccode2, session)"
                " WHERE m.n_joint IS DISTINCT FROM d.n_joint OR (d.n_joint > 0 AND"
                " abs(m.agreement - (d.n_same + d.n_partial / 2) / d.n_joint) > 1e-9)",
                "two independent counts of the same votes",
                ("metrics.vote_similarity", "core.dyad_sessions"),
            ),
        ),
    ),
)
