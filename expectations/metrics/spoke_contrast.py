"""Suite of `metrics.spoke_contrast`: differences of densities."""

from expectations.claim_estimates import estimates_with_intervals
from expectations.suite import (
    Suite,
    row_count_between,
    rows_satisfy,
)

SUITES = (
    Suite(
        table="metrics.spoke_contrast",
        expectations=(
            row_count_between(24, 5_000, "designs, regions, weightings and periods, by hub"),
            rows_satisfy(
                "a_difference_of_densities_is_between_-1_and_1",
                "estimate BETWEEN -1 AND 1",
                "both are shares of pairs",
            ),
            rows_satisfy(
                "a_density_needs_three_partners",
                "estimate IS NULL OR least(n_partners, n_partners_other) >= 3",
                "with fewer there is no pair to leave out",
            ),
            *estimates_with_intervals(),
        ),
    ),
)
