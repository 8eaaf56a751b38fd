"""Suite of `metrics.alliance_duration`: intervals, scales and null reasons."""

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
            every_null_has_a_reason(
                "estimate", why="readers need to know why an estimate is missing"
            ),
            interval_contains_the_estimate(),
            rows_satisfy(
                "a_hazard_ratio_is_its_exponential",
                "(scale = 'log_hazard_ratio' AND estimate IS NOT NULL)"
                " = (hazard_ratio IS NOT NULL)"
                " AND (hazard_ratio IS NULL OR abs(ln(hazard_ratio) - estimate) < 1e-9)",
                "one number on two scales",
            ),
            rows_satisfy(
                "ended_alliances_are_in_the_sample",
                "n_events <= n",
                "an alliance ends at most once",
            ),
            rows_satisfy(
                "hazards_have_clusters",
                "(scale = 'log_hazard_ratio') = (n_clusters IS NOT NULL)",
                "standard errors of hazards are clustered by leader",
            ),
        ),
    ),
)
