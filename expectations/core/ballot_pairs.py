"""Suite of `core.ballot_pairs`: roll calls that may be one ballot."""

from expectations.suite import SqlRule, Suite, rows_satisfy

SUITES = (
    Suite(
        table="core.ballot_pairs",
        expectations=(
            rows_satisfy(
                "the_lower_number_comes_first",
                "rcid1 < rcid2",
                "a pair is there once",
            ),
            rows_satisfy(
                "every_pair_is_decided",
                "decision <> 'undecided'",
                "two roll calls may be one ballot, and neither a rule nor the reviewed list says:"
                " look them up and add them to transforms/reference/ballots_reviewed.csv; until"
                " then they count as two",
                severity="warning",
            ),
            rows_satisfy(
                "the_decision_follows_from_the_evidence",
                "CASE evidence WHEN 'reviewed' THEN decision <> 'undecided'"
                " WHEN 'undecided' THEN decision = 'undecided'"
                " WHEN 'same_symbol_same_votes' THEN decision = 'one_ballot'"
                " WHEN 'listed_by_section' THEN decision = 'one_ballot'"
                " ELSE decision = 'kept_apart' END",
                "a rule decides one way only",
            ),
            rows_satisfy(
                "rules_that_join_need_every_vote",
                "evidence NOT IN ('same_symbol_same_votes', 'listed_by_section')"
                " OR n_votes_equal = n_votes_compared",
                "a rule may join only what no vote tells apart",
            ),
            rows_satisfy(
                "equal_votes_are_among_those_compared",
                "n_votes_equal <= n_votes_compared",
                "agreement is a share",
            ),
        ),
        rules=(
            SqlRule(
                "both_are_roll_calls",
                "SELECT rcid1, rcid2 FROM core.ballot_pairs p"
                " LEFT JOIN core.roll_calls a ON a.rcid = p.rcid1"
                " LEFT JOIN core.roll_calls b ON b.rcid = p.rcid2"
                " WHERE a.rcid IS NULL OR b.rcid IS NULL"
                " OR (p.decision = 'one_ballot') <> (a.ballot_id = b.ballot_id)",
                "the roll calls carry what was decided here",
                ("core.ballot_pairs", "core.roll_calls"),
            ),
        ),
    ),
)
