"""Suite of `metrics.joint_alliance_shift`: intervals, and one sign on both scales."""

from expectations.claim_estimates import estimates_with_intervals
from expectations.suite import Suite, rows_satisfy

TABLE = "metrics.joint_alliance_shift"

SUITES = (
    Suite(
        table=TABLE,
        expectations=(
            *estimates_with_intervals(),
            rows_satisfy(
                "a_change_of_agreement_is_a_share",
                "scale <> 'agreement' OR estimate BETWEEN -1 AND 1",
                "agreement lies between 0 and 1",
            ),
            rows_satisfy(
                "an_estimate_rests_on_allies_and_others",
                "estimate IS NULL OR (n_allies >= 3 AND n_states - n_allies >= 3)",
                "two groups are compared",
            ),
        ),
    ),
)
