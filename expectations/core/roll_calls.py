"""Suite of `core.roll_calls`: dates, importance, vote sets and totals."""

from expectations.suite import SqlRule, Suite, row_count_between, rows_satisfy
from expectations.vote_dates import (
    NO_DATE_BEFORE_SESSION_58,
    PRECISION_SAYS_WHETHER_THE_DAY_IS_KNOWN,
)

SUITES = (
    Suite(
        table="core.roll_calls",
        expectations=(
            row_count_between(75, 50_000, "at least a roll call in every session of 75"),
            NO_DATE_BEFORE_SESSION_58,
            PRECISION_SAYS_WHETHER_THE_DAY_IS_KNOWN,
            rows_satisfy(
                "year_is_that_of_the_month",
                "year = extract(year FROM vote_month) AND extract(day FROM vote_month) = 1",
                "year of the vote and session are two things, and both are used",
            ),
            rows_satisfy(
                "importance_is_null_only_where_nobody_coded_it",
                "(is_important IS NULL) = (importance_basis IN ('not_coded', 'out_of_coverage'))",
                "a missing flag is not a no",
            ),
            rows_satisfy(
                "session_50_is_marked_as_suspect",
                "(importance_basis = 'coded_suspect') = (coalesce(session, 0) = 50"
                " AND source = 'un_votes' AND importance_basis <> 'out_of_coverage')",
                "it lists 28 important votes, 17 ballots, one of them on small territories that no"
                " report is known to name; headlines leave it out",
            ),
            rows_satisfy(
                "final_only_leaves_out_flagged_votes_since_1990",
                "in_final_only_as_listed = NOT (year >= 1990 AND (coalesce(is_paragraph, FALSE)"
                " OR coalesce(is_amendment, FALSE)))"
                " AND in_final_only = (in_final_only_as_listed AND duplicate_of IS NULL)",
                "the primary vote set everywhere (Bailey, Strezhnev and Voeten 2017)",
            ),
            rows_satisfy(
                "final_strict_leaves_out_flagged_votes",
                "in_final_strict = (duplicate_of IS NULL AND NOT (coalesce(is_paragraph, FALSE)"
                " OR coalesce(is_amendment, FALSE)))",
                "NULL means not flagged",
            ),
            rows_satisfy(
                "all_recorded_has_every_ballot",
                "in_all_recorded = (duplicate_of IS NULL)",
                "a ballot counts once in every vote set",
            ),
            rows_satisfy(
                "a_duplicate_names_its_ballot",
                "ballot_id = coalesce(duplicate_of, rcid) AND (duplicate_of IS NULL OR"
                " (duplicate_of <> rcid AND coalesce(duplicate_evidence, '') IN"
                " ('same_symbol_same_votes', 'listed_by_section', 'reviewed')))",
                "what is not counted says why, and where it is counted",
            ),
            rows_satisfy(
                "only_emergency_sessions_are_outside_the_regular_ones",
                "session IS NOT NULL OR (emergency_session IS NOT NULL AND source = 'undl_votes')",
                "measures by session leave out what has no session",
            ),
            rows_satisfy(
                "a_roll_call_has_votes",
                "n_yes + n_abstain + n_no > 0",
                "a roll call without votes has lost them on the way",
            ),
            rows_satisfy(
                "unanimous_means_one_choice",
                "is_unanimous = (greatest(n_yes, n_abstain, n_no) = n_yes + n_abstain + n_no)",
                "unanimous roll calls are left out of similarity",
            ),
            rows_satisfy(
                "published_totals_equal_counted_votes",
                "n_yes = n_yes_published AND n_abstain = n_abstain_published"
                " AND n_no = n_no_published",
                "known: a few hundred of the file's totals are off by one; votes are counted here",
                severity="warning",
            ),
            rows_satisfy(
                "published_totals_are_close",
                "abs(n_yes - n_yes_published) <= 10 AND abs(n_abstain - n_abstain_published) <= 10"
                " AND abs(n_no - n_no_published) <= 10",
                "totals that are far off belong to another roll call: rows have been mixed up",
            ),
            rows_satisfy(
                "library_roll_calls_have_their_own_numbers",
                "(source = 'undl_votes') = (rcid >= 10000000)",
                "rcid must say where a roll call comes from and never collide",
            ),
        ),
        rules=(
            SqlRule(
                "importance_is_known_in_the_sessions_that_the_file_flags",
                "WITH flagged AS (SELECT min(session) FILTER (is_important_published) AS first,"
                " max(session) FILTER (is_important_published IS NOT NULL) AS last"
                " FROM staging.stg_un_votes__roll_calls)"
                " SELECT r.session, r.source, count(*) AS n FROM core.roll_calls r, flagged f"
                " WHERE (r.importance_basis <> 'out_of_coverage') <> (r.source = 'un_votes'"
                " AND coalesce(r.session BETWEEN f.first AND f.last, FALSE))"
                " GROUP BY r.session, r.source",
                "the State Department's list begins in session 38 and the file's flag ends before"
                " the file: outside, a missing flag says nothing",
                ("core.roll_calls", "staging.stg_un_votes__roll_calls"),
            ),
            SqlRule(
                "a_duplicate_is_of_a_ballot",
                "SELECT d.rcid, d.duplicate_of FROM core.roll_calls d"
                " LEFT JOIN core.roll_calls b ON b.rcid = d.duplicate_of"
                " WHERE d.duplicate_of IS NOT NULL AND (b.rcid IS NULL"
                " OR b.duplicate_of IS NOT NULL)",
                "the roll call that stands for a ballot is there, and counts",
                ("core.roll_calls",),
            ),
            SqlRule(
                "totals_are_those_of_the_votes",
                "WITH counted AS (SELECT rcid, count(*) FILTER (choice = 'yes') AS n_yes,"
                " count(*) FILTER (choice = 'abstain') AS n_abstain,"
                " count(*) FILTER (choice = 'no') AS n_no FROM core.votes GROUP BY rcid)"
                " SELECT r.rcid, r.n_yes, c.n_yes AS n_yes_counted, r.n_no,"
                " c.n_no AS n_no_counted FROM core.roll_calls r LEFT JOIN counted c USING (rcid)"
                " WHERE c.rcid IS NULL OR r.n_yes <> c.n_yes OR r.n_abstain <> c.n_abstain"
                " OR r.n_no <> c.n_no",
                "the totals of a roll call are counted in core.votes",
                ("core.roll_calls", "core.votes"),
            ),
            SqlRule(
                "every_roll_call_of_the_file_is_here",
                "SELECT rcid FROM staging.stg_un_votes__roll_calls"
                " ANTI JOIN core.roll_calls USING (rcid)",
                "no roll call is filtered out; vote sets are flags",
                ("core.roll_calls", "staging.stg_un_votes__roll_calls"),
            ),
        ),
    ),
)
