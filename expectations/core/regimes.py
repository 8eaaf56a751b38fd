"""Suite of `core.regimes`: electoral democracy of states."""

from expectations.state_system import in_the_system_in_the_year
from expectations.suite import SqlRule, Suite, row_count_between, rows_satisfy

SUITES = (
    Suite(
        table="core.regimes",
        expectations=(
            row_count_between(100, 100_000, "every state and year with an index"),
            rows_satisfy(
                "the_interval_holds_the_index",
                "polyarchy BETWEEN polyarchy_low AND polyarchy_high",
                "low and high are the ends of the interval of the same posterior",
            ),
        ),
        rules=(
            in_the_system_in_the_year(
                "core.regimes", "V-Dem's countries have years before they were states"
            ),
            SqlRule(
                "large_states_have_an_index",
                "SELECT c.ccode, c.year FROM core.capabilities c WHERE c.tpop_thousand > 1000"
                " AND c.year BETWEEN 1946 AND (SELECT max(year) FROM core.regimes)"
                " AND NOT EXISTS (SELECT 1 FROM core.regimes r"
                " WHERE r.ccode = c.ccode AND r.year = c.year)",
                "a wrong code would lose a state; known: Germany and Yemen, which have one of"
                " their two codes in 1990, and Cameroon, which V-Dem has from 1961",
                ("core.regimes", "core.capabilities"),
                severity="warning",
            ),
        ),
    ),
)
