"""Suite of `metrics.legitimation_two_way`: errors, and estimates of the premium."""

from expectations.suite import (
    SqlRule,
    Suite,
    every_null_has_a_reason,
    interval_contains_the_estimate,
    rows_satisfy,
    the_leader_is_the_hegemon,
)

TABLE = "metrics.legitimation_two_way"
KEY = (
    *("leader", "edition", "tier", "session_from", "session_to"),
    *("vote_set", "vote_class", "estimator"),
)

SUITES = (
    Suite(
        table=TABLE,
        expectations=(
            the_leader_is_the_hegemon(),
            every_null_has_a_reason(
                *("estimate", "std_error_state", "std_error_roll_call", "std_error_two_way"),
                *("ci_low", "ci_high", "p_value", "n_votes_of_class", "n_states", "n_roll_calls"),
                why="readers need to know why an estimate is missing, and each has its errors",
            ),
            interval_contains_the_estimate(),
            rows_satisfy(
                "errors_of_both_are_at_least_those_of_either",
                "std_error_two_way >= greatest(std_error_state, std_error_roll_call)",
                "who lets votes go together in two ways is no surer than in one of them",
            ),
        ),
        rules=(
            SqlRule(
                "estimates_are_those_of_the_premium",
                f"SELECT leader, t.tier, t.session_from, t.estimator FROM {TABLE} t"
                f" LEFT JOIN metrics.legitimation_premium p USING ({', '.join(KEY)})"
                " WHERE CASE WHEN t.estimate IS NOT NULL"
                " THEN p.estimate IS NULL OR abs(p.estimate - t.estimate) > 1e-6"
                # the premium keeps estimates of fewer than three allies, without an interval
                " WHEN p.estimate IS NOT NULL THEN t.null_reason <> 'n_below_min'"
                " ELSE t.null_reason IS DISTINCT FROM p.null_reason END",
                "one estimate, two ways to doubt it, and one reason where there is none",
                (TABLE, "metrics.legitimation_premium"),
            ),
        ),
    ),
)
