"""Suite of `metrics.voting_coincidence`: formulas, null reasons and official status."""

from expectations.suite import SqlRule, Suite, every_null_has_a_reason, rows_satisfy

TABLE = "metrics.voting_coincidence"
WEIGHT = "coalesce(consensus_weight, 0)"

SUITES = (
    Suite(
        table=TABLE,
        expectations=(
            every_null_has_a_reason(
                "coincidence_share", why="readers need to know why a share is missing"
            ),
            rows_satisfy(
                "the_official_formula_holds",
                "formula <> 'yes_no_only' OR coincidence_share IS NULL OR abs(coincidence_share"
                f" * (n_same + n_opposite + {WEIGHT}) - (n_same + {WEIGHT})) <= 1e-6",
                "same / (same + opposite)",
            ),
            rows_satisfy(
                "the_inferred_formula_holds",
                "formula <> 'with_abstentions' OR coincidence_share IS NULL"
                f" OR abs(coincidence_share * (n_same + n_opposite + n_partial + {WEIGHT})"
                f" - (n_same + 0.5 * n_partial + {WEIGHT})) <= 1e-6",
                "(same + ½ partial) / (same + opposite + partial)",
            ),
            rows_satisfy(
                "joint_votes_were_cast",
                "n_same + n_opposite + n_partial <= n_voted AND n_voted <= n_roll_calls",
                "a part of the whole",
            ),
            rows_satisfy(
                "official_is_what_the_reports_describe",
                "(formula_status = 'official') = (formula = 'yes_no_only'"
                " AND session BETWEEN 38 AND 71)",
                "the reports for 1983 to 2016",
            ),
            rows_satisfy(
                "consensus_only_where_it_was_counted",
                "(consensus_weight IS NULL OR consensus = 'with')"
                " AND (coincidence_share IS NULL OR consensus = 'without'"
                " OR n_consensus IS NOT NULL)",
                "no agreement is made up",
            ),
            rows_satisfy("the_united_states_are_not_compared", "ccode <> 2", "with themselves"),
        ),
        rules=(
            SqlRule(
                "every_state_has_its_eight_rows",
                f"SELECT ccode, session, count(*) AS n FROM {TABLE} GROUP BY ccode, session"
                " HAVING count(*) <> 8",
                "2 formulas × 2 vote classes × with and without consensus",
                (TABLE,),
            ),
            SqlRule(
                "every_voter_has_a_row",
                "SELECT DISTINCT v.ccode, v.session FROM core.votes v"
                " WHERE v.choice IN ('yes', 'abstain', 'no') AND v.ccode <> 2 AND NOT EXISTS"
                f" (SELECT 1 FROM {TABLE} c WHERE c.ccode = v.ccode AND c.session = v.session)",
                "a state that voted and has no row is dropped in silence",
                (TABLE, "core.votes"),
            ),
        ),
    ),
)
