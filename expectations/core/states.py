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
            rows_satisfy(
                "only_spells_at_the_list_s_end_are_carried_forward",
                "counts_to >= valid_to AND (is_in_system_at_source_end OR counts_to = valid_to)",
                "a spell that the list ends is an exit, and one that lasts to its end is none",
            ),
        ),
        rules=(
            spells_do_not_overlap("core.states"),
            SqlRule(
                "the_list_ends_for_most_states_at_once",
                "SELECT count(*) AS n_states,"
                " count(*) FILTER (is_in_system_at_source_end) AS n_at_end"
                " FROM core.states WHERE valid_to > (SELECT max(valid_to) FROM core.states)"
                " - INTERVAL 10 YEAR HAVING n_at_end < 0.5 * n_states",
                "a single wrong date would move the list's end, and make exits of all other states",
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
