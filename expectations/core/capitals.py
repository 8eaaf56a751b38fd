"""Suite of `core.capitals`: capitals of states."""

from expectations.state_system import spells_do_not_overlap
from expectations.suite import SqlRule, Suite, row_count_between, rows_satisfy

SUITES = (
    Suite(
        table="core.capitals",
        expectations=(
            row_count_between(10, 2_000, "each capital of each state"),
            rows_satisfy(
                "a_capital_counts_to_its_end_or_later",
                "valid_from <= valid_to AND valid_to <= counts_to",
                "it is looked up by a day between valid_from and counts_to",
            ),
            rows_satisfy(
                "only_the_last_capitals_are_carried_forward",
                "is_capital_at_source_end OR counts_to = valid_to",
                "a capital that was given up has a known end",
            ),
        ),
        rules=(
            spells_do_not_overlap("core.capitals"),
            SqlRule(
                "members_have_a_capital",
                "SELECT s.ccode, s.valid_from FROM core.states s WHERE NOT EXISTS ("
                " SELECT 1 FROM core.capitals c WHERE c.ccode = s.ccode"
                " AND c.valid_from <= s.valid_to AND c.counts_to >= s.valid_to)",
                "a state without a capital on its last day has no distance",
                ("core.capitals", "core.states"),
                severity="warning",
            ),
        ),
    ),
)
