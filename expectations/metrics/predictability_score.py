"""Suite of `metrics.predictability_score`: only estimates by least squares have scores."""

from expectations.suite import Suite, rows_satisfy

SUITES = (
    Suite(
        table="metrics.predictability_score",
        expectations=(
            rows_satisfy(
                "trends_have_no_score",
                "outcome IN ('co_movement', 'client_disputes')",
                "the joint test is of effects",
            ),
        ),
    ),
)
