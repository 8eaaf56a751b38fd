"""Suite of `marts.state_session`: states by session."""

from expectations.suite import SqlRule, Suite, rows_satisfy

SUITES = (
    Suite(
        table="marts.state_session",
        expectations=(
            rows_satisfy(
                "votes_add_up",
                "n_voted = n_yes + n_abstain + n_no AND n_member = n_voted + n_absent + n_no_row"
                " AND n_member + n_seat_disputed <= n_roll_calls AND n_voted_final_only <= n_voted"
                " AND n_not_sovereign <= n_voted",
                "a member votes yes, abstains, votes no, is absent, or its row is missing",
            ),
            rows_satisfy(
                "no_votes_have_a_reason",
                "(n_voted = 0) = (null_reason IS NOT NULL)",
                "not a member and absent throughout are two things",
            ),
            rows_satisfy(
                "the_reason_fits_membership",
                "null_reason IS NULL OR ((null_reason = 'not_member') = NOT is_un_member"
                " AND (null_reason = 'seat_disputed') = (is_un_member AND n_member = 0)"
                " AND (null_reason = 'no_row') = (n_member > 0 AND n_member = n_no_row))",
                "absent, not a member, without a usable row and without a seat are four things",
            ),
            rows_satisfy(
                "membership_is_of_seats_and_disputed_seats",
                "is_un_member = (n_member + n_seat_disputed > 0)",
                "the UN counts a state whose seat is disputed",
            ),
            rows_satisfy(
                "year_follows_from_session", "year = session + 1945", "ties are those of that year"
            ),
        ),
        rules=(
            SqlRule(
                "all_votes_are_counted",
                "SELECT m.n AS n_here, c.n AS n_in_core"
                " FROM (SELECT sum(n_voted) AS n FROM marts.state_session) m,"
                " (SELECT count(*) AS n FROM core.votes JOIN core.roll_calls r USING (rcid)"
                " WHERE choice IN ('yes', 'abstain', 'no') AND r.duplicate_of IS NULL"
                " AND r.session IS NOT NULL) c WHERE m.n <> c.n",
                "the sum over states and sessions is the number of votes on ballots",
                ("marts.state_session", "core.votes", "core.roll_calls"),
            ),
        ),
    ),
)
