"""Suite of `core.capabilities`: material capabilities."""

from expectations.absent_states import every_state_of_the_system_has_rows
from expectations.state_system import in_the_system_in_the_year
from expectations.suite import Suite, row_count_between, rows_satisfy

SUITES = (
    Suite(
        table="core.capabilities",
        expectations=(
            row_count_between(100, 100_000, "every state and year since 1816"),
            rows_satisfy(
                "currency_changes_in_1914",
                "(milex_currency = 'GBP') = (year <= 1913)",
                "pounds and dollars must never be compared",
            ),
        ),
        rules=(
            every_state_of_the_system_has_rows("core.capabilities"),
            in_the_system_in_the_year(
                "core.capabilities", "capabilities belong to states while they exist"
            ),
        ),
    ),
)
