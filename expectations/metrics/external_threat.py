"""Suite of `metrics.external_threat`: sums, counts and null reasons."""

from expectations.state_system import in_the_system_in_the_year
from expectations.suite import Suite, every_null_has_a_reason, row_count_between, rows_satisfy

TABLE = "metrics.external_threat"

SUITES = (
    Suite(
        table=TABLE,
        expectations=(
            row_count_between(100, 500_000, "every member of the system and year, by hegemon"),
            every_null_has_a_reason("external_threat"),
            rows_satisfy(
                "the_hegemon_is_no_state_of_its_own_rows",
                "ccode <> ccode_hegemon",
                "threat is measured for possible allies",
            ),
            rows_satisfy(
                "without_a_threat_it_is_0",
                "n_threats > 0 OR external_threat = 0",
                "a sum over nobody is 0",
            ),
            rows_satisfy(
                "rivals_neighbours_and_opponents_are_threats",
                "greatest(n_rivals, n_bordering, n_disputes) <= n_threats",
                "they are among them",
            ),
            rows_satisfy(
                "null_means_that_none_is_left",
                "external_threat IS NOT NULL OR n_threats = 0",
                "with one threat known there is a sum",
            ),
        ),
        rules=(in_the_system_in_the_year(TABLE, "a state is threatened while it exists"),),
    ),
)
