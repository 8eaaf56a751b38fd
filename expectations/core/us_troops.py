"""What must hold of US troops in other states."""

from expectations.suite import SqlRule, Suite, one_of, row_count_between, rows_satisfy

SUITES = (
    Suite(
        table="core.us_troops",
        expectations=(
            row_count_between(20, 100_000, "every host and year since 1950"),
            one_of("ccode_from", (2,), "the series counts troops of the United States alone"),
            rows_satisfy("troops_are_abroad", "ccode_to <> 2", "troops at home are no host's"),
        ),
        rules=(
            SqlRule(
                "hosts_are_in_the_system_in_the_year",
                "SELECT t.ccode_to, t.year FROM core.us_troops t WHERE NOT EXISTS ("
                " SELECT 1 FROM core.states s WHERE s.ccode = t.ccode_to"
                " AND t.year BETWEEN year(s.valid_from) AND year(s.valid_to))",
                "territories and ships have no place here",
                ("core.us_troops", "core.states"),
            ),
        ),
    ),
)
