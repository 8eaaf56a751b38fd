"""Suite of `metrics.legitimation_event_study`: effects and intervals by event time."""

from expectations.suite import (
    Suite,
    every_null_has_a_reason,
    rows_satisfy,
    the_leader_is_the_hegemon,
)

SUITES = (
    Suite(
        table="metrics.legitimation_event_study",
        expectations=(
            the_leader_is_the_hegemon(),
            every_null_has_a_reason(
                "estimate", why="readers need to know why an effect is missing"
            ),
            rows_satisfy(
                "the_interval_has_two_ends",
                "(ci_low IS NULL) = (ci_high IS NULL) AND (ci_low IS NULL) = (p_value IS NULL)"
                " AND (ci_low IS NULL OR ci_low <= ci_high)"
                " AND (ci_low IS NULL OR estimate IS NOT NULL)",
                "an interval has a lower and an upper end",
            ),
            rows_satisfy(
                "the_year_before_entry_is_the_base",
                "event_time <> -1 OR event_time_to <> -1 OR estimate IS NULL"
                " OR (estimate = 0 AND ci_low IS NULL)",
                "effects are changes since that year",
            ),
            rows_satisfy(
                "spans_are_in_order", "event_time <= event_time_to", "a span of event time"
            ),
        ),
    ),
)
