"""Suite of `metrics.claim_verdict`: verdicts follow from the tests."""

from expectations.suite import SqlRule, Suite, rows_satisfy

TABLE = "metrics.claim_verdict"
TESTS = "metrics.claim_test"

SUITES = (
    Suite(
        table=TABLE,
        expectations=(
            rows_satisfy(
                "a_falsifier_decides",
                "falsifiers_fired IS NULL OR verdict = 'not_supported'",
                "a claim with a falsifier that fires is not supported, whatever else",
            ),
            rows_satisfy(
                "supported_means_all_of_it",
                "verdict <> 'supported' OR (estimate IS NOT NULL"
                " AND (ci_low_holm > 0 OR ci_high_holm < 0) AND falsifiers_fired IS NULL"
                " AND falsifiers_weakening IS NULL AND falsifiers_not_testable IS NULL"
                " AND 3 * n_grid_as_expected >= 2 * n_grid"
                " AND 2 * n_grid >= n_grid_listed)",
                "no claim is supported by its best cell",
            ),
            rows_satisfy(
                "a_weakened_verdict_names_its_falsifier",
                "rule <> 'weakened' OR falsifiers_weakening IS NOT NULL",
                "a verdict names the falsifier that it rests on",
            ),
            rows_satisfy(
                "not_testable_means_no_primary",
                "(verdict = 'not_testable') = (rule = 'primary_not_testable')"
                " AND (rule <> 'primary_not_testable' OR estimate IS NULL)",
                "a missing test is not a failed one",
            ),
            rows_satisfy(
                "counts_are_of_the_grid",
                "n_grid_as_expected <= n_grid AND n_grid <= n_grid_listed",
                "parts are not larger than the whole",
            ),
        ),
        rules=(
            SqlRule(
                "every_claim_is_judged",
                f"SELECT claim FROM {TESTS} EXCEPT SELECT claim FROM {TABLE}",
                "a claim without a verdict is dropped in silence",
                (TABLE, TESTS),
            ),
            SqlRule(
                "figures_are_those_of_the_primary",
                f"SELECT v.claim FROM {TABLE} v JOIN {TESTS} t ON v.claim = t.claim"
                " AND t.is_primary WHERE v.estimate IS DISTINCT FROM t.estimate"
                " OR v.ci_low_holm IS DISTINCT FROM t.ci_low_holm"
                " OR v.primary_specification <> t.estimator || ': ' || t.specification",
                "a verdict quotes the test that it rests on",
                (TABLE, TESTS),
            ),
            SqlRule(
                "the_grid_is_counted_right",
                "SELECT v.claim FROM"
                f" {TABLE} v JOIN (SELECT claim, count(*) FILTER (role = 'grid') AS listed,"
                " count(*) FILTER (role = 'grid' AND estimate IS NOT NULL) AS tested,"
                " count(*) FILTER (role = 'grid' AND is_as_expected) AS agreeing"
                f" FROM {TESTS} GROUP BY claim) t USING (claim) WHERE v.n_grid_listed <> t.listed"
                " OR v.n_grid <> t.tested OR v.n_grid_as_expected <> t.agreeing",
                "the share of the grid decides",
                (TABLE, TESTS),
            ),
        ),
    ),
)
