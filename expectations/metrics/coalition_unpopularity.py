"""Suite of `metrics.coalition_unpopularity`: slopes and their exact tests."""

from expectations.claim_estimates import estimates_with_intervals
from expectations.suite import Suite, row_count_between, rows_satisfy

SUITES = (
    Suite(
        table="metrics.coalition_unpopularity",
        expectations=(
            row_count_between(8, 1_000, "tiers and specifications, by leader"),
            *estimates_with_intervals(),
            rows_satisfy(
                "a_slope_rests_on_five_coalitions",
                "estimate IS NULL OR n >= 5",
                "with fewer no permutation test can reject anything",
            ),
        ),
    ),
)
