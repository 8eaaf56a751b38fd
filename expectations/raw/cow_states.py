"""What the State System Membership List must look like before it is parsed."""

from expectations.suite import (
    Suite,
    columns_exactly,
    key_is_unique,
    not_empty,
    row_count_between,
    rows_satisfy,
)

COLUMNS = (
    *("stateabb", "ccode", "statenme", "styear", "stmonth", "stday"),
    *("endyear", "endmonth", "endday", "version"),
)

SPELLS = Suite(
    table="raw.cow_states__spells",
    key=("ccode", "styear", "stmonth", "stday"),
    expectations=(
        columns_exactly(COLUMNS, "the list's columns, as its codebook names them"),
        row_count_between(10, 1_000, "some 240 spells since 1816; fewer in a simulated world"),
        *not_empty(*COLUMNS),
        rows_satisfy(
            "codes_and_dates_are_numbers",
            "ccode ~ '^[0-9]{1,3}$' AND styear ~ '^(18|19|20)[0-9]{2}$'"
            " AND endyear ~ '^(18|19|20)[0-9]{2}$' AND stmonth ~ '^([1-9]|1[0-2])$'"
            " AND endmonth ~ '^([1-9]|1[0-2])$' AND stday ~ '^[0-9]{1,2}$'"
            " AND endday ~ '^[0-9]{1,2}$'",
            "membership begins and ends on a day",
        ),
        rows_satisfy(
            "abbreviations_have_three_capitals",
            "stateabb ~ '^[A-Z]{3}$'",
            "the abbreviation names the state in every report",
        ),
        key_is_unique(("ccode", "styear", "stmonth", "stday")),
    ),
)

SUITES = (SPELLS,)
