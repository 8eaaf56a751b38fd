"""Suites of `staging.stg_un_votes__*`: dates, flags and sessions of the vote file."""

from expectations.cross_checks import NAMES_AND_CODES_AGREE_ACROSS_SOURCES, pairs_are_of_one_state
from expectations.suite import SqlRule, Suite, row_count_between, rows_satisfy
from expectations.vote_dates import (
    NO_DATE_BEFORE_SESSION_58,
    PRECISION_SAYS_WHETHER_THE_DAY_IS_KNOWN,
)

VOTES = Suite(
    table="staging.stg_un_votes__votes",
    expectations=(
        row_count_between(1_000, 5_000_000, "no row of the file is lost or added in staging"),
        rows_satisfy(
            "session_is_plausible",
            "session BETWEEN 1 AND 120",
            "session + 1945 is the year that everything is grouped by",
        ),
    ),
    rules=(
        pairs_are_of_one_state("staging.stg_un_votes__votes", "ccode_source", "country_code"),
        NAMES_AND_CODES_AGREE_ACROSS_SOURCES,
        SqlRule(
            "yes_is_the_usual_vote",
            "SELECT session, count(*) FILTER (vote_code = 1) AS n_yes,"
            " count(*) FILTER (vote_code = 3) AS n_no FROM staging.stg_un_votes__votes"
            " GROUP BY session HAVING count(DISTINCT rcid) >= 5"
            " AND count(*) FILTER (vote_code = 3) >= count(*) FILTER (vote_code = 1)",
            "most of what is voted on is adopted, in every session of five roll calls or more:"
            " the codes of yes and no are exchanged",
            ("staging.stg_un_votes__votes",),
        ),
        SqlRule(
            "a_state_has_one_code_in_the_file",
            "SELECT ccode_source, count(DISTINCT country_code) AS n_codes"
            " FROM staging.stg_un_votes__votes GROUP BY ccode_source"
            " HAVING count(DISTINCT country_code) > 1",
            "rows of one state stand under the code of another",
            ("staging.stg_un_votes__votes",),
        ),
        SqlRule(
            "every_vote_has_its_roll_call",
            "SELECT DISTINCT v.rcid, v.session FROM staging.stg_un_votes__votes v"
            " LEFT JOIN staging.stg_un_votes__roll_calls r USING (rcid)"
            " WHERE r.rcid IS NULL OR r.session <> v.session",
            "a vote without its roll call has no date, and one with another session is counted"
            " in the wrong year",
            ("staging.stg_un_votes__votes", "staging.stg_un_votes__roll_calls"),
        ),
        SqlRule(
            "every_roll_call_lists_the_same_states",
            "SELECT rcid, count(*) AS n_states FROM staging.stg_un_votes__votes GROUP BY rcid"
            " HAVING count(*) < (SELECT count(DISTINCT ccode_source)"
            " FROM staging.stg_un_votes__votes) / 2",
            "the file lists every state for every roll call, members or not; a short list means"
            " that absences and missing rows can no longer be distinguished",
            ("staging.stg_un_votes__votes",),
            severity="warning",
        ),
    ),
)

