"""Suite of `core.military_expenditure`: SIPRI's military expenditure of states."""

from expectations.absent_states import every_state_of_the_system_has_rows
from expectations.cross_checks import ratio_of_state_between, series_do_not_jump, years_are_those_of
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
            years_are_those_of(
                "years_are_those_of_gdp",
                "core.military_expenditure",
                "a.milex_usd / nullif(a.milex_gdp_share, 0) / nullif(b.gdp_usd, 0)",
                "core.gdp",
                "spending over its share of GDP is GDP, 1 % apart in the same year and 10 % in"
                " the next",
            ),
            years_are_those_of(
                "years_are_those_of_national_capabilities",
                "core.military_expenditure",
                "a.milex_usd / nullif(b.milex_thousand, 0) / 1000",
                "core.capabilities",
                "12 % apart in the same year, 16 and 19 % in the next",
            ),
            ratio_of_state_between(
                "spending_is_that_of_national_capabilities",
                ("core.military_expenditure", "core.capabilities"),
                "a.milex_usd / nullif(b.milex_thousand, 0) / 1000",
                (1 / 60, 60),
                "Equatorial Guinea's are 25 times those of the other, Cuba's a 22nd part",
            ),
            series_do_not_jump(
                "core.military_expenditure", "milex_usd", 300, "known: Venezuela 2019, a 186th part"
            ),
            every_state_of_the_system_has_rows("core.military_expenditure"),
            in_the_system_in_the_year(
                "core.military_expenditure", "expenditure belongs to states while they exist"
            ),
        ),
    ),
)
