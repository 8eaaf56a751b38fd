"""Suite of `metrics.exchange_under_threat`: effects with and without threat."""

from expectations.claim_estimates import estimates_with_intervals
from expectations.suite import Suite, rows_satisfy

TABLE = "metrics.exchange_under_threat"

SUITES = (
    Suite(
        table=TABLE,
        expectations=(
            *estimates_with_intervals(),
            rows_satisfy(
                "without_threat_there_is_no_lag",
                "threat <> 'none' OR (lag = 0 AND covariates <> 'none')",
                "something is held constant in every row",
            ),
        ),
    ),
)