ROLL_CALLS = Suite(
    table="staging.stg_un_votes__roll_calls",
    expectations=(
        row_count_between(75, 50_000, "at least a roll call in every session of 75"),
        NO_DATE_BEFORE_SESSION_58,
        rows_satisfy(
            "vote_date_from_session_58_on",
            "session < 58 OR vote_date IS NOT NULL",
            "from session 58 on the day is known, and rules of succession need it",
            severity="warning",
        ),
        PRECISION_SAYS_WHETHER_THE_DAY_IS_KNOWN,
        rows_satisfy(
            "vote_month_is_a_first_of_month",
            "extract(day FROM vote_month) = 1 AND (vote_date IS NULL OR"
            " (extract(year FROM vote_date) = extract(year FROM vote_month)"
            " AND extract(month FROM vote_date) = extract(month FROM vote_month)))",
            "the month is compared as a date",
        ),
        rows_satisfy(
            "month_lies_in_its_session",
            "extract(year FROM vote_month) BETWEEN session + 1945 AND session + 1947",
            "a session runs from September of session + 1945 into the next year",
            severity="warning",
        ),
        rows_satisfy(
            "months_are_near_their_session",
            "abs(extract(year FROM vote_month) - session - 1945) <= 3",
            "a wrong date moves votes to another state of the system, or into the future",
        ),
        rows_satisfy(
            "important_votes_are_listed_from_session_38_on",
            "session >= 38 OR is_important_published IS NULL OR NOT is_important_published",
            "the State Department's list begins in 1983",
        ),
    ),
    rules=(
        SqlRule(
            "important_votes_are_few",
            "SELECT session, count(*) FILTER (is_important_published) AS n_important"
            " FROM staging.stg_un_votes__roll_calls GROUP BY session"
            " HAVING count(*) FILTER (is_important_published) > greatest(15, 0.5 * count(*))",
            "the State Department lists a dozen votes a session, a third of them at most (session"
            " 50): with all of them important, importance says nothing",
            ("staging.stg_un_votes__roll_calls",),
        ),
        SqlRule(
            "every_listed_session_has_important_votes",
            "SELECT session, count(is_important_published) AS n_known"
            " FROM staging.stg_un_votes__roll_calls WHERE session >= 38 GROUP BY session"
            " HAVING count(is_important_published) >= 10"
            " AND count(*) FILTER (is_important_published) = 0",
            "every session of the list has six or more; without them none was marked yet",
            ("staging.stg_un_votes__roll_calls",),
        ),
        SqlRule(
            "totals_contradict_few_votes",
            "WITH counted AS (SELECT rcid, count(*) FILTER (vote_code = 1) AS n_yes,"
            " count(*) FILTER (vote_code = 3) AS n_no"
            " FROM staging.stg_un_votes__votes GROUP BY rcid),"
            " compared AS (SELECT count(*) AS n_roll_calls, count(*) FILTER ("
            " n_yes <> n_yes_published OR n_no <> n_no_published) AS n_wrong"
            " FROM counted JOIN staging.stg_un_votes__roll_calls USING (rcid)"
            " WHERE n_yes_published IS NOT NULL AND n_no_published IS NOT NULL)"
            " SELECT n_wrong, n_roll_calls FROM compared WHERE n_wrong > 0.2 * n_roll_calls",
            "totals and votes of a roll call are two statements of one fact; known: one in twenty"
            " is off by one or two",
            ("staging.stg_un_votes__roll_calls", "staging.stg_un_votes__votes"),
        ),
        SqlRule(
            "sessions_have_the_roll_calls_that_ideal_points_rest_on",
            "WITH here AS (SELECT session, count(*) AS n_roll_calls"
            " FROM staging.stg_un_votes__roll_calls GROUP BY session),"
            " there AS (SELECT year - 1945 AS session, max(n_votes_published) AS n_votes"
            " FROM staging.stg_un_ideal_points__state_years GROUP BY year),"
            " shares AS (SELECT session, n_roll_calls, n_votes, n_roll_calls / n_votes AS share"
            " FROM here JOIN there USING (session) WHERE n_votes >= 20)"
            " SELECT session, n_roll_calls, n_votes FROM shares WHERE share < 0.6"
            " AND session < (SELECT max(session) FROM shares WHERE share >= 0.8)",
            "a part of the session is missing; known: 85 % of those of session 34, more elsewhere."
            " The newest sessions of a release may be in progress",
            (
                "staging.stg_un_votes__roll_calls",
                "staging.stg_un_ideal_points__state_years",
            ),
        ),
        SqlRule(
            "year_is_given_everywhere_or_nowhere",
            "SELECT rcid, session FROM staging.stg_un_votes__roll_calls"
            " WHERE year_published IS NULL AND EXISTS (SELECT 1"
            " FROM staging.stg_un_votes__roll_calls WHERE year_published IS NOT NULL)",
            "some releases have no such column; a gap in it is another thing",
            ("staging.stg_un_votes__roll_calls",),
        ),
        SqlRule(
            "sessions_follow_each_other",
            "SELECT s AS session FROM range(1, (SELECT max(session) + 1"
            " FROM staging.stg_un_votes__roll_calls)) t(s)"
            " WHERE s NOT IN (SELECT session FROM staging.stg_un_votes__roll_calls)",
            "a session without roll calls means that a part of the file is missing",
            ("staging.stg_un_votes__roll_calls",),
        ),
        SqlRule(
            "important_votes_per_session",
            "SELECT session, count(*) AS n_important FROM staging.stg_un_votes__roll_calls"
            " WHERE is_important_published GROUP BY session HAVING count(*) > 20",
            "other sessions have 6 to 17 important votes; known: session 50 has 28 and is left"
            " out of headlines",
            ("staging.stg_un_votes__roll_calls",),
            severity="warning",
        ),
    ),
)

SUITES = (VOTES, ROLL_CALLS)
