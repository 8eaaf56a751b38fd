"""Suites of `staging.stg_cow_states__*`: membership in the state system."""

from expectations.cross_checks import names_are_of_one_state
from expectations.state_system import spell_expectations, spells_do_not_overlap
from expectations.suite import Suite

SPELLS = Suite(
    table="staging.stg_cow_states__spells",
    expectations=spell_expectations(),
    rules=(
        names_are_of_one_state("staging.stg_cow_states__spells", "ccode", "state_name"),
        spells_do_not_overlap("staging.stg_cow_states__spells"),
    ),
)

SUITES = (SPELLS,)
