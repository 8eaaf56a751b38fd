"""Suite of `core.vote_source_matches`: UN Library resolutions and roll calls."""

from expectations.suite import SqlRule, Suite, expect, rows_satisfy

SUITES = (
    Suite(
        table="core.vote_source_matches",
        expectations=(
            rows_satisfy(
                "a_match_names_its_roll_call_and_rule",
                "NOT is_matched OR (rcid IS NOT NULL AND match_rule IS NOT NULL"
                " AND unmatched_reason IS NULL)",
                "readers can look a match up",
            ),
            rows_satisfy(
                "unmatched_resolutions_have_a_reason",
                "is_matched = (unmatched_reason IS NULL)",
                "nothing is left out in silence",
            ),
            rows_satisfy(
                "extending_resolutions_are_lacking_and_have_their_own_rcid",
                "extends_un_votes = coalesce(unmatched_reason IN ('newer_than_un_votes',"
                " 'lacking_in_un_votes'), FALSE)"
                " AND (NOT extends_un_votes OR rcid = 10000000 + undl_id)",
                "numbers of the two sources never collide",
            ),
            rows_satisfy(
                "a_repeated_record_is_no_roll_call",
                "(repeats_undl_id IS NOT NULL) ="
                " coalesce(unmatched_reason = 'record_repeated', FALSE)",
                "one ballot is one roll call, in the vote file's years and after them",
            ),
            rows_satisfy(
                "matches_by_votes_have_every_vote_the_same",
                "coalesce(match_rule, '') NOT IN ('letter_differs', 'same_votes')"
                " OR n_votes_equal = n_votes_compared",
                "where the symbol does not say, every vote has to",
            ),
            rows_satisfy(
                "equal_votes_are_among_those_compared",
                "n_votes_equal <= n_votes_compared",
                "agreement is a share",
            ),
            expect(
                "ColumnValuesToBeUnique",
                "a roll call is one resolution of the Library, not two",
                column="rcid",
            ),
            rows_satisfy(
                "matched_votes_mostly_agree",
                "NOT is_matched OR n_votes_compared = 0 OR n_votes_equal >= 0.9 * n_votes_compared",
                "a match whose votes differ is probably another roll call on the same resolution",
                severity="warning",
            ),
        ),
        rules=(
            SqlRule(
                "each_state_votes_alike_in_both_sources",
                "WITH compared AS (SELECT u.country_code, CASE u.vote_code WHEN 1 THEN 'Y'"
                " WHEN 2 THEN 'A' ELSE 'N' END = l.vote_letter AS is_alike"
                " FROM core.vote_source_matches m"
                " JOIN staging.stg_un_votes__votes u ON u.rcid = m.rcid"
                " JOIN staging.stg_undl_votes__votes l ON l.undl_id = m.undl_id"
                " AND l.member_code = u.country_code"
                " WHERE m.is_matched AND u.vote_code IN (1, 2, 3)"
                " AND l.vote_letter IN ('Y', 'A', 'N'))"
                " SELECT country_code, count(*) AS n_votes, avg(is_alike::INTEGER) AS share"
                " FROM compared GROUP BY country_code"
                " HAVING count(*) >= 10 AND avg(is_alike::INTEGER) < 0.9",
                "both publish the same votes, and all but a handful agree: a state that votes"
                " otherwise is another state in one of the two",
                (
                    "core.vote_source_matches",
                    "staging.stg_un_votes__votes",
                    "staging.stg_undl_votes__votes",
                ),
            ),
            SqlRule(
                "matched_roll_calls_exist",
                "SELECT m.undl_id, m.rcid FROM core.vote_source_matches m"
                " ANTI JOIN core.roll_calls r USING (rcid) WHERE m.rcid IS NOT NULL",
                "a match leads to a roll call",
                ("core.vote_source_matches", "core.roll_calls"),
            ),
        ),
    ),
)
