"""What must hold of the gross domestic product of states."""

from expectations.suite import SqlRule, Suite, row_count_between, rows_satisfy

SUITES = (
    Suite(
        table="core.gdp",
        expectations=(
            row_count_between(50, 50_000, "every state and year that the World Bank has"),
            rows_satisfy("gdp_is_positive", "gdp_usd > 0", "shares and logarithms are taken of it"),
        ),
        rules=(
            SqlRule(
                "states_are_in_the_system_in_the_year",
                "SELECT g.ccode, g.year FROM core.gdp g WHERE NOT EXISTS ("
                " SELECT 1 FROM core.states s WHERE s.ccode = g.ccode"
                " AND g.year BETWEEN year(s.valid_from) AND year(s.valid_to))",
                "aggregates and territories have no place here",
                ("core.gdp", "core.states"),
            ),
        ),
    ),
)
