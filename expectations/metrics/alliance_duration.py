"""What must hold of durations of alliances: intervals, scales, reasons."""

from expectations.suite import (
    Suite,
    every_null_has_a_reason,
    interval_contains_the_estimate,
    rows_satisfy,
)

DURATION = "metrics.alliance_duration"

SUITES = (
    Suite(
        table=DURATION,
        expectations=(
            every_null_has_a_reason("estimate", why="readers are told why an estimate is missing"),
            interval_contains_the_estimate(),
            rows_satisfy(
                "a_hazard_ratio_is_its_exponential",
                "(scale = 'log_hazard_ratio' AND estimate IS NOT NULL)"
                " = (hazard_ratio IS NOT NULL)"
                " AND (hazard_ratio IS NULL OR abs(ln(hazard_ratio) - estimate) < 1e-9)",
                "one number on two scales",
            ),
            rows_satisfy("who_ends_was_there", "n_events <= n", "an alliance ends at most once"),
            rows_satisfy(
                "hazards_have_clusters",
                "(scale = 'log_hazard_ratio') = (n_clusters IS NOT NULL)",
                "standard errors of hazards are clustered by leader",
            ),
        ),
    ),
)
