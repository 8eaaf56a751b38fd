"""Suite of `metrics.exchange_under_threat`: effects with and without threat."""

from expectations.suite import (
    Suite,
    every_null_has_a_reason,
    interval_contains_the_estimate,
    rows_satisfy,
)

TABLE = "metrics.exchange_under_threat"

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
                "without_threat_there_is_no_lag",
                "threat <> 'none' OR (lag = 0 AND covariates <> 'none')",
                "something is held constant in every row",
            ),
        ),
    ),
)
