"""Suite of `core.us_bases`: US bases in other states."""

from expectations.suite import SqlRule, Suite, one_of, row_count_between, rows_satisfy

SUITES = (
    Suite(
        table="core.us_bases",
        expectations=(
            row_count_between(10, 5_000, "some 370 bases; fewer in a simulated world"),
            one_of("ccode_from", (2,), "the list has bases of the United States alone"),
            rows_satisfy("bases_are_abroad", "ccode_to <> 2", "bases at home are no host's"),
        ),
        rules=(
            SqlRule(
                "hosts_are_states",
                "SELECT b.ccode_to, b.base_name FROM core.us_bases b"
                " WHERE b.ccode_to NOT IN (SELECT ccode FROM core.states)",
                "territories have no place here",
                ("core.us_bases", "core.states"),
            ),
        ),
    ),
)
