"""Suite of `metrics.asymmetric_rise`: intervals and their clusters."""

from expectations.claim_estimates import estimates_with_intervals
from expectations.suite import (
    Suite,
    row_count_between,
)

SUITES = (
    Suite(
        table="metrics.asymmetric_rise",
        expectations=(
            row_count_between(100, 10_000, "designs, variables, ratios and periods, by leader"),
            *estimates_with_intervals(),
        ),
    ),
)
