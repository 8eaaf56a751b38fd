"""Raw gate of the State System Membership List: columns, codes and dates."""

from expectations.raw_cells import COW_CODE, YEAR, raw_suite
from expectations.suite import columns_exactly, not_empty, row_count_between, rows_satisfy

COLUMNS = (
    *("stateabb", "ccode", "statenme", "styear", "stmonth", "stday"),
    *("endyear", "endmonth", "endday", "version"),
)
_MONTH = "^(?:[1-9]|1[0-2])$"
_DAY = "^[0-9]{1,2}$"

SPELLS = raw_suite(
    "raw.cow_states__spells",
    ("ccode", "styear", "stmonth", "stday"),
    columns_exactly(COLUMNS, "the list's columns, as its codebook names them"),
    row_count_between(10, 1_000, "some 240 spells since 1816; fewer in a simulated world"),
    *not_empty(*COLUMNS),
    rows_satisfy(
        "codes_and_dates_are_numbers",
        f"ccode ~ '{COW_CODE}' AND styear ~ '{YEAR}' AND endyear ~ '{YEAR}'"
        f" AND stmonth ~ '{_MONTH}' AND endmonth ~ '{_MONTH}'"
        f" AND stday ~ '{_DAY}' AND endday ~ '{_DAY}'",
        "membership begins and ends on a day",
    ),
    rows_satisfy(
        "abbreviations_have_three_capitals",
        "stateabb ~ '^[A-Z]{3}$'",
        "the abbreviation names the state in every report",
    ),
)

SUITES = (SPELLS,)
