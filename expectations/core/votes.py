"""Suite of `core.votes`: references, identities, sovereignty, no duplicates."""

from expectations.absent_states import SESSION_OFFSET, every_state_of_the_system_has_rows
from expectations.suite import SqlRule, Suite, row_count_between, rows_satisfy

MOST_VOTES_OUTSIDE_THE_SYSTEM = 80
_CAST = "choice IN ('yes', 'abstain', 'no')"
_FIRST = "coalesce(r.vote_date, r.vote_month)"
_LAST = "coalesce(r.vote_date, last_day(r.vote_month))"
_ENDS = "coalesce(m.valid_to, DATE '9999-12-31')"

SUITES = (
    Suite(
        table="core.votes",
        expectations=(
            row_count_between(1_000, 5_000_000, "a row for every state and roll call"),
            rows_satisfy(
                "non_sovereign_votes_have_a_reason",
                "is_sovereign = (sovereignty_reason IS NULL)",
                "readers filter on is_sovereign and need to know why",
            ),
            rows_satisfy(
                "zanzibar_has_no_votes",
                "ccode <> 511",
                "its two votes of 1963 are left out (Bailey, Strezhnev and Voeten)",
            ),
            rows_satisfy(
                "south_africa_has_no_vote_in_session_48",
                f"NOT (ccode = 560 AND session = 48 AND {_CAST})",
                "one vote after eighteen sessions of absence would stand for the whole session",
            ),
        ),
        rules=(
            every_state_of_the_system_has_rows("core.votes", year=f"session + {SESSION_OFFSET}"),
            SqlRule(
                "every_vote_has_its_roll_call",
                "SELECT DISTINCT v.rcid, v.session FROM core.votes v"
                " LEFT JOIN core.roll_calls r USING (rcid)"
                " WHERE r.rcid IS NULL OR r.session <> v.session OR r.source <> v.source",
                "a vote without its roll call has no date",
                ("core.votes", "core.roll_calls"),
            ),
            SqlRule(
                "every_voter_is_a_state",
                "SELECT DISTINCT v.ccode FROM core.votes v ANTI JOIN core.states s USING (ccode)",
                "votes of what is no state in the COW system belong to the lost rows",
                ("core.votes", "core.states"),
            ),
            SqlRule(
                "sovereign_voters_are_in_the_system",
                "WITH cast_votes AS (SELECT DISTINCT v.ccode, r.vote_month, r.vote_date"
                " FROM core.votes v JOIN core.roll_calls r USING (rcid)"
                f" WHERE v.is_sovereign AND {_CAST})"
                " SELECT c.ccode, c.vote_month FROM cast_votes c WHERE NOT EXISTS ("
                " SELECT 1 FROM core.states s WHERE s.ccode = c.ccode"
                " AND s.valid_from <= coalesce(c.vote_date, last_day(c.vote_month))"
                " AND s.counts_to >= coalesce(c.vote_date, c.vote_month))",
                "a vote counts for a state only while the state exists",
                ("core.votes", "core.roll_calls", "core.states"),
            ),
            SqlRule(
                "few_votes_outside_the_system",
                "SELECT ccode, count(*) AS n_votes FROM core.votes"
                " WHERE sovereignty_reason IN"
                " ('un_member_before_cow_entry', 'un_member_after_cow_exit')"
                f" AND {_CAST} GROUP BY ccode HAVING count(*) > {MOST_VOTES_OUTSIDE_THE_SYSTEM}",
                "some states joined the UN shortly before they count as members of the system;"
                " more votes than these mean a wrong identity",
                ("core.votes",),
            ),
            SqlRule(
                "both_chinas_only_in_session_26",
                "SELECT session, count(DISTINCT ccode) AS n_chinas FROM core.votes"
                f" WHERE ccode IN (710, 713) AND {_CAST} GROUP BY session"
                " HAVING count(DISTINCT ccode) = 2 AND session <> 26",
                "the seat changed hands in October 1971; before and after one China votes",
                ("core.votes",),
            ),
            SqlRule(
                "every_vote_of_the_file_is_kept",
                "SELECT s.rcid, s.ccode_source, s.vote_code FROM staging.stg_un_votes__votes s"
                f" ANTI JOIN (SELECT * FROM core.votes WHERE {_CAST}) v"
                " USING (rcid, ccode_source)"
                " ANTI JOIN core.vote_contradictions c ON c.rcid = s.rcid"
                " AND c.ccode = s.ccode_source AND c.contradiction_kind = 'vote_outside_membership'"
                " WHERE s.vote_code IN (1, 2, 3) AND s.ccode_source <> 511"
                " AND NOT (s.ccode_source = 560 AND s.session = 48)",
                "no vote that was cast may be lost; Zanzibar's two and South Africa's one of"
                " session 48 are left out on purpose, and votes of a state that was no member"
                " are listed in core.vote_contradictions",
                ("core.votes", "core.vote_contradictions", "staging.stg_un_votes__votes"),
            ),
            SqlRule(
                "every_member_has_a_row",
                "SELECT r.rcid, m.ccode FROM core.roll_calls r JOIN core.un_members m"
                f" ON m.valid_from <= {_FIRST} AND {_ENDS} >= {_LAST}"
                " SEMI JOIN (SELECT DISTINCT source, ccode FROM core.votes) l"
                " ON l.source = r.source AND l.ccode = m.ccode"
                " ANTI JOIN core.votes v ON v.rcid = r.rcid AND v.ccode = m.ccode"
                " WHERE NOT (m.ccode = 560 AND coalesce(r.session, 0) = 48)",
                "the absence of a row is never a value: what a source lacks is no_row",
                ("core.votes", "core.roll_calls", "core.un_members"),
            ),
            SqlRule(
                "choices_agree_with_the_list_of_members",
                "WITH cells AS (SELECT v.rcid, v.ccode, v.choice,"
                " coalesce(bool_or(m.membership_status <> 'seat_disputed'), FALSE) AS could_vote,"
                " count(m.ccode) > 0 AS counts_as_member FROM core.votes v"
                " JOIN core.roll_calls r USING (rcid) LEFT JOIN core.un_members m"
                f" ON m.ccode = v.ccode AND m.valid_from <= {_LAST} AND {_ENDS} >= {_FIRST}"
                " GROUP BY v.rcid, v.ccode, v.choice)"
                " SELECT rcid, ccode, choice FROM cells"
                " WHERE NOT counts_as_member AND choice <> 'not_member'"
                " OR NOT could_vote AND choice IN ('absent', 'no_row')",
                "the dated list decides who was a member, codes do not",
                ("core.votes", "core.roll_calls", "core.un_members"),
            ),
            SqlRule(
                "no_vote_of_the_file_is_doubled",
                "SELECT rcid, ccode_source, count(*) AS n_rows FROM core.votes"
                " WHERE source = 'un_votes' AND ccode_source IS NOT NULL"
                " GROUP BY rcid, ccode_source HAVING count(*) > 1",
                "a vote counts for one state",
                ("core.votes",),
            ),
        ),
    ),
)
