"""Suite of `metrics.legitimation_supply`: residuals and intervals."""

from expectations.suite import Suite, rows_satisfy, the_leader_is_the_hegemon

SUITES = (
    Suite(
        table="metrics.legitimation_supply",
        expectations=(
            the_leader_is_the_hegemon(),
            rows_satisfy(
                "every_null_has_a_reason",
                "(residual IS NULL) = (null_reason IS NOT NULL)"
                " AND (residual IS NULL) = (mean_agreement IS NULL)"
                " AND (residual IS NULL) = (expected_agreement IS NULL)"
                " AND (residual IS NULL) = (n_votes_of_class < 10)",
                "readers need to know why a residual is missing",
            ),
            rows_satisfy(
                "agreement_is_expected_plus_residual",
                "residual IS NULL OR abs(mean_agreement - expected_agreement - residual) < 1e-9",
                "agreement is expected plus residual",
            ),
            rows_satisfy(
                "the_interval_is_around_the_residual",
                "(ci_low IS NULL) = (ci_high IS NULL) AND (ci_low IS NULL OR"
                " abs(ci_low + ci_high - 2 * residual) < 1e-9)"
                " AND (ci_low IS NULL) = (inference = 'none')",
                "the interval is of the residual",
            ),
        ),
    ),
)
