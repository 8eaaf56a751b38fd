"""What must hold of the legitimation premium: ranges, reasons, coverage."""

from expectations.suite import SqlRule, Suite, rows_satisfy

SUITES = (
    Suite(
        table="metrics.legitimation_premium",
        key=(
            *("ccode_hegemon", "tier", "session_from", "session_to"),
            *("vote_set", "vote_class", "estimator"),
        ),
        expectations=(
            rows_satisfy(
                "every_null_has_a_reason",
                "(estimate IS NULL) = (null_reason IS NOT NULL)"
                " AND (estimate IS NOT NULL OR (ci_low IS NULL AND ci_high IS NULL))",
                "readers are told why an estimate is missing",
            ),
            rows_satisfy(
                "sessions_are_in_order", "session_from <= session_to", "a range of sessions"
            ),
            rows_satisfy(
                "the_interval_has_two_ends",
                "(ci_low IS NULL) = (ci_high IS NULL) AND (ci_low IS NULL OR ci_low <= ci_high)",
                "an interval has a lower and an upper end",
            ),
            rows_satisfy(
                "the_interval_contains_the_estimate",
                "ci_low <= estimate + 1e-9 AND estimate <= ci_high + 1e-9",
                "a percentile interval that leaves its estimate out hints at a biased resampling",
                severity="warning",
            ),
            rows_satisfy(
                "lp0_has_no_p_value",
                "estimator <> 'LP0' OR p_value IS NULL",
                "the raw difference is descriptive only",
            ),
            rows_satisfy(
                "an_estimate_rests_on_two_groups",
                "estimate IS NULL OR (n_allies >= 1 AND n_others >= 1 AND n_roll_calls >= 1)",
                "a difference needs allies and others",
            ),
        ),
        rules=(
            SqlRule(
                "atop_tier_ends_with_the_source",
                "SELECT ccode_hegemon, tier, session_from, session_to"
                " FROM metrics.legitimation_premium WHERE tier = 'atop' AND estimate IS NOT NULL"
                " AND session_to + 1945 > (SELECT max(year_to) FROM core.alliances)",
                "ATOP is never carried forward",
                ("metrics.legitimation_premium", "core.alliances"),
            ),
            SqlRule(
                "sessions_have_roll_calls",
                "SELECT DISTINCT p.session_from, p.session_to FROM metrics.legitimation_premium p"
                " WHERE p.estimate IS NOT NULL AND NOT EXISTS (SELECT 1 FROM core.roll_calls r"
                " WHERE r.session BETWEEN p.session_from AND p.session_to)",
                "an estimate rests on votes",
                ("metrics.legitimation_premium", "core.roll_calls"),
            ),
        ),
    ),
)
