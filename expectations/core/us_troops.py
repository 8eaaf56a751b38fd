"""Suite of `core.us_troops`: US troops in other states."""

from expectations.absent_states import every_state_of_the_system_has_rows
from expectations.state_system import in_the_system_in_the_year
from expectations.suite import Suite, one_of, row_count_between, rows_satisfy

SUITES = (
    Suite(
        table="core.us_troops",
        expectations=(
            row_count_between(20, 100_000, "every host and year since 1950"),
            one_of("ccode_from", (2,), "the series counts troops of the United States alone"),
            rows_satisfy("troops_are_abroad", "ccode_to <> 2", "troops at home are no host's"),
        ),
        rules=(
            every_state_of_the_system_has_rows("core.us_troops", ccode="ccode_to"),
            in_the_system_in_the_year(
                "core.us_troops",
                "territories and ships have no place here",
                ccode="ccode_to",
                name="hosts_are_in_the_system_in_the_year",
            ),
        ),
    ),
)
