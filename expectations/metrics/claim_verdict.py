"""Suite of `metrics.claim_verdict`: verdicts follow from the tests, by the rule of each edition."""

from expectations.suite import SqlRule, Suite, rows_satisfy

TABLE = "metrics.claim_verdict"
TESTS = "metrics.claim_test"
JOINT = "metrics.claim_joint_test"

_COUNTED = "CASE WHEN t.edition = 1 THEN t.role = 'grid' ELSE t.is_distinct END"
_AGREES = f"{_COUNTED} AND t.is_as_expected"

SUITES = (
    Suite(
        table=TABLE,
        expectations=(
            rows_satisfy(
                "a_falsifier_decides",
                "falsifiers_fired IS NULL OR verdict IN ('not_supported', 'contradicted',"
                " 'not_testable')",
                "a claim with a falsifier that fires is not supported, whatever else",
            ),
            rows_satisfy(
                "editions_have_their_verdicts",
                "CASE WHEN edition = 1 THEN verdict IN ('supported', 'mixed', 'not_supported',"
                " 'not_testable') ELSE verdict <> 'not_supported' END",
                "each edition has its own rule",
            ),
            rows_satisfy(
                "supported_means_all_of_it",
                "verdict <> 'supported' OR (estimate IS NOT NULL"
                " AND (coalesce(ci_low_holm, ci_low) > 0 OR coalesce(ci_high_holm, ci_high) < 0)"
                " AND falsifiers_fired IS NULL AND falsifiers_weakening IS NULL"
                " AND 3 * n_grid_as_expected >= 2 * n_grid AND 2 * n_grid >= n_grid_listed"
                " AND CASE WHEN edition = 1 THEN falsifiers_not_testable IS NULL"
                " ELSE p_joint < 0.05 END)",
                "no claim is supported by its best cell",
            ),
            rows_satisfy(
                "a_weakened_verdict_names_its_reason",
                "rule <> 'weakened' OR falsifiers_weakening IS NOT NULL",
                "a verdict names the condition that it rests on",
            ),
            rows_satisfy(
                "not_testable_says_why",
                "(verdict = 'not_testable') = (rule IN ('primary_not_testable',"
                " 'cells_not_testable', 'cannot_say'))"
                " AND (rule <> 'primary_not_testable' OR estimate IS NULL)",
                "a missing test is not a failed one",
            ),
            rows_satisfy(
                "counts_are_of_the_grid",
                "n_grid_as_expected + coalesce(n_grid_contradicting, 0) <= n_grid"
                " AND n_grid <= n_grid_listed",
                "parts are not larger than the whole",
            ),
        ),
        rules=(
            SqlRule(
                "every_claim_is_judged",
                f"SELECT claim, edition, leader FROM {TESTS}"
                f" EXCEPT SELECT claim, edition, leader FROM {TABLE}",
                "a claim without a verdict is dropped in silence",
                (TABLE, TESTS),
            ),
            SqlRule(
                "figures_are_those_of_the_primary",
                f"SELECT v.claim, v.edition FROM {TABLE} v JOIN {TESTS} t"
                " USING (claim, edition, leader)"
                " WHERE t.is_primary AND (v.estimate IS DISTINCT FROM t.estimate"
                " OR v.ci_low_holm IS DISTINCT FROM t.ci_low_holm"
                " OR v.primary_specification <> t.estimator || ': ' || t.specification)",
                "a verdict quotes the test that it rests on",
                (TABLE, TESTS),
            ),
            SqlRule(
                "the_joint_p_is_that_of_the_joint_test",
                f"SELECT v.claim, v.edition FROM {TABLE} v JOIN {JOINT} j"
                " USING (claim, edition, leader) WHERE v.p_joint IS DISTINCT FROM j.p_value",
                "a verdict quotes the test that it rests on",
                (TABLE, JOINT),
            ),
            SqlRule(
                "the_grid_is_counted_right",
                f"SELECT v.claim, v.edition FROM {TABLE} v JOIN (SELECT claim, edition, leader,"
                f" count(*) FILTER ({_COUNTED}) AS listed,"
                f" count(*) FILTER ({_COUNTED} AND t.estimate IS NOT NULL) AS tested,"
                f" count(*) FILTER ({_AGREES}) AS agreeing"
                f" FROM {TESTS} t GROUP BY ALL) c USING (claim, edition, leader)"
                " WHERE v.n_grid_listed <> c.listed OR v.n_grid <> c.tested"
                " OR v.n_grid_as_expected <> c.agreeing",
                "the share of the grid decides",
                (TABLE, TESTS),
            ),
        ),
    ),
)
