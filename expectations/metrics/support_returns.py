"""Suite of `metrics.support_returns`: sums of lags."""

from expectations.claim_estimates import estimates_with_intervals
from expectations.suite import Suite, rows_satisfy

TABLE = "metrics.support_returns"

SUITES = (
    Suite(
        table=TABLE,
        expectations=(
            *estimates_with_intervals(),
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
