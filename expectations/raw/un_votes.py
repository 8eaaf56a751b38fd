"""Raw gate of the vote file by Voeten, Strezhnev and Bailey: votes and roll calls.

The file has one row per roll call and state. Its roll-call columns repeat on every row and are
read into a table of their own, where a roll call that contradicts itself has two rows.
"""

from expectations.raw_cells import (
    COW_CODE,
    MISSING_OF,
    cells_match,
    number_or_mark,
    raw_suite,
)
from expectations.suite import columns_exactly, not_empty, one_of, row_count_between, rows_satisfy

FLAG = ("0", "1")
FLAG_OR_NA = (*FLAG, *MISSING_OF["un_votes"])
_TOTAL = number_or_mark("un_votes", "[0-9]{1,3}")
_SPLIT = "the file's columns in its order; a new or missing one changes what the others mean"
_FLAG_WHY = "a third value would silently read as true or false"

VOTES = raw_suite(
    "raw.un_votes__votes",
    ("rcid", "ccode"),
    columns_exactly(
        ["rcid", "session", "ccode", "vote", "member", "Country", "Countryname"], _SPLIT
    ),
    row_count_between(1_000, 5_000_000, "the file has a row for every state and roll call"),
    *not_empty("rcid", "session", "ccode", "vote"),
    one_of(
        "vote",
        ("1", "2", "3", "8", "9"),
        "yes, abstain, no, absent, not a member: any other code has no meaning",
    ),
    one_of("member", FLAG_OR_NA, _FLAG_WHY),
    rows_satisfy(
        "keys_are_whole_numbers",
        f"rcid ~ '^[0-9]+$' AND session ~ '^[0-9]{{1,3}}$' AND ccode ~ '{COW_CODE}'",
        "roll call, session and state are numbers",
    ),
)

ROLL_CALLS = raw_suite(
    "raw.un_votes__roll_calls",
    ("rcid",),
    columns_exactly(
        [
            *("rcid", "session", "year", "resid", "yes", "abstain", "no", "date"),
            *("unres", "short", "descr", "amend", "para", "importantvote"),
            *("me", "nu", "di", "hr", "co", "ec", "ident"),
        ],
        _SPLIT,
    ),
    row_count_between(75, 50_000, "at least a roll call in every session of 75"),
    *not_empty("rcid", "session", "date", "yes", "abstain", "no"),
    cells_match(
        "date",
        r"^(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$",
        "year and month of the vote are read from it",
    ),
    rows_satisfy(
        "totals_are_whole_numbers_or_na",
        " AND ".join(f"{total} ~ '{_TOTAL}'" for total in ("yes", "abstain", "no")),
        "totals are counts of states",
    ),
    rows_satisfy(
        "totals_are_given",
        " AND ".join(f"{total} ~ '^[0-9]'" for total in ("yes", "abstain", "no")),
        "known: from session 52 on some totals are NA; votes are counted instead",
        severity="info",
    ),
    *(one_of(c, FLAG_OR_NA, _FLAG_WHY) for c in ("amend", "para", "importantvote", "ident")),
    *(one_of(c, FLAG_OR_NA, _FLAG_WHY) for c in ("me", "nu", "di", "hr", "co", "ec")),
    rows_satisfy(
        "day_is_the_weekday_before_session_52",
        "cast(session AS INTEGER) > 51 OR substr(date, 9, 2) <= '07'",
        "in sessions 1-51 the day of date has always been the weekday (1 = Sunday); other days"
        " mean that the publisher has corrected them and more dates could be used",
        severity="warning",
    ),
)

SUITES = (VOTES, ROLL_CALLS)
