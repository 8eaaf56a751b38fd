"""Suites of `staging.stg_disputes__*`: militarised disputes."""

from expectations.suite import SqlRule, Suite, row_count_between, rows_satisfy

_TABLE = "staging.stg_disputes__directed_dyad_years"

DIRECTED_DYAD_YEARS = Suite(
    table=_TABLE,
    expectations=(
        row_count_between(10, 100_000, "no row of the file is lost or added in staging"),
        rows_satisfy(
            "opponents_are_on_different_sides",
            "is_side_a_one <> is_side_a_other",
            "a pair of one side has no dispute with each other",
        ),
        rows_satisfy(
            "durations_are_in_order",
            "duration_days_min <= duration_days_max",
            "they are the bounds of one duration",
        ),
    ),
    rules=(
        SqlRule(
            "each_pair_is_there_in_both_directions",
            f"SELECT a.dispute_no, a.ccode_one, a.ccode_other, a.year FROM {_TABLE} a"
            f" WHERE NOT EXISTS (SELECT 1 FROM {_TABLE} b WHERE b.dispute_no = a.dispute_no"
            " AND b.ccode_one = a.ccode_other AND b.ccode_other = a.ccode_one"
            " AND b.year = a.year"
            " AND b.hostility_level_one IS NOT DISTINCT FROM a.hostility_level_other"
            " AND b.hostility_level_other IS NOT DISTINCT FROM a.hostility_level_one)",
            "core.disputes keeps one direction and would lose a pair that has only the other",
            (_TABLE,),
        ),
    ),
)

SUITES = (DIRECTED_DYAD_YEARS,)
