"""What the gates find in the real files: the known oddities, each counted, and nothing else."""

from typing import Any

KNOWN = {
    ("raw", "raw.atop__members", "CompoundColumnsToBeUnique(atopid, phase, member)"): ("info", 6),
    ("raw", "raw.un_votes__roll_calls", "totals_are_given"): ("info", 147),
    (
        *("raw", "raw.us_bases__sites"),
        "CompoundColumnsToBeUnique(countryname, basename, lat, lon)",
    ): ("info", 2),
    ("staged", "staging.stg_atop__members", "a_member_is_a_state_code"): ("info", 1),
    (
        *("staged", "staging.stg_cow_capabilities__state_years"),
        "urban_population_is_a_part_of_the_total",
    ): ("warning", 2),
    ("staged", "staging.stg_un_votes__roll_calls", "month_lies_in_its_session"): ("warning", 2),
    ("staged", "staging.stg_us_troops__host_years", "branches_add_up_to_the_total"): ("warning", 2),
    ("core", "core.roll_calls", "published_totals_equal_counted_votes"): ("warning", 379),
    ("core", "core.vote_contradictions", "no_vote_of_a_non_member"): ("warning", 2),
    (
        *("warehouse", "staging.stg_un_votes__roll_calls"),
        "important_votes_per_session",
    ): ("warning", 1),
    (
        *("warehouse", "staging.stg_un_ideal_points__state_years"),
        "years_have_a_plausible_number_of_votes",
    ): ("warning", 1),
    ("warehouse", "core.regimes", "large_states_have_an_index"): ("warning", 3),
    (
        *("warehouse", "core.obligations"),
        "promises_equal_the_source_s_own_state_years",
    ): ("warning", 4),
}


def test_the_gates_find_the_known_oddities_and_nothing_else(mirror_home: Any) -> None:
    rows = mirror_home.rows(
        "SELECT stage, table_name, expectation, severity, n_failed FROM meta.validation_results"
        " WHERE NOT passed AND table_name NOT LIKE 'metrics.%'"
    )
    assert {tuple(row[:3]): tuple(row[3:]) for row in rows} == KNOWN


def test_the_pinned_row_counts_were_applied(mirror_home: Any) -> None:
    rows = mirror_home.rows(
        "SELECT table_name, count(*), bool_and(passed) FROM meta.validation_results"
        " WHERE expectation LIKE 'RowCountsAsPinned%' GROUP BY table_name"
    )
    applied = {table: (count, passed) for table, count, passed in rows}
    assert applied["raw.un_votes__votes"] == (1, True)
    assert applied["raw.atop__members"] == (1, True)
    assert all(passed for _, passed in applied.values())
