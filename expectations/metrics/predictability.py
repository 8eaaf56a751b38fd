"""Suite of `metrics.predictability`: estimates with their intervals and bounds."""

from expectations.suite import (
    Suite,
    every_null_has_a_reason,
    interval_contains_the_estimate,
    rows_satisfy,
)

TABLE = "metrics.predictability"

SUITES = (
    Suite(
        table=TABLE,
        expectations=(
            every_null_has_a_reason("estimate", "ci_low", "ci_high"),
            interval_contains_the_estimate(),
            rows_satisfy(
                "an_estimate_says_how_sure_it_is",
                "(estimate IS NULL) = (inference = 'none')",
                "an estimate without its error is not evidence",
            ),
            rows_satisfy(
                "the_bound_is_a_quarter_of_the_others_mean",
                "abs(equivalence_bound - mean_others / 4) < 1e-9",
                "the bound is a rule, fixed before any estimate",
            ),
            rows_satisfy(
                "only_co_movement_has_votes",
                "(outcome = 'co_movement') = (vote_class <> 'none')",
                "other outcomes are not of votes",
            ),
        ),
    ),
)
