"""Suite of `metrics.ideal_point`: ideal points."""

from expectations.suite import SqlRule, Suite, rows_satisfy

SUITES = (
    Suite(
        table="metrics.ideal_point",
        expectations=(
            rows_satisfy(
                "a_reason_stands_where_the_point_is_missing",
                "(ideal_point IS NULL) = (null_reason IS NOT NULL)",
                "a missing value without a reason looks like a fault",
            ),
            rows_satisfy(
                "ideal_points_have_an_error_and_votes",
                "(ideal_point IS NULL) = (ideal_point_se IS NULL)"
                " AND (ideal_point IS NULL) = (n_votes = 0)",
                "an ideal point rests on votes, and says how well",
            ),
            rows_satisfy(
                "weak_means_fewer_than_five_votes",
                "is_weak = (n_votes < 5)",
                "readers filter by it",
            ),
            rows_satisfy(
                "points_are_within_ten_standard_deviations",
                "abs(ideal_point) < 10 AND ideal_point_se < 2",
                "the estimator has run away",
            ),
            rows_satisfy(
                "no_ideal_point_in_session_19", "session <> 19", "one roll call places nobody"
            ),
        ),
        rules=(
            SqlRule(
                "published_points_are_those_of_the_votes",
                "SELECT o.year, count(*) AS n_states,"
                " corr(o.ideal_point, p.ideal_point_published) AS r"
                " FROM metrics.ideal_point o JOIN core.ideal_points_published p"
                " ON p.ccode = o.ccode AND p.year = o.year"
                " WHERE o.vote_set = 'all_recorded' AND NOT o.is_weak GROUP BY o.year"
                " HAVING count(*) >= 20 AND corr(o.ideal_point, p.ideal_point_published) < 0.8",
                "both are estimated from the same votes (.96 or more in every year): the year, the"
                " sign or the states are others",
                ("metrics.ideal_point", "core.ideal_points_published"),
            ),
            SqlRule(
                "scale_is_standardised",
                "SELECT vote_set, avg(ideal_point) AS mean, stddev_pop(ideal_point) AS sd"
                " FROM metrics.ideal_point WHERE is_sovereign GROUP BY vote_set"
                " HAVING abs(avg(ideal_point)) > 1e-4 OR abs(stddev_pop(ideal_point) - 1) > 1e-4",
                "the scale is defined by mean 0 and standard deviation 1 of sovereign states",
                ("metrics.ideal_point",),
            ),
            SqlRule(
                "usa_is_positive",
                "SELECT vote_set, avg(ideal_point) AS mean FROM metrics.ideal_point"
                " WHERE ccode = 2 GROUP BY vote_set HAVING avg(ideal_point) < 0",
                "the sign of the scale is that of the United States",
                ("metrics.ideal_point",),
            ),
            SqlRule(
                "points_rest_on_votes_that_were_cast",
                "WITH cast_votes AS (SELECT ccode, session, count(*) AS n FROM core.votes"
                " WHERE choice IN ('yes', 'abstain', 'no') GROUP BY ccode, session)"
                " SELECT p.ccode, p.session, p.vote_set, p.n_votes, coalesce(v.n, 0) AS n_cast"
                " FROM metrics.ideal_point p LEFT JOIN cast_votes v USING (ccode, session)"
                " WHERE p.n_votes > coalesce(v.n, 0)",
                "more votes than were cast mean that a join has multiplied rows",
                ("metrics.ideal_point", "core.votes"),
            ),
        ),
    ),
)
