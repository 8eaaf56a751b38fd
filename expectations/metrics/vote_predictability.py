"""Suite of `metrics.vote_predictability`: changes of both halves, and when there are none."""

from expectations.suite import Suite, every_null_has_a_reason, row_count_between, rows_satisfy

TABLE = "metrics.vote_predictability"

SUITES = (
    Suite(
        table=TABLE,
        expectations=(
            row_count_between(10, 500_000, "states and sessions, by class and scale"),
            every_null_has_a_reason("change_0", "change_1", "change_product", "weight"),
            rows_satisfy(
                "no_state_agrees_with_itself",
                "ccode <> leader",
                "agreement is with another state",
            ),
            rows_satisfy(
                "a_half_has_five_votes",
                "null_reason IS NOT NULL OR least(n_0, n_1, n_before_0, n_before_1) >= 5",
                "a change of a mean over fewer votes is noise",
            ),
            rows_satisfy(
                "a_session_before_has_votes",
                "(n_before_0 IS NULL) = coalesce(null_reason = 'no_session_before', false)",
                "votes of the session before are known where it is one",
            ),
            rows_satisfy(
                "the_product_is_that_of_the_changes",
                "abs(change_product - change_0 * change_1) < 1e-9",
                "q is the product of the changes",
            ),
            rows_satisfy(
                "status_and_its_change_are_known_alike",
                "is_status_unchanged IS NULL OR is_ally IS NOT NULL",
                "a change of what is not known is not known",
            ),
        ),
    ),
)
