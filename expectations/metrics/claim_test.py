"""Suite of `metrics.claim_test`: one primary test per claim, intervals and flags."""

from expectations.suite import (
    SqlRule,
    Suite,
    every_null_has_a_reason,
    interval_contains_the_estimate,
    rows_satisfy,
)

TABLE = "metrics.claim_test"

SUITES = (
    Suite(
        table=TABLE,
        expectations=(
            every_null_has_a_reason(
                "estimate",
                "ci_low",
                "ci_high",
                "p_value",
                "n",
                why="readers need to know why a test is missing, and a test has an interval",
            ),
            rows_satisfy(
                "the_interval_is_in_order", "ci_low <= ci_high", "an interval has two ends"
            ),
            interval_contains_the_estimate(tolerance=1e-9, severity="warning"),
            rows_satisfy(
                "flags_follow_from_figures",
                "estimate IS NULL OR (excludes_zero = (ci_low > 0 OR ci_high < 0)"
                " AND (expected_sign <> 'positive' OR sign_as_expected = (estimate > 0))"
                " AND (expected_sign <> 'negative' OR sign_as_expected = (estimate < 0))"
                " AND is_as_expected = (sign_as_expected"
                " AND (expected_sign = 'zero' OR excludes_zero)))",
                "verdicts are counted from these flags",
            ),
            rows_satisfy(
                "only_primaries_are_adjusted",
                "is_primary = (role = 'primary')"
                " AND (p_holm IS NULL OR (is_primary AND estimate IS NOT NULL))"
                " AND (edition > 1 OR (p_holm IS NOT NULL) = (is_primary"
                " AND estimate IS NOT NULL))"
                " AND (ci_low_holm IS NOT NULL) = (p_holm IS NOT NULL)"
                " AND (ci_high_holm IS NOT NULL) = (p_holm IS NOT NULL)",
                "the family of the correction is the primaries",
            ),
            rows_satisfy(
                "cells_are_the_primary_and_the_grid",
                "(is_distinct IS NOT NULL) = (role IN ('primary', 'grid'))"
                " AND (role <> 'primary' OR is_distinct)",
                "the primary always counts",
            ),
            rows_satisfy(
                "adjusting_widens",
                "p_holm IS NULL OR (p_holm >= p_value - 1e-12"
                " AND ci_low_holm <= ci_low + 1e-9 AND ci_high_holm >= ci_high - 1e-9)",
                "a correction never makes a result stronger",
            ),
        ),
        rules=(
            SqlRule(
                "one_primary_each",
                f"SELECT claim, edition, leader, count(*) FILTER (is_primary) AS n FROM {TABLE}"
                " GROUP BY ALL HAVING n <> 1",
                "each claim has one specification that decides first",
                (TABLE,),
            ),
        ),
    ),
)
