"""Suite of `metrics.exchange_under_threat_score`: only effects have scores."""

from expectations.suite import Suite, rows_satisfy

SUITES = (
    Suite(
        table="metrics.exchange_under_threat_score",
        expectations=(
            rows_satisfy(
                "combinations_have_no_score",
                "quantity IN ('adjusted', 'unadjusted')",
                "the joint test is of cells that have scores",
            ),
        ),
    ),
)
