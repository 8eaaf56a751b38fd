"""Suite of `metrics.vote_similarity_year`: as by session, and the same votes in sum."""

from expectations.joint_votes import JOINT_VOTES, at_most_the_roll_calls
from expectations.suite import SqlRule, Suite

SUITES = (
    Suite(
        table="metrics.vote_similarity_year",
        expectations=JOINT_VOTES,
        rules=(
            at_most_the_roll_calls("metrics.vote_similarity_year", "year"),
            SqlRule(
                "joint_votes_by_year_equal_those_by_session",
                "WITH by_year AS (SELECT ccode1, ccode2, vote_set, sum(n_joint) AS n, sum(n_same)"
                " AS same FROM metrics.vote_similarity_year WHERE n_joint > 0 GROUP BY ALL),"
                " by_session AS (SELECT ccode1, ccode2, vote_set, sum(n_joint) AS n, sum(n_same)"
                " AS same FROM metrics.vote_similarity WHERE n_joint > 0"
                " AND vote_set <> 'final_only_as_listed' GROUP BY ALL)"
                " SELECT ccode1, ccode2, vote_set, y.n AS n_by_year, s.n AS n_by_session"
                " FROM by_year y FULL JOIN by_session s USING (ccode1, ccode2, vote_set)"
                " WHERE y.n IS DISTINCT FROM s.n OR y.same IS DISTINCT FROM s.same",
                "every roll call has one session and one year: over all of them the sums agree",
                ("metrics.vote_similarity_year", "metrics.vote_similarity"),
            ),
        ),
    ),
)
