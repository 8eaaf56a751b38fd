"""Suite of `metrics.legitimation_gap`: counts, gaps and weights."""

from expectations.suite import Suite, every_null_has_a_reason, rows_satisfy

SUITES = (
    Suite(
        table="metrics.legitimation_gap",
        expectations=(
            every_null_has_a_reason("gap", "gap_logit", "weight"),
            rows_satisfy(
                "the_gap_is_a_difference",
                "gap IS NULL OR abs(gap - (agreement_unpopular - agreement_control)) < 1e-9",
                "else it measures something else",
            ),
            rows_satisfy(
                "a_mean_has_votes",
                "(agreement_unpopular IS NULL) = (n_unpopular = 0)"
                " AND (agreement_control IS NULL) = (n_control = 0)"
                " AND n_unpopular + n_control > 0",
                "a mean over no vote is none",
            ),
            rows_satisfy(
                "a_gap_of_all_votes_has_ten_of_each",
                "gap IS NULL OR vote_subset <> 'all' OR control_class = 'contested'"
                " OR least(n_unpopular, n_control) >= 10",
                "a mean over fewer is chance",
            ),
            rows_satisfy(
                "the_weight_is_that_of_a_difference",
                "weight IS NULL"
                " OR abs(weight * (n_unpopular + n_control) - n_unpopular * n_control) < 1e-6",
                "rows count by how precise they are",
            ),
            rows_satisfy(
                "nobody_sides_with_himself",
                "ccode <> leader AND session <> 19",
                "the leader is no state of its own rows, and session 19 has one roll call",
            ),
        ),
    ),
)
