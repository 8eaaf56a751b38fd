"""Suite of `core.treaty_allies`: allies by dated treaty."""

from expectations.suite import SqlRule, Suite, row_count_between, rows_satisfy

SUITES = (
    Suite(
        table="core.treaty_allies",
        expectations=(
            row_count_between(5, 1_000, "NATO, Rio, single treaties and compacts"),
            rows_satisfy(
                "in_force_is_not_before_signature",
                "signed_on IS NULL OR signed_on <= in_force_from",
                "an aspirant is no ally: ATOP dates at signature, these dates are of entry into"
                " force",
            ),
            rows_satisfy(
                "a_treaty_ends_after_it_begins",
                "in_force_to IS NULL OR in_force_from <= in_force_to",
                "a tie is in force between the two",
            ),
            rows_satisfy(
                "a_treaty_counts_while_it_is_known",
                "counts_to >= in_force_from AND (in_force_to IS NULL OR counts_to = in_force_to)",
                "a treaty without an end counts to the end of its list, no further",
            ),
            rows_satisfy(
                "compacts_are_guarantees",
                "is_cofa = (tier = 'guarantee')",
                "the guarantee tier adds the Compacts of Free Association to the treaty tier",
            ),
        ),
        rules=(
            SqlRule(
                "allies_are_states",
                "SELECT DISTINCT t.ccode FROM core.treaty_allies t"
                " ANTI JOIN core.states s USING (ccode)",
                "hand-coded codes can be mistyped",
                ("core.treaty_allies", "core.states"),
            ),
        ),
    ),
)
