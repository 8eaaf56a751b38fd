"""Suites of `staging.stg_un_votes__*`: dates, flags and sessions of the vote file."""

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
            "important_votes_are_listed_from_session_38_on",
            "session >= 38 OR is_important_published IS NULL OR NOT is_important_published",
            "the State Department's list begins in 1983",
        ),
    ),
    rules=(
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
