"""What must hold of material capabilities."""

from expectations.suite import SqlRule, Suite, row_count_between, rows_satisfy

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
            SqlRule(
                "states_are_in_the_system_in_the_year",
                "SELECT c.ccode, c.year FROM core.capabilities c WHERE NOT EXISTS ("
                " SELECT 1 FROM core.states s WHERE s.ccode = c.ccode"
                " AND c.year BETWEEN year(s.valid_from) AND year(s.valid_to))",
                "capabilities belong to states while they exist",
                ("core.capabilities", "core.states"),
            ),
        ),
    ),
)
