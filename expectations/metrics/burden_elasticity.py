"""Suite of `metrics.burden_elasticity`: intervals and their clusters."""

from expectations.claim_estimates import estimates_with_intervals
from expectations.suite import (
    Suite,
    row_count_between,
)

SUITES = (
    Suite(
        table="metrics.burden_elasticity",
        expectations=(
            row_count_between(20, 5_000, "designs, ratios and periods, by leader"),
            *estimates_with_intervals(),
        ),
    ),
)
