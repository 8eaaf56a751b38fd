"""Suite of `metrics.coalition_contrast`: differences of rows of the coalition model."""

from expectations.suite import SqlRule, Suite, every_null_has_a_reason, rows_satisfy

TABLE = "metrics.coalition_contrast"
_MODEL = "metrics.coalition_model"
_ALLY = (
    f"(SELECT coalition, as_of, tier, tie_rule, specification, estimate FROM {_MODEL}"
    " WHERE list_version = 'as_published' AND term = 'ally')"
)

SUITES = (
    Suite(
        table=TABLE,
        expectations=(
            every_null_has_a_reason(
                "estimate", "ci_low", why="readers need to know why a contrast is missing"
            ),
            rows_satisfy(
                "the_interval_has_an_order", "ci_low <= ci_high", "a lower and an upper end"
            ),
            rows_satisfy(
                "only_drawn_contrasts_have_draws",
                "estimate IS NULL OR (n_draws > 0) = (contrast = 'unpopular_minus_popular')",
                "readers can tell a bootstrap interval from a profile interval",
            ),
        ),
        rules=(
            SqlRule(
                "contrasts_are_differences_of_the_model",
                f"SELECT c.coalition, c.coalition_other, c.tier FROM {TABLE} c"
                f" JOIN {_ALLY} a USING (coalition, as_of, tier, tie_rule, specification)"
                f" JOIN {_ALLY} b ON b.coalition = c.coalition_other AND b.as_of = c.as_of_other"
                " AND b.tier = c.tier AND b.tie_rule = c.tie_rule"
                " AND b.specification = c.specification"
                " WHERE c.contrast = 'unpopular_minus_popular'"
                " AND abs(c.estimate - (a.estimate - b.estimate)) > 1e-9",
                "a contrast is the difference of two rows that can be read by themselves",
                (TABLE, _MODEL),
            ),
        ),
    ),
)  # fmt: skip
