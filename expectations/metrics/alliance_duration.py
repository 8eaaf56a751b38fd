"""What must hold of durations of alliances: intervals, scales, reasons."""

from expectations.suite import Suite, rows_satisfy

DURATION = "metrics.alliance_duration"

SUITES = (
    Suite(
        table=DURATION,
        key=("sample", "estimator", "term"),
        expectations=(
            rows_satisfy(
                "every_null_has_a_reason",
                "(estimate IS NULL) = (null_reason IS NOT NULL)",
                "readers are told why an estimate is missing",
            ),
            rows_satisfy(
                "the_interval_contains_the_estimate",
                "(ci_low IS NULL OR ci_low <= estimate)"
                " AND (ci_high IS NULL OR estimate <= ci_high)",
                "an interval is around its estimate",
            ),
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
