"""Suite of `metrics.legitimation_dose`: slopes and intervals."""

from expectations.suite import (
    Suite,
    every_null_has_a_reason,
    rows_satisfy,
    the_leader_is_the_hegemon,
)

SUITES = (
    Suite(
        table="metrics.legitimation_dose",
        expectations=(
            the_leader_is_the_hegemon(),
            every_null_has_a_reason("estimate", why="readers need to know why a slope is missing"),
            rows_satisfy(
                "the_interval_has_two_ends",
                "(ci_low IS NULL) = (ci_high IS NULL) AND (ci_low IS NULL) = (p_value IS NULL)"
                " AND (ci_low IS NULL OR ci_low <= ci_high)"
                " AND (ci_low IS NULL) = (inference IN ('none', 'few_allies'))",
                "an interval has a lower and an upper end",
            ),
            rows_satisfy(
                "a_slope_rests_on_ten_states",
                "estimate IS NULL OR n_states >= 10",
                "a slope through fewer says nothing",
            ),
        ),
    ),
)
