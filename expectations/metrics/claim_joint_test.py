"""Suite of `metrics.claim_joint_test`: one per claim of the newest edition."""

from expectations.suite import SqlRule, Suite, every_null_has_a_reason, rows_satisfy

TABLE = "metrics.claim_joint_test"
TESTS = "metrics.claim_test"

SUITES = (
    Suite(
        table=TABLE,
        expectations=(
            every_null_has_a_reason(
                "median_t", "p_value", why="a claim without a joint test cannot be supported"
            ),
            rows_satisfy(
                "what_is_left_out_is_named",
                "(n_without_scores > 0) = (cells_without_scores IS NOT NULL)",
                "cells without scores are listed",
            ),
        ),
        rules=(
            SqlRule(
                "every_distinct_cell_is_in_it_or_named",
                f"SELECT j.claim, j.leader FROM {TABLE} j JOIN (SELECT claim, edition, leader,"
                " count(*) FILTER (is_distinct AND estimate IS NOT NULL) AS n"
                f" FROM {TESTS} GROUP BY ALL) t USING (claim, edition, leader)"
                " WHERE j.n_cells + j.n_without_scores <> t.n",
                "no cell is left out in silence",
                (TABLE, TESTS),
            ),
        ),
    ),
)
