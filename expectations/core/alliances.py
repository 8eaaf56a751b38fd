"""Suite of `core.alliances`: alliance-phases."""

from expectations.suite import SqlRule, Suite, row_count_between, rows_satisfy

SUITES = (
    Suite(
        table="core.alliances",
        expectations=(
            row_count_between(5, 10_000, "one row per alliance and phase"),
            rows_satisfy(
                "a_phase_ends_after_it_begins",
                "year_from <= year_to AND (ended_on IS NULL OR began_on <= ended_on)",
                "a phase is in force between the two",
            ),
            rows_satisfy(
                "in_force_means_no_end",
                "in_force_at_source_end = (ended_on IS NULL)",
                "an alliance without an end is in force at the source's end, not for ever",
            ),
            rows_satisfy(
                "class_is_the_strongest_promise",
                "(atop_class = 'defense') = (defense = 1)"
                " AND (atop_class = 'none') = (defense + offense + neutral + nonagg + consul = 0)",
                "headline figures take alliances by class",
            ),
            rows_satisfy(
                "an_alliance_has_two_members", "n_members >= 2", "one state alone is no alliance"
            ),
        ),
        rules=(
            SqlRule(
                "every_phase_of_the_source_is_here",
                "SELECT p.atopid, p.phase FROM staging.stg_atop__phases p"
                " ANTI JOIN core.alliances a USING (atopid, phase)",
                "no alliance is lost",
                ("core.alliances", "staging.stg_atop__phases"),
            ),
        ),
    ),
)
