"""Suite of `metrics.voting_coincidence`: formulas, null reasons and official status."""

from expectations.suite import (
    Expectation,
    SqlRule,
    Suite,
    every_null_has_a_reason,
    rows_satisfy,
)

TABLE = "metrics.voting_coincidence"


def _formulas_hold(suffix: str) -> tuple[Expectation, ...]:
    """Both formulas, over all recorded votes or (`_final_only`) over final ones.

    Consensus adoptions are weighted by participation in all recorded votes, so the formulas of
    final votes are stated without them.
    """
    share, same, opposite, partial, n_voted, n_roll_calls = (
        f"{name}{suffix}"
        for name in ("coincidence_share", "n_same", "n_opposite", "n_partial", "n_voted",
                     "n_roll_calls")
    )  # fmt: skip
    weight = "0" if suffix else "coalesce(consensus_weight, 0)"
    applies = f"{share} IS NULL OR consensus = 'with'" if suffix else f"{share} IS NULL"
    return (
        rows_satisfy(
            f"the_official_formula_holds{suffix}",
            f"formula <> 'yes_no_only' OR {applies} OR abs({share}"
            f" * ({same} + {opposite} + {weight}) - ({same} + {weight})) <= 1e-6",
            "same / (same + opposite)",
        ),
        rows_satisfy(
            f"the_inferred_formula_holds{suffix}",
            f"formula <> 'with_abstentions' OR {applies}"
            f" OR abs({share} * ({same} + {opposite} + {partial} + {weight})"
            f" - ({same} + 0.5 * {partial} + {weight})) <= 1e-6",
            "(same + ½ partial) / (same + opposite + partial)",
        ),
        rows_satisfy(
            f"joint_votes_were_cast{suffix}",
            f"{same} + {opposite} + {partial} <= {n_voted} AND {n_voted} <= {n_roll_calls}",
            "a part of the whole",
        ),
    )


SUITES = (
    Suite(
        table=TABLE,
        expectations=(
            every_null_has_a_reason(
                "coincidence_share", why="readers need to know why a share is missing"
            ),
            rows_satisfy(
                "every_null_has_a_reason_final_only",
                "(coincidence_share_final_only IS NULL) = (null_reason_final_only IS NOT NULL)",
                "readers need to know why a share is missing",
            ),
            *(rule for suffix in ("", "_final_only") for rule in _formulas_hold(suffix)),
            rows_satisfy(
                "final_votes_are_a_part_of_all",
                "n_roll_calls_final_only <= n_roll_calls AND n_same_final_only <= n_same"
                " AND n_opposite_final_only <= n_opposite AND n_partial_final_only <= n_partial",
                "a part of the whole",
            ),
            rows_satisfy(
                "without_the_parts_there_is_no_share_of_all",
                "null_reason <> 'parts_not_in_source'"
                " OR (vote_class = 'all' AND session >= 52 AND n_roll_calls ="
                " n_roll_calls_final_only)",
                "the figure of final votes alone does not pass for that of all recorded votes",
            ),
            rows_satisfy(
                "official_is_what_the_reports_describe",
                "(formula_status = 'official') = (formula = 'yes_no_only'"
                " AND session BETWEEN 38 AND 71)"
                " AND is_official_formula = (formula_status = 'official')",
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
