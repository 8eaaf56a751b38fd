"""Suite of `metrics.legitimation_premium`: ranges, intervals and null reasons."""

from expectations.suite import (
    SqlRule,
    Suite,
    interval_contains_the_estimate,
    rows_satisfy,
    the_leader_is_the_hegemon,
)

SUITES = (
    Suite(
        table="metrics.legitimation_premium",
        expectations=(
            the_leader_is_the_hegemon(),
            rows_satisfy(
                "every_null_has_a_reason",
                "(estimate IS NULL) = (null_reason IS NOT NULL)"
                " AND (estimate IS NOT NULL OR (ci_low IS NULL AND ci_high IS NULL))",
                "readers need to know why an estimate is missing",
            ),
            rows_satisfy(
                "sessions_are_in_order", "session_from <= session_to", "a range of sessions"
            ),
            rows_satisfy(
                "the_interval_has_two_ends",
                "(ci_low IS NULL) = (ci_high IS NULL) AND (ci_low IS NULL OR ci_low <= ci_high)",
                "an interval has a lower and an upper end",
            ),
            interval_contains_the_estimate(tolerance=1e-8, severity="warning"),
            rows_satisfy(
                "single_sessions_have_no_p_value",
                "session_from < session_to OR p_value IS NULL",
                "the raw difference of one session is descriptive only",
            ),
            rows_satisfy(
                "inference_is_named",
                "(p_value IS NULL OR inference NOT IN ('none', 'few_allies'))"
                " AND (ci_low IS NULL OR inference NOT IN ('none', 'few_allies'))"
                " AND (estimate IS NOT NULL OR p_value IS NULL)",
                "readers need to know where an interval comes from",
            ),
            rows_satisfy(
                "the_second_interval_has_two_ends",
                "(ci_low_bca IS NULL) = (ci_high_bca IS NULL)"
                " AND (ci_low_bca IS NULL OR ci_low_bca <= ci_high_bca)",
                "an interval has a lower and an upper end",
            ),
            rows_satisfy(
                "shares_stay_within_one",
                "estimator = 'LP1_logit' OR estimate IS NULL"
                " OR abs(estimate) <= CASE estimator WHEN 'LP1' THEN 2 ELSE 1 END",
                "a difference of shares",
            ),
            rows_satisfy(
                "sessions_used_are_in_the_range",
                "(session_first IS NULL) = (session_last IS NULL) AND (session_first IS NULL"
                " OR session_from <= session_first AND session_first <= session_last"
                " AND session_last <= session_to)",
                "the range that is named is the one that is used",
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
                " FROM metrics.legitimation_premium WHERE tier IN ('atop', 'us_atop')"
                " AND estimate IS NOT NULL"
                " AND session_last + 1945 > (SELECT max(year_to) FROM core.alliances)",
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
