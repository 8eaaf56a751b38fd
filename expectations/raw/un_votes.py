"""What the vote file by Voeten, Strezhnev and Bailey must look like before it is parsed.

The file has one row per roll call and state. Its roll-call columns repeat on every row; they
are read into a table of their own, where a roll call that contradicts itself has two rows.
"""

from expectations.suite import (
    Suite,
    columns_exactly,
    expect,
    key_is_unique,
    not_empty,
    one_of,
    row_count_between,
    rows_satisfy,
)

FLAG = ("0", "1")
FLAG_OR_NA = (*FLAG, "NA")
_SPLIT = "the file's columns in its order; a new or missing one changes what the others mean"
_FLAG_WHY = "a third value would silently read as true or false"

VOTES = Suite(
    table="raw.un_votes__votes",
    key=("rcid", "ccode"),
    expectations=(
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
            "rcid ~ '^[0-9]+$' AND session ~ '^[0-9]{1,3}$' AND ccode ~ '^[0-9]{1,3}$'",
            "roll call, session and state are numbers",
        ),
        key_is_unique(("rcid", "ccode")),
    ),
)

ROLL_CALLS = Suite(
    table="raw.un_votes__roll_calls",
    key=("rcid",),
    expectations=(
        columns_exactly(
            [
                *("rcid", "session", "year", "resid", "yes", "abstain", "no", "date"),
                *("unres", "short", "descr", "amend", "para", "importantvote"),
                *("me", "nu", "di", "hr", "co", "ec", "ident"),
            ],
            _SPLIT,
        ),
        row_count_between(75, 50_000, "at least a roll call in every session of 75"),
        *not_empty("rcid", "session", "year", "date", "yes", "abstain", "no"),
        expect(
            "ColumnValuesToMatchRegex",
            "year and month of the vote are read from it",
            column="date",
            regex=r"^(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$",
        ),
        rows_satisfy(
            "totals_are_whole_numbers_or_na",
            " AND ".join(f"{total} ~ '^(NA|[0-9]{{1,3}})$'" for total in ("yes", "abstain", "no")),
            "totals are counts of states",
        ),
        rows_satisfy(
            "totals_are_given",
            "yes <> 'NA' AND abstain <> 'NA' AND no <> 'NA'",
            "known: from session 52 on some totals are NA; votes are counted instead",
            severity="info",
        ),
        *(one_of(c, FLAG_OR_NA, _FLAG_WHY) for c in ("amend", "para", "importantvote", "ident")),
        *(one_of(c, FLAG_OR_NA, _FLAG_WHY) for c in ("me", "nu", "di", "hr", "co", "ec")),
        key_is_unique(("rcid",)),
        rows_satisfy(
            "day_is_the_weekday_before_session_52",
            "cast(session AS INTEGER) > 51 OR substr(date, 9, 2) <= '07'",
            "in sessions 1-51 the day of date has always been the weekday (1 = Sunday); other days"
            " mean that the publisher has corrected them and more dates could be used",
            severity="warning",
        ),
    ),
)

SUITES = (VOTES, ROLL_CALLS)
