"""Suite of `core.states`: states of the system."""

from expectations.state_system import spell_expectations, spells_do_not_overlap
from expectations.suite import SqlRule, Suite, rows_satisfy

SUITES = (
    Suite(
        table="core.states",
        expectations=(
            *spell_expectations(),
            rows_satisfy(
                "iso3_has_three_capitals",
                "iso3 ~ '^[A-Z]{3}$'",
                "joins to other data use it",
            ),
        ),
        rules=(
            spells_do_not_overlap("core.states"),
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
