"""Suite of `core.trade`: imports and exports of states."""

from expectations.state_system import in_the_system_in_the_year
from expectations.suite import Suite, row_count_between, rows_satisfy

SUITES = (
    Suite(
        table="core.trade",
        expectations=(
            row_count_between(100, 100_000, "every state and year with a figure"),
            rows_satisfy(
                "a_row_has_a_value",
                "coalesce(imports_million_usd, exports_million_usd) IS NOT NULL",
                "a row without any value is left out",
            ),
        ),
        rules=(
            in_the_system_in_the_year("core.trade", "trade belongs to states while they exist"),
        ),
    ),
)
