"""Suite of `metrics.coalition_effect`: log odds ratios and the counts behind them."""

from expectations.claim_estimates import estimates_with_intervals
from expectations.suite import Suite, row_count_between, rows_satisfy

SUITES = (
    Suite(
        table="metrics.coalition_effect",
        expectations=(
            row_count_between(8, 1_000, "coalitions, tiers and specifications, by leader"),
            *estimates_with_intervals(),
            rows_satisfy(
                "an_estimate_has_its_counts",
                "(estimate IS NULL) = (n_ally_support IS NULL)"
                " AND (estimate IS NULL"
                " OR n_ally_support + n_ally_none + n_other_support + n_other_none <= n)",
                "aspirants may be apart, nobody counts twice",
            ),
        ),
    ),
)
