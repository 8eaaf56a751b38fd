"""Suite of `core.military_expenditure`: SIPRI's military expenditure of states."""

from expectations.absent_states import every_state_of_the_system_has_rows
from expectations.state_system import in_the_system_in_the_year
from expectations.suite import Suite, row_count_between, rows_satisfy

SUITES = (
    Suite(
        table="core.military_expenditure",
        expectations=(
            row_count_between(50, 50_000, "every state and year that SIPRI lists"),
            rows_satisfy(
                "dollars_are_null_where_the_status_says_so",
                "(milex_usd IS NOT NULL) = (milex_usd_status IN ('published', 'published_zero'))",
                "a missing exchange rate is not zero spending",
            ),
            rows_satisfy(
                "shares_are_null_where_the_status_says_so",
                "(milex_gdp_share IS NOT NULL) = (milex_gdp_share_status = 'published')",
                "readers need to know why a share is missing",
            ),
            rows_satisfy(
                "a_published_zero_is_zero",
                "milex_usd_status <> 'published_zero' OR milex_usd = 0",
                "the status says what the figure is",
            ),
        ),
        rules=(
            every_state_of_the_system_has_rows("core.military_expenditure"),
            in_the_system_in_the_year(
                "core.military_expenditure", "expenditure belongs to states while they exist"
            ),
        ),
    ),
)
