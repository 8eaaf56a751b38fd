"""Suite of `core.vote_contradictions`: where a source and the list of UN members disagree."""

from expectations.suite import SqlRule, Suite, rows_satisfy

SUITES = (
    Suite(
        table="core.vote_contradictions",
        expectations=(
            rows_satisfy(
                "a_missing_row_has_no_published_choice",
                "(published_choice IS NULL) = (contradiction_kind = 'member_without_row')",
                "the kinds name what the source has",
            ),
            rows_satisfy(
                "only_unknown_votes_are_implied",
                "implied_choice IS NULL OR coalesce(choice = 'no_row', FALSE)",
                "a known vote needs no inference",
            ),
            rows_satisfy(
                "a_filled_cell_is_one_that_was_missing",
                "filled_from IS NULL OR contradiction_kind IN"
                " ('member_without_row', 'member_coded_not_member')",
                "the Library fills what the file lacks and overrules nothing",
            ),
            rows_satisfy(
                "no_vote_of_a_non_member",
                "contradiction_kind <> 'vote_outside_membership'",
                "known: Fiji's two votes of the month before its admission; others are misdated,"
                " miscoded, or the votes of a member that un_members.csv lacks",
                severity="warning",
            ),
        ),
        rules=(
            SqlRule(
                "every_unknown_vote_is_listed",
                "SELECT rcid, ccode FROM core.votes WHERE choice = 'no_row'"
                " EXCEPT SELECT rcid, ccode FROM core.vote_contradictions",
                "no missing cell goes unreported",
                ("core.vote_contradictions", "core.votes"),
            ),
            SqlRule(
                "the_choice_is_that_of_core_votes",
                "SELECT c.rcid, c.ccode, c.choice, v.choice AS choice_in_votes"
                " FROM core.vote_contradictions c LEFT JOIN core.votes v USING (rcid, ccode)"
                " WHERE c.choice IS DISTINCT FROM v.choice",
                "the two tables tell one story",
                ("core.vote_contradictions", "core.votes"),
            ),
        ),
    ),
)
