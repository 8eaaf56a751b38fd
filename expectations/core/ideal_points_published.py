"""Suite of `core.ideal_points_published`: published ideal points of states."""

from expectations.absent_states import every_state_of_the_system_has_rows
from expectations.suite import SqlRule, Suite, row_count_between, rows_satisfy

SUITES = (
    Suite(
        table="core.ideal_points_published",
        expectations=(
            row_count_between(50, 100_000, "every state and year with votes"),
            rows_satisfy(
                "ideal_points_are_standardised",
                "abs(ideal_point_published) <= 6",
                "estimates are about standard deviations",
            ),
        ),
        rules=(
            every_state_of_the_system_has_rows("core.ideal_points_published"),
            SqlRule(
                "every_state_is_known",
                "SELECT DISTINCT i.ccode FROM core.ideal_points_published i"
                " ANTI JOIN core.states s USING (ccode)",
                "an estimate belongs to a state",
                ("core.ideal_points_published", "core.states"),
            ),
        ),
    ),
)
