"""Suite of `core.major_powers`: periods of major power status."""

from expectations.suite import SqlRule, Suite, row_count_between, rows_satisfy

SUITES = (
    Suite(
        table="core.major_powers",
        expectations=(
            row_count_between(5, 100, "some fourteen spells, and those carried forward"),
            rows_satisfy("a_spell_has_years", "year_from <= year_to", "years lie between the two"),
            rows_satisfy(
                "carried_spells_begin_after_the_list",
                "carried_forward_from_year IS NULL OR year_from > carried_forward_from_year",
                "a carried spell is an assumption about later years",
            ),
        ),
        rules=(
            SqlRule(
                "spells_of_a_power_do_not_overlap",
                "SELECT a.ccode, a.year_from, a.year_to, b.year_from AS next_from"
                " FROM core.major_powers a JOIN core.major_powers b"
                " ON a.ccode = b.ccode AND a.year_from < b.year_from AND a.year_to >= b.year_from",
                "a power would count twice in a year",
                ("core.major_powers",),
            ),
            SqlRule(
                "every_power_is_a_state",
                "SELECT DISTINCT m.ccode FROM core.major_powers m"
                " ANTI JOIN core.states s USING (ccode)",
                "a major power is a state of the system",
                ("core.major_powers", "core.states"),
            ),
        ),
    ),
)
