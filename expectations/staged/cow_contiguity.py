"""Suites of `staging.stg_cow_contiguity__*`: direct contiguity of states."""

from expectations.suite import SqlRule, Suite, row_count_between, rows_satisfy

_TABLE = "staging.stg_cow_contiguity__directed_spells"

DIRECTED_SPELLS = Suite(
    table=_TABLE,
    expectations=(
        row_count_between(10, 20_000, "no row of the file is lost or added in staging"),
        rows_satisfy(
            "a_spell_ends_after_it_begins",
            "valid_from <= valid_to",
            "a pair is looked up by a day between the two",
        ),
        rows_satisfy("two_states", "ccode_one <> ccode_other", "no state borders on itself"),
    ),
    rules=(
        SqlRule(
            "each_pair_is_there_in_both_directions",
            f"SELECT a.ccode_one, a.ccode_other, a.valid_from FROM {_TABLE} a WHERE NOT EXISTS ("
            f" SELECT 1 FROM {_TABLE} b WHERE b.ccode_one = a.ccode_other"
            " AND b.ccode_other = a.ccode_one AND b.valid_from = a.valid_from"
            " AND b.valid_to = a.valid_to AND b.contiguity_type = a.contiguity_type)",
            "core.contiguity keeps one direction and would lose a pair that has only the other",
            (_TABLE,),
        ),
    ),
)

SUITES = (DIRECTED_SPELLS,)
