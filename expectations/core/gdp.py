"""Suite of `core.gdp`: gross domestic product of states."""

from expectations.absent_states import every_state_of_the_system_has_rows
from expectations.cross_checks import ratio_of_state_between, series_do_not_jump
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
            ratio_of_state_between(
                "gdp_is_what_spending_and_its_share_imply",
                ("core.military_expenditure", "core.gdp"),
                "a.milex_usd / nullif(a.milex_gdp_share, 0) / nullif(b.gdp_usd, 0)",
                (1 / 30, 30),
                "Cuba's is 23 times as much, since two exchange rates were in use",
            ),
            series_do_not_jump(
                "core.gdp",
                "gdp_usd",
                100,
                "known: Iraq 1991, a 442nd part at the new exchange rate; 12 times elsewhere",
                "ccode = 645 AND year = 1991",
            ),
            ratio_of_state_between(
                "gdp_per_head_is_plausible",
                ("core.gdp", "core.capabilities"),
                "a.gdp_usd / nullif(b.tpop_thousand, 0) / 1000",
                (10, 1_000_000),
                "between 12 dollars in Myanmar and 225,000 in Monaco, in single years",
            ),
            every_state_of_the_system_has_rows("core.gdp"),
            in_the_system_in_the_year("core.gdp", "aggregates and territories have no place here"),
        ),
    ),
)
