"""Suite of `metrics.support_returns`: sums of lags."""

from expectations.suite import (
    Suite,
    every_null_has_a_reason,
    interval_contains_the_estimate,
    rows_satisfy,
)

TABLE = "metrics.support_returns"

SUITES = (
    Suite(
        table=TABLE,
        expectations=(
            every_null_has_a_reason("estimate", "std_error", "ci_low", "ci_high", "p_value"),
            interval_contains_the_estimate(),
            rows_satisfy(
                "an_estimate_says_how_sure_it_is",
                "(estimate IS NULL) = (inference = 'none')",
                "an estimate without its error is not evidence",
            ),
            rows_satisfy(
                "only_the_jackknife_is_one",
                "estimate IS NULL OR (design = 'half_panel_jackknife') = (inference = 'jackknife')",
                "its error is of another kind",
            ),
            rows_satisfy(
                "ten_states_or_none",
                "estimate IS NULL OR n_states >= 10",
                "an error of fewer says little",
            ),
            rows_satisfy(
                "bases_are_a_cross_section",
                "(good = 'bases') = (design = 'cross_section')",
                "they have no dates",
            ),
        ),
    ),
)
