"""What must hold of the states of the system."""

from expectations.suite import SqlRule, Suite, expect, row_count_between, rows_satisfy

SUITES = (
    Suite(
        table="core.states",
        expectations=(
            row_count_between(10, 1_000, "some 240 spells since 1816; fewer in a simulated world"),
            rows_satisfy(
                "a_spell_ends_after_it_begins",
                "valid_from <= valid_to",
                "a state is looked up by a day between the two",
            ),
            rows_satisfy(
                "iso3_has_three_capitals",
                "iso3 ~ '^[A-Z]{3}$'",
                "joins to other data use it",
            ),
            expect(
                "ColumnDistinctValuesToContainSet",
                "the hegemons and placebo hegemons of the study",
                column="ccode",
                value_set=[2, 200, 220, 365, 710],
            ),
        ),
        rules=(
            SqlRule(
                "spells_of_a_state_do_not_overlap",
                "SELECT a.ccode, a.valid_from, a.valid_to, b.valid_from AS next_from"
                " FROM core.states a JOIN core.states b ON a.ccode = b.ccode"
                " AND a.valid_from < b.valid_from AND a.valid_to > b.valid_from",
                "a day must find one spell; known and allowed: Yugoslavia ends on the day on"
                " which Serbia begins",
                ("core.states",),
            ),
            SqlRule(
                "every_spell_of_the_list_is_here",
                "SELECT s.ccode, s.valid_from FROM staging.stg_cow_states__spells s"
                " ANTI JOIN core.states c USING (ccode, valid_from)",
                "a state that is missing here takes its votes and alliances with it",
                ("core.states", "staging.stg_cow_states__spells"),
            ),
        ),
    ),
)
