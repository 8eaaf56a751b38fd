"""Suite of `metrics.unwritten_allegiance`: counts of partners, and what follows from them."""

from expectations.claim_estimates import estimates_with_intervals
from expectations.suite import Suite, row_count_between, rows_satisfy

SUITES = (
    Suite(
        table="metrics.unwritten_allegiance",
        expectations=(
            row_count_between(2, 100, "items, by leader"),
            *estimates_with_intervals(),
            rows_satisfy(
                "partners_owe_it_or_do_not",
                "n_written + n_unwritten = n_partners AND n_of_one_alliance <= n_written",
                "each partner is in one of the two groups",
            ),
            rows_satisfy(
                "what_one_treaty_explains_is_not_tested",
                "estimate IS NULL OR n_of_one_alliance < n_written",
                "the treaty would be tested, not the duty",
            ),
            rows_satisfy(
                "non_inferiority_is_read_from_the_interval",
                "(estimate IS NULL) = (is_non_inferior IS NULL)"
                " AND (is_non_inferior IS NULL OR is_non_inferior = (ci_low > -margin))",
                "the interval decides",
            ),
        ),
    ),
)
