"""Suite of `metrics.support_returns_score`: the jackknife has no score."""

from expectations.suite import Suite, rows_satisfy

SUITES = (
    Suite(
        table="metrics.support_returns_score",
        expectations=(
            rows_satisfy(
                "the_jackknife_has_no_score",
                "design <> 'half_panel_jackknife'",
                "the joint test is of cells that have scores",
            ),
        ),
    ),
)
