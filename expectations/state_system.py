"""Rules on membership in the state system, shared by several suites.

This module has no suite of its own.
"""

from expectations.suite import Expectation, SqlRule, expect, row_count_between, rows_satisfy


def spell_expectations() -> tuple[Expectation, ...]:
    """What holds of spells of membership, typed (staging) and with all codes (core)."""
    return (
        row_count_between(10, 1_000, "some 240 spells since 1816; fewer in a simulated world"),
        rows_satisfy(
            "a_spell_ends_after_it_begins",
            "valid_from <= valid_to",
            "a state is looked up by a day between the two",
        ),
        expect(
            "ColumnDistinctValuesToContainSet",
            "the hegemons and placebo hegemons of the study",
            column="ccode",
            value_set=[2, 200, 220, 365, 710],
        ),
    )


def spells_do_not_overlap(table: str) -> SqlRule:
    """Expects one spell per state and day.

    Args:
        table: Full name of a table with ccode, valid_from and valid_to.
    """
    return SqlRule(
        "spells_of_a_state_do_not_overlap",
        "SELECT a.ccode, a.valid_from, a.valid_to, b.valid_from AS next_from"
        f" FROM {table} a JOIN {table} b ON a.ccode = b.ccode"
        " AND a.valid_from < b.valid_from AND a.valid_to > b.valid_from",
        "a day must find one spell; known and allowed: Yugoslavia ends on the day on which"
        " Serbia begins",
        (table,),
    )


def in_the_system_in_the_year(
    table: str,
    why: str,
    *,
    ccode: str = "ccode",
    name: str = "states_are_in_the_system_in_the_year",
) -> SqlRule:
    """Expects that every state counts as a member of the system on at least one day of its year.

    It is the rule by which the steps keep a yearly figure: who was a member when the list of states
    ended counts as one afterwards (`core.states.counts_to`).

    Args:
        table: Full name of a table with a state and a year.
        why: What breaks for a reader when it does not hold.
        ccode: Column of the state.
        name: Name of the rule.
    """
    return SqlRule(
        name,
        f"SELECT t.{ccode}, t.year FROM {table} t WHERE NOT EXISTS ("
        f" SELECT 1 FROM core.states s WHERE s.ccode = t.{ccode}"
        " AND t.year BETWEEN year(s.valid_from) AND year(s.counts_to))",
        why,
        (table, "core.states"),
    )
