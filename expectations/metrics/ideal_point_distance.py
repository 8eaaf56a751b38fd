"""Suite of `metrics.ideal_point_distance`: distances of ideal points."""

from expectations.suite import SqlRule, Suite, lower_code_comes_first, rows_satisfy

SUITES = (
    Suite(
        table="metrics.ideal_point_distance",
        expectations=(
            lower_code_comes_first(),
            rows_satisfy(
                "a_reason_stands_where_the_distance_is_missing",
                "(distance IS NULL) = (null_reason IS NOT NULL)"
                " AND (distance IS NULL) = (distance_se IS NULL)",
                "a missing value without a reason looks like a fault",
            ),
        ),
        rules=(
            SqlRule(
                "distances_are_those_of_the_points",
                "SELECT d.ccode1, d.ccode2, d.session, d.vote_set, d.distance"
                " FROM metrics.ideal_point_distance d"
                " JOIN metrics.ideal_point a ON a.ccode = d.ccode1 AND a.session = d.session"
                " AND a.vote_set = d.vote_set"
                " JOIN metrics.ideal_point b ON b.ccode = d.ccode2 AND b.session = d.session"
                " AND b.vote_set = d.vote_set"
                " WHERE abs(d.distance - abs(a.ideal_point - b.ideal_point)) > 1e-9",
                "the two tables must not come from different estimates",
                ("metrics.ideal_point_distance", "metrics.ideal_point"),
            ),
        ),
    ),
)
