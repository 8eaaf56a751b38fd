"""Suite of `metrics.triple_difference`: estimates with what they rest on."""

from expectations.suite import (
    Suite,
    every_null_has_a_reason,
    interval_contains_the_estimate,
    rows_satisfy,
)

SUITES = (
    Suite(
        table="metrics.triple_difference",
        expectations=(
            every_null_has_a_reason("estimate"),
            interval_contains_the_estimate(),
            rows_satisfy(
                "an_interval_says_where_it_is_from",
                "(ci_low IS NULL) = (ci_high IS NULL)"
                " AND (ci_low IS NULL) = (inference IN ('none', 'few_switchers'))"
                " AND (estimate IS NULL) = (inference = 'none')",
                "an estimate without its error is not evidence",
            ),
            rows_satisfy(
                "an_interval_rests_on_three_states",
                "ci_low IS NULL OR n_switchers >= 3",
                "fewer promise too much",
            ),
            rows_satisfy(
                "labels_have_no_clustered_error",
                "regressor <> 'western_ally' OR design <> 'session' OR inference <> 'cluster_t'",
                "with five states on one side no clustered error is near its size",
            ),
        ),
    ),
)
