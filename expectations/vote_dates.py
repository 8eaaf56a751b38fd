"""Rules on the dates of roll calls, shared by several suites.

This module has no suite of its own.
"""

from expectations.suite import rows_satisfy

NO_DATE_BEFORE_SESSION_58 = rows_satisfy(
    "no_vote_date_before_session_58",
    "session >= 58 OR vote_date IS NULL",
    "in sessions 1-57 the day of the file's date is the weekday: a vote_date there would be wrong"
    " by up to a month",
)
PRECISION_SAYS_WHETHER_THE_DAY_IS_KNOWN = rows_satisfy(
    "precision_says_whether_the_day_is_known",
    "(date_precision = 'day') = (vote_date IS NOT NULL)",
    "date_precision says when vote_date may be used",
)
