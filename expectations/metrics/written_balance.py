"""Suite of `metrics.written_balance`: means of promises."""

from expectations.claim_estimates import estimates_with_intervals
from expectations.suite import (
    Suite,
    row_count_between,
    rows_satisfy,
)

SUITES = (
    Suite(
        table="metrics.written_balance",
        expectations=(
            row_count_between(400, 50_000, "samples, statistics, items, ratios and times"),
            rows_satisfy(
                "a_mean_of_promises_is_a_share",
                "estimate BETWEEN -1 AND 1 AND (statistic = 'balance' OR estimate >= 0)",
                "promises are 0 or 1, their differences between −1 and 1",
            ),
            *estimates_with_intervals(),
        ),
    ),
)
