"""Suite of `metrics.triple_difference_score`: which designs have scores."""

from expectations.suite import Suite, rows_satisfy

SUITES = (
    Suite(
        table="metrics.triple_difference_score",
        expectations=(
            rows_satisfy(
                "permutations_and_imputations_have_no_score",
                "design IN ('two_way', 'state_era', 'region_session', 'session', 'stacked',"
                " 'leave_one_wave_out')",
                "the joint test is of weighted least squares",
            ),
        ),
    ),
)
