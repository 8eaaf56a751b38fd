"""Suite of `core.gdp`: gross domestic product of states."""

from expectations.absent_states import every_state_of_the_system_has_rows
from expectations.state_system import in_the_system_in_the_year
from expectations.suite import Suite, row_count_between, rows_satisfy

SUITES = (
    Suite(
        table="core.gdp",
        expectations=(
            row_count_between(50, 50_000, "every state and year that the World Bank has"),
            rows_satisfy("gdp_is_positive", "gdp_usd > 0", "shares and logarithms are taken of it"),
        ),
        rules=(
            every_state_of_the_system_has_rows("core.gdp"),
            in_the_system_in_the_year("core.gdp", "aggregates and territories have no place here"),
        ),
    ),
)
